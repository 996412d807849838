import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LocalConfig } from '../../../src/peer/behaviours/local-config.js';
import { PeerEvents } from '../../../src/peer/events/peer-events.js';
import { PeerRecords } from '../../../src/peer/records/peer-records.js';
import { PeerModule } from '../../../src/peer.module.js';
import { PeerPool } from '../../../src/pool/peer-pool.js';
import { N3_KIT } from '../../support/dialect-kit.js';
import { RespondingNode } from '../../support/responding-node.js';

jest.setTimeout(180_000);

const { network } = N3_KIT;
const script = { dialect: network.dialect, magic: network.magic };

/** Dials at a time: the system keeps so many waiting to be accepted. */
const AT_ONCE = 100;

let module: TestingModule;
afterEach(() => module.close());

async function start(): Promise<{ readonly pool: PeerPool; readonly address: { host: string; port: number } }> {
  module = await Test.createTestingModule({
    imports: [
      PeerModule.forRoot({
        network: { ...network, seeds: [] },
        listen: { host: '127.0.0.1', port: 0 },
        persistence: { dataSource: false },
        pool: { outbound: 0, maxInbound: 3000, exempt: ['127.0.0.1'] },
      }),
    ],
  }).compile();
  await module.init();
  return { pool: module.get(PeerPool), address: { host: '127.0.0.1', port: module.get(LocalConfig).port } };
}

/** Does something so many times, some at once. */
async function inBatches<T>(count: number, make: () => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  for (let i = 0; i < count; i += AT_ONCE) {
    made.push(...(await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - i) }, make))));
  }
  return made;
}

describe('a pool with many inbound peers on real sockets', () => {
  it('has 2,000 of them ready, of whom each answers three pings, and loses none', async () => {
    const { pool, address } = await start();
    const gone: string[] = [];
    module.get(PeerEvents).on('disconnected', (_peer, { reason }) => gone.push(reason));
    const nodes = await inBatches(2000, () => RespondingNode.dial(address, script));
    expect(pool.peers()).toHaveLength(2000);
    for (let round = 0; round < 3; round++) {
      const times = await Promise.all(pool.peers().map((peer) => peer.ping()));
      expect(times.every((ms) => ms >= 0)).toBe(true);
    }
    expect({ peers: pool.peers().length, gone, refused: pool.status().refused }).toEqual({
      peers: 2000,
      gone: [],
      refused: { shutdown: 0, banned: 0, full: 0, 'address-limit': 0, 'group-limit': 0, rate: 0 },
    });
    await Promise.all(nodes.map((node) => node.hangUp()));
  });

  it('is as it was after 10,000 have come and gone: heap, handles and rows', async () => {
    const { pool, address } = await start();
    const records = module.get(PeerRecords);
    const comeAndGo = async (): Promise<void> => (await RespondingNode.dial(address, script)).hangUp();
    await inBatches(1000, comeAndGo);
    const before = await measured(records);
    await inBatches(10_000, comeAndGo);
    const after = await measured(records);
    expect(pool.peers()).toEqual([]);
    expect({ handles: after.handles, rows: after.rows }).toEqual({ handles: before.handles, rows: before.rows });
    // A connection leaves no more than 200 bytes; a peer that stayed would be some 20 kB.
    expect(after.heap - before.heap).toBeLessThan(2_000_000);
  });
});

interface Measured {
  /** Bytes. */
  readonly heap: number;
  readonly handles: number;
  readonly rows: number;
}

async function measured(records: PeerRecords): Promise<Measured> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const handles = process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP')).length;
  return { heap: process.memoryUsage().heapUsed, handles, rows: records.size };
}
