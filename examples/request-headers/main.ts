/**
 * The shortest whole use of the library: dial a node, ask it for the headers after genesis, and have a handler of our
 * own be told of them.
 *
 *     node examples/dist/request-headers/main.js 127.0.0.1:20333
 */
import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  type Address,
  HeaderHandler,
  LocalConfig,
  type Peer,
  PeerFactory,
  PeerModule,
  PeerStatistics,
  type PayloadOf,
  UInt256,
} from 'nestjs-neo-peer';

@Injectable()
class PrintingHeaderHandler extends HeaderHandler {
  handle(peer: Peer, { headers }: PayloadOf<'headers'>): void {
    console.log(
      `handler: ${headers.length} headers from ${peer.remoteAddress.host}, first ${String(headers[0]?.hash)}`,
    );
  }
}

@Module({
  imports: [
    PeerModule.forRoot({
      network: 'legacy-privnet',
      persistence: { dataSource: false },
      behaviours: [PrintingHeaderHandler],
    }),
  ],
})
class ExampleModule {}

const address = (process.argv[2] ?? '127.0.0.1:20333') as Address;
const application = await NestFactory.createApplicationContext(ExampleModule, { logger: ['error', 'warn'] });
try {
  const peer = await application.get(PeerFactory).dial(address);
  console.log(`ready: ${peer.version?.userAgent} at height ${peer.height}`);

  const genesis = UInt256.from(application.get(LocalConfig).network.genesis!);
  const headers = await peer.requestHeaders({ after: genesis });
  console.log(`answer: ${headers.length} headers, ${headers[0]?.index} to ${headers.at(-1)?.index}`);

  await peer.disconnect();
  for (const { command, direction, messages, bytes } of application.get(PeerStatistics).of(peer)) {
    console.log(`statistics: ${direction} ${command} ${messages} messages ${bytes} bytes`);
  }
} finally {
  await application.close();
}
