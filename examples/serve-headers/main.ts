/**
 * Both sides of a connection in one process: a module that serves headers, with a guard that prints what is asked, and a
 * second module that asks it. The modules have names, so that one application holds them both.
 */
import 'reflect-metadata';
import { type CanActivate, type ExecutionContext, Injectable, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  type BlockHeader,
  GetHeadersHandler,
  getPeerToken,
  HeightProvider,
  legacy,
  OnCommand,
  type PayloadOf,
  type Peer,
  peerContext,
  PeerFactory,
  PeerModule,
} from 'nestjs-neo-peer';

const genesis = legacy.genesisBlock(legacy.STANDBY_VALIDATORS.privnet).header;

/** The headers we serve: genesis and three that follow it. */
const chain: BlockHeader[] = [genesis];
for (let index = 1; index <= 3; index++) {
  const previous = chain[index - 1]!;
  chain.push(
    legacy.LegacyBlockHeader.from({
      prevHash: previous.hash,
      merkleRoot: previous.merkleRoot,
      timestamp: previous.timestamp + 15,
      index,
      consensusData: BigInt(index),
      nextConsensus: previous.nextConsensus,
      witness: previous.witness,
    }),
  );
}

@Injectable()
class LogRequests implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    console.log(`guarded: ${peerContext(context)?.message.command}`);
    return true;
  }
}

@Injectable()
@UseGuards(LogRequests)
class ServeHeaders extends GetHeadersHandler {
  handle(_peer: Peer, asked: PayloadOf<'getheaders'>): BlockHeader[] {
    if (asked.dialect === 'n3') return []; // our module speaks Legacy, where headers are asked for by hash
    const first = chain.findIndex(({ hash }) => hash.equals(asked.starts.at(0))) + 1;
    const last = chain.findIndex(({ hash }) => hash.equals(asked.stop));
    return first === 0 ? [] : chain.slice(first, last < 0 ? undefined : last);
  }
}

@Injectable()
class TipOfChain extends HeightProvider {
  height(): number {
    return chain.length - 1;
  }
}

@Injectable()
class Listener {
  @OnCommand('headers', { peer: 'asking' })
  received(_peer: Peer, { headers }: PayloadOf<'headers'>): void {
    console.log(`listener: ${headers.length} headers`);
  }
}

const persistence = { dataSource: false } as const;

@Module({
  imports: [
    PeerModule.forRoot({
      name: 'serving',
      network: 'legacy-privnet',
      persistence,
      behaviours: [ServeHeaders, TipOfChain],
    }),
    PeerModule.forRoot({ name: 'asking', network: 'legacy-privnet', persistence }),
  ],
  providers: [Listener],
})
class ExampleModule {}

const application = await NestFactory.createApplicationContext(ExampleModule, { logger: ['error', 'warn'] });
try {
  const serving = application.get<PeerFactory>(getPeerToken(PeerFactory, 'serving'));
  const asking = application.get<PeerFactory>(getPeerToken(PeerFactory, 'asking'));
  const { address } = await serving.listen({ host: '127.0.0.1', port: 0 });
  const peer = await asking.dial(address);
  for await (const header of peer.headers({ after: genesis.hash }))
    console.log(`header ${header.index} ${String(header.hash)}`);
  await peer.disconnect();
} finally {
  await application.close();
}
