/** The same with nothing but `TypeOrmModule` and a server of node:net. `with-typeorm.mjs <database>` */
import 'reflect-metadata';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';

const application = await NestFactory.createApplicationContext(
  TypeOrmModule.forRoot({ type: 'sqlite', database: process.argv[2] }),
  { logger: ['error', 'warn'] },
);
const server = createServer();
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send('listening', () => process.exit(application.get(getDataSourceToken()).isInitialized ? 0 : 1));
