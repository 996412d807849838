/** The least application with a `PeerModule`: tells when it listens. `with-peers.mjs <database>` */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { PeerModule } from 'nestjs-neo-peer';

const application = await NestFactory.createApplicationContext(
  PeerModule.forRoot({
    network: 'legacy-privnet',
    listen: { host: '127.0.0.1', port: 0 },
    persistence: { dataSource: { type: 'sqlite', database: process.argv[2] } },
  }),
  { logger: ['error', 'warn'] },
);
process.send('listening', () => process.exit(application === undefined ? 1 : 0));
