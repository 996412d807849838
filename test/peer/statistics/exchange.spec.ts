import { afterEach, expect, it } from '@jest/globals';
import { HeaderHandler } from '../../../src/peer/behaviours/announcement-handlers.js';
import { HeightProvider } from '../../../src/peer/behaviours/height-provider.js';
import { OnCommand } from '../../../src/peer/behaviours/on-command.decorator.js';
import { GetDataHandler, GetHeadersHandler } from '../../../src/peer/behaviours/request-handlers.js';
import { PeerEvents } from '../../../src/peer/events/peer-events.js';
import { PeerFactory } from '../../../src/peer/peer-factory.js';
import type { Peer } from '../../../src/peer/peer.js';
import { PeerModule } from '../../../src/peer.module.js';
import { PeerStatistics, type CommandStatistics } from '../../../src/peer/statistics/peer-statistics.js';
import { MemoryNetwork } from '../../../src/testing/index.js';
import type { BlockHeader } from '../../../src/wire/common/block-header.js';
import {
  genesisBlock,
  LegacyBlockHeader,
  STANDBY_VALIDATORS,
  type LegacyBlock,
} from '../../../src/wire/legacy/index.js';
import type { PayloadOf } from '../../../src/wire/messages.js';
import { MEMORY_OPTIONS as options, PeerApplication, REMOTE_HOST } from '../../support/peer-application.js';

const genesis = genesisBlock(STANDBY_VALIDATORS.privnet);

/** Headers that follow the genesis block. */
const headers: LegacyBlockHeader[] = [];
for (let index = 1; index <= 3; index++) {
  const { merkleRoot, timestamp, consensusData, nextConsensus, witness } = genesis.header;
  const prevHash = headers.at(-1)?.hash ?? genesis.hash;
  headers.push(
    LegacyBlockHeader.from({
      prevHash,
      merkleRoot,
      timestamp: timestamp + index,
      index,
      consensusData,
      nextConsensus,
      witness,
    }),
  );
}

class Height extends HeightProvider {
  height(): number {
    return 3;
  }
}

class ServeHeaders extends GetHeadersHandler {
  handle(): readonly BlockHeader[] {
    return headers;
  }
}

class ServeBlocks extends GetDataHandler {
  async *handle(): AsyncGenerator<LegacyBlock> {
    yield await Promise.resolve(genesis);
    throw new RangeError('no more');
  }
}

class Headers extends HeaderHandler {
  readonly seen: number[] = [];
  handle(_peer: Peer, payload: PayloadOf<'headers'>): void {
    this.seen.push(...payload.headers.map(({ index }) => index));
  }
}

class Listener {
  @OnCommand('headers')
  onHeaders(): void {
    throw new TypeError('mine');
  }
}

const open: PeerApplication[] = [];

afterEach(async () => {
  for (const application of open.splice(0)) await application.close();
});

async function start(...given: Parameters<typeof PeerApplication.start>): Promise<PeerApplication> {
  const application = await PeerApplication.start(...given);
  open.push(application);
  return application;
}

function row(statistics: readonly CommandStatistics[], command: string, direction: string): CommandStatistics {
  return statistics.find((sums) => sums.command === command && sums.direction === direction)!;
}

it('statistics are, on both sides, what was sent, received, handled and what went wrong', async () => {
  const network = new MemoryNetwork();
  const server = await start(
    PeerModule.forRoot({ ...options, listen: { port: 20_333 }, behaviours: [Height, ServeHeaders, ServeBlocks] }),
    {
      network,
      host: REMOTE_HOST,
    },
  );
  // A nonce of its own: the same seed would give both the same, and each would take the other for itself.
  const client = await start(PeerModule.forRoot({ ...options, nonce: 4711, behaviours: [Headers] }), {
    network,
    providers: [Listener],
  });
  const accepted = new Promise<Peer>((resolve) => server.module.get(PeerEvents).on('ready', resolve));
  const peer = await client.module.get(PeerFactory).dial({ host: REMOTE_HOST, port: 20_333 });
  const inbound = await accepted;

  const found = await peer.requestHeaders({ after: genesis.hash });
  expect(found.map(({ index }) => index)).toEqual([1, 2, 3]);
  const blocks = await peer.requestBlocks([genesis.hash]);
  expect(blocks.found.map(({ hash }) => String(hash))).toEqual([String(genesis.hash)]);
  await client.clock.until(() => row(client.module.get(PeerStatistics).of(peer), 'headers', 'in').calls === 2, 1000);
  await server.clock.until(
    () => row(server.module.get(PeerStatistics).of(inbound), 'getdata', 'in').errors === 1,
    1000,
  );

  const ours = client.module.get(PeerStatistics).of(peer);
  const theirs = server.module.get(PeerStatistics).of(inbound);
  for (const command of ['version', 'verack', 'getheaders', 'getdata'] as const) {
    expect(row(ours, command, 'out')).toMatchObject({ messages: 1, calls: 0 });
    expect(row(ours, command, 'out').bytes).toBe(row(theirs, command, 'in').bytes);
  }
  for (const command of ['headers', 'block'] as const)
    expect(row(ours, command, 'in').bytes).toBe(row(theirs, command, 'out').bytes);
  expect(row(ours, 'block', 'in').bytes).toBe(24 + genesis.raw.length);
  expect(row(ours, 'headers', 'in')).toMatchObject({ messages: 1, calls: 2, errors: 1, refused: 0 });
  expect(row(theirs, 'getheaders', 'in')).toMatchObject({ messages: 1, calls: 1, errors: 0 });
  expect(row(theirs, 'getdata', 'in')).toMatchObject({ messages: 1, calls: 1, errors: 1 });
  const sum = (direction: string) =>
    ours.filter((sums) => sums.direction === direction).reduce((bytes, sums) => bytes + sums.bytes, 0);
  expect({ in: sum('in'), out: sum('out') }).toEqual({ in: peer.traffic.in.bytes, out: peer.traffic.out.bytes });
  expect(client.module.get(Headers).seen).toEqual([1, 2, 3]);
  // Nest has one logger a process: both applications write to the one that was set last.
  expect([...server.logger.errors, ...client.logger.errors]).toEqual([
    expect.stringMatching(/^Listener\.onHeaders failed at headers .* mine$/),
    expect.stringMatching(/^ServeBlocks\.handle failed at getdata .* no more$/),
  ]);
  expect([peer.state, inbound.state]).toEqual(['ready', 'ready']);
});
