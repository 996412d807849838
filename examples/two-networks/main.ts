/**
 * Two networks in one application, one Legacy, one N3: two modules with names, one handler class for both. It asks a node
 * of each for headers, and checks who signed them.
 *
 *     node examples/dist/two-networks/main.js 127.0.0.1:20333 127.0.0.1:20334
 */
import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  type Address,
  BlockHandler,
  type ChainPosition,
  getPeerToken,
  HeaderVerifier,
  legacy,
  LocalConfig,
  n3,
  type PayloadOf,
  type Peer,
  PeerFactory,
  PeerModule,
  UInt256,
} from 'nestjs-neo-peer';

/** What both dialects have is there without asking; what one has alone is there once `dialect` was looked at. */
@Injectable()
class PrintBlocks extends BlockHandler {
  handle(peer: Peer, block: PayloadOf<'block'>): void {
    const speaker = block.dialect === 'n3' ? `, proposed by validator ${block.header.primaryIndex}` : '';
    console.log(`${peer.network}: block ${block.index} with ${block.transactions.length} transactions${speaker}`);
  }
}

const persistence = { dataSource: false } as const;

@Module({
  imports: [
    PeerModule.forRoot({ name: 'old', network: 'legacy-local', persistence, behaviours: [PrintBlocks] }),
    PeerModule.forRoot({ name: 'new', network: 'n3-local', persistence, behaviours: [PrintBlocks] }),
  ],
})
class ExampleModule {}

/** Both local networks began with four validators of the same keys. */
const genesis = {
  legacy: legacy.genesisBlock(legacy.STANDBY_VALIDATORS.privnet).header,
  n3: n3.genesisBlock(n3.STANDBY_VALIDATORS.privnet).header,
};

const [oldAddress = '127.0.0.1:20333', newAddress = '127.0.0.1:20334'] = process.argv.slice(2) as Address[];
const application = await NestFactory.createApplicationContext(ExampleModule, { logger: ['error', 'warn'] });

async function ask(name: string, address: Address): Promise<void> {
  const peer = await application.get<PeerFactory>(getPeerToken(PeerFactory, name)).dial(address);
  const { network } = application.get<LocalConfig>(getPeerToken(LocalConfig, name));
  console.log(`${peer.network}: ${peer.version?.userAgent} at height ${peer.height}, speaks ${peer.dialect}`);

  // Legacy asks for what follows a hash, N3 for what begins at a height.
  const from: ChainPosition = peer.dialect === 'legacy' ? { after: UInt256.from(network.genesis!) } : { index: 1 };
  const headers = await peer.requestHeaders(from, { count: 20 });

  const verifier = application.get<HeaderVerifier>(getPeerToken(HeaderVerifier, name));
  headers.forEach((header, i) => verifier.verify(header, { previous: headers[i - 1] ?? genesis[peer.dialect] }));
  console.log(`${peer.network}: ${headers.length} headers verified, up to ${headers.at(-1)?.index}`);

  const { found } = await peer.requestBlocks([headers[0]!.hash]);
  console.log(`${peer.network}: block ${found[0]?.index} is ${found[0]?.raw.length} bytes`);
  await peer.disconnect();
}

try {
  await ask('old', oldAddress);
  await ask('new', newAddress);
} finally {
  await application.close();
}
