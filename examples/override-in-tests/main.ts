/**
 * How an application tests its own behaviours: the real module on an in-memory network, with one provider replaced and a
 * scripted node on the other side. Nothing here opens a socket.
 */
import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  dialectOf,
  HeaderHandler,
  legacy,
  LocalConfig,
  PeerFactory,
  PeerModule,
  type PayloadOf,
  type Peer,
  Transport,
  UInt256,
} from 'nestjs-neo-peer';
import { MemoryNetwork, ScriptedPeer } from 'nestjs-neo-peer/testing';

@Injectable()
class ProductionHeaderHandler extends HeaderHandler {
  handle(): void {
    throw new Error('a test must not come here');
  }
}

@Module({
  imports: [
    PeerModule.forRoot({
      network: 'legacy-privnet',
      persistence: { dataSource: false },
      behaviours: [ProductionHeaderHandler],
    }),
  ],
})
class ApplicationModule {}

const fake = {
  handle(_peer: Peer, { headers }: PayloadOf<'headers'>): void {
    console.log(`fake was told of ${headers.length} headers`);
  },
};

const network = new MemoryNetwork();
const application = await Test.createTestingModule({ imports: [ApplicationModule] })
  .overrideProvider(HeaderHandler)
  .useValue(fake)
  .overrideProvider(Transport)
  .useValue(network.transport('10.0.0.1'))
  .compile();
await application.init();

const { magic, genesis } = application.get(LocalConfig).network;
const remote = await ScriptedPeer.listen(network.transport('10.0.0.2'), {}, { dialect: 'legacy', magic });

/** The remote's part: finish the handshake, wait for the request, answer with a header that was never mined. */
async function script(): Promise<void> {
  const peer = await remote.accepted();
  await peer.handshake(100);
  await peer.expect('getheaders');
  const { header } = legacy.genesisBlock(legacy.STANDBY_VALIDATORS.privnet);
  const next = legacy.LegacyBlockHeader.from({
    prevHash: header.hash,
    merkleRoot: header.merkleRoot,
    timestamp: header.timestamp + 15,
    index: 1,
    consensusData: 1n,
    nextConsensus: header.nextConsensus,
    witness: header.witness,
  });
  peer.send(dialectOf('legacy').headers([next]));
}

try {
  const played = script();
  const peer = await application.get(PeerFactory).dial(remote.address);
  const headers = await peer.requestHeaders({ after: UInt256.from(genesis!) });
  console.log(`the request got ${headers.length} header`);
  await played;
  await peer.disconnect();
} finally {
  await application.close();
  await remote.close();
}
