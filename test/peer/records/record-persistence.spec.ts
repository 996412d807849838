import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { NETWORKS } from '../../../src/config/networks.js';
import { OptionsError } from '../../../src/config/options.error.js';
import type { NetworkDefinition } from '../../../src/config/options.js';
import { PeerEventBus } from '../../../src/peer/events/peer-event-bus.js';
import { PeerRecords } from '../../../src/peer/records/peer-records.js';
import { RecordPersistence } from '../../../src/peer/records/record-persistence.js';
import type { CommandStatistic } from '../../../src/persistence/command-statistic.js';
import { MemoryPeerStore } from '../../../src/persistence/memory-peer-store.js';
import type { PeerRecord } from '../../../src/persistence/peer-record.js';
import type { PeerStore, StoreChanges } from '../../../src/persistence/peer-store.js';
import { SeedFileError } from '../../../src/persistence/seed-file.error.js';
import { StoreError } from '../../../src/persistence/store.error.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { TestDatabase } from '../../support/database.js';
import { all, commandStatistic, peerRecord } from '../../support/records.js';

const NETWORK = NETWORKS['legacy-testnet'];

/** A store that can be broken and mended. */
class FragileStore extends MemoryPeerStore {
  broken: { load?: boolean; save?: boolean } = {};

  override async *load(network: string): AsyncGenerator<PeerRecord> {
    if (this.broken.load) throw new StoreError('fragile', 'open', 'broken');
    yield* super.load(network);
  }

  override save(changed: StoreChanges): Promise<void> {
    return this.broken.save ? Promise.reject(new StoreError('fragile', 'full', 'broken')) : super.save(changed);
  }
}

const seed = (i: number): { host: string; port: number } => ({ host: NETWORK.seeds[i]!.split(':')[0]!, port: 20333 });

describe('RecordPersistence', () => {
  let store: FragileStore;
  let records: PeerRecords;
  let counted: CommandStatistic[];
  let happened: string[];

  beforeEach(() => {
    Logger.overrideLogger(false);
    store = new FragileStore();
    counted = [];
    happened = [];
  });
  afterEach(() => Logger.overrideLogger(['log', 'warn', 'error']));

  function persistence(
    given: {
      onStoreFailure?: 'throw' | 'degrade';
      seedFile?: string;
      network?: NetworkDefinition;
      store?: PeerStore;
    } = {},
  ): RecordPersistence {
    const events = new PeerEventBus();
    events.on('storeFailed', (error) => happened.push(`failed ${error.problem}`));
    events.on('storeRecovered', () => happened.push('recovered'));
    const network = given.network ?? NETWORK;
    records = new PeerRecords(network, new VirtualClock(), events);
    return new RecordPersistence({
      store: given.store ?? store,
      records,
      statistics: { takeChanges: () => counted.splice(0), settle: () => undefined },
      events,
      network,
      seedFile: given.seedFile,
      onStoreFailure: given.onStoreFailure ?? 'throw',
    });
  }

  it('loads the seeds of the network where the store has nothing, and saves them at once', async () => {
    await persistence().open();
    expect([...records.rows()].map((row) => `${row.host}:${row.port}`)).toEqual(NETWORK.seeds);
    expect(await all(store.load(NETWORK.name))).toHaveLength(NETWORK.seeds.length);
  });

  it('loads the rows of the network, and does not look for the seed file then', async () => {
    await store.save({ peers: [peerRecord(), peerRecord({ network: 'other', host: 'b' })], statistics: [] });
    await persistence({ seedFile: '/nowhere/seeds.json' }).open();
    expect([...records.rows()]).toEqual([peerRecord()]);
  });

  it('reads the seed file that the options name', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'neo-peer-seeds-'));
    const seedFile = join(folder, 'seeds.json');
    await writeFile(
      seedFile,
      JSON.stringify({ schema: 1, network: NETWORK.name, magic: NETWORK.magic, seeds: ['mine:1'] }),
    );
    await persistence({ seedFile }).open();
    expect([...records.rows()]).toEqual([expect.objectContaining({ host: 'mine', port: 1, source: 'seed' })]);
    await rm(folder, { recursive: true });
  });

  it.each(['throw', 'degrade'] as const)(
    'fails over a seed file it needs and can not read, with `%s` too',
    async (onStoreFailure) => {
      const opening = persistence({ seedFile: '/nowhere/seeds.json', onStoreFailure }).open();
      await expect(opening).rejects.toBeInstanceOf(SeedFileError);
    },
  );

  it('names the seed of a definition that is none', async () => {
    const opening = persistence({ network: { ...NETWORK, seeds: ['a:1', 'b'] } }).open();
    await expect(opening).rejects.toBeInstanceOf(OptionsError);
    await expect(opening).rejects.toMatchObject({ path: 'network.seeds[1]', value: 'b' });
  });

  it.each([
    ['loaded', { load: true }, 'open'],
    ['saved', { save: true }, 'full'],
  ])('fails with `throw` when nothing can be %s', async (_what, broken, problem) => {
    store.broken = broken;
    const opening = persistence().open();
    await expect(opening).rejects.toBeInstanceOf(StoreError);
    await expect(opening).rejects.toMatchObject({ problem });
  });

  it('goes on from the seeds with `degrade`, and comes back with all it learnt', async () => {
    await store.save({
      peers: [peerRecord({ host: 'stored' }), peerRecord({ ...seed(0), attempts: 5 })],
      statistics: [commandStatistic()],
    });
    store.broken = { load: true, save: true };
    const link = persistence({ onStoreFailure: 'degrade' });
    await link.open();
    expect(happened).toEqual(['failed open']);
    expect(records.size).toBe(NETWORK.seeds.length);
    records.attempted(seed(0));
    records.attempted({ host: 'learnt', port: 1 });
    counted = [commandStatistic()];
    await expect(link.save()).rejects.toBeInstanceOf(StoreError);
    counted.push(commandStatistic({ messages: 1 }));
    store.broken = { save: true };
    await expect(link.save()).rejects.toMatchObject({ problem: 'full' });
    expect(link.failure).toMatchObject({ problem: 'full' });
    expect(happened).toEqual(['failed open']);
    store.broken = {};
    await link.save();
    expect(happened).toEqual(['failed open', 'recovered']);
    expect(link.failure).toBeUndefined();
    const saved = await all(store.load(NETWORK.name));
    expect(saved).toHaveLength(NETWORK.seeds.length + 2);
    expect(saved).toContainEqual(expect.objectContaining({ host: 'learnt', attempts: 1 }));
    expect(saved).toContainEqual(expect.objectContaining({ ...seed(0), attempts: 6 }));
    expect(records.find({ host: 'stored', port: 20333 })).toBeDefined();
    expect(store.statistics(NETWORK.name)[0]?.messages).toBe(2 + 2 + 1);
  });

  it.each([
    ['empty', []],
    ['an older one', [peerRecord({ host: 'b', lastSeenAtMs: 1 })]],
  ])('comes back with all it knows though the store is another now, %s', async (_what, content) => {
    await store.save({ peers: [peerRecord({ host: 'a' }), peerRecord({ host: 'b' })], statistics: [] });
    const another = new MemoryPeerStore();
    await another.save({ peers: content, statistics: [] });
    let current: PeerStore | undefined = store;
    const way = (): PeerStore => {
      if (current === undefined) throw new StoreError('fragile', 'open', 'gone');
      return current;
    };
    const link = persistence({
      store: {
        load: (network) => way().load(network),
        save: async (changed) => way().save(changed),
        loadBans: (network) => way().loadBans(network),
        loadSettings: async (network) => way().loadSettings(network),
      },
    });
    await link.open();
    current = undefined;
    await expect(link.save()).rejects.toBeInstanceOf(StoreError);
    current = another;
    await link.save();
    expect(happened).toEqual(['failed open', 'recovered']);
    const saved = await all(another.load(NETWORK.name));
    expect(saved.toSorted((x, y) => (x.host < y.host ? -1 : 1))).toEqual([
      peerRecord({ host: 'a' }),
      peerRecord({ host: 'b' }),
    ]);
  });

  it('does not write over what others wrote while the store was away', async () => {
    await store.save({ peers: [peerRecord()], statistics: [] });
    const link = persistence();
    await link.open();
    store.broken = { load: true, save: true };
    await expect(link.save()).rejects.toBeInstanceOf(StoreError);
    store.broken = {};
    const theirs = peerRecord({ attempts: 77, lastSeenAtMs: peerRecord().lastSeenAtMs! + 1 });
    await store.save({ peers: [theirs], statistics: [] });
    await link.save();
    expect(await all(store.load(NETWORK.name))).toEqual([theirs]);
  });

  it('goes on with the rows where they can be read but not written', async () => {
    await store.save({ peers: [peerRecord()], statistics: [] });
    store.broken = { save: true };
    await persistence({ onStoreFailure: 'degrade' }).open();
    expect([...records.rows()]).toEqual([peerRecord()]);
    expect(happened).toEqual(['failed full']);
  });

  it('tells of a store that fails later, and of its return, once each', async () => {
    const link = persistence();
    await link.open();
    for (let i = 0; i < 2; i++) {
      store.broken = { save: true };
      records.attempted({ host: `h${i}`, port: 1 });
      await expect(link.save()).rejects.toBeInstanceOf(StoreError);
      await expect(link.save()).rejects.toBeInstanceOf(StoreError);
      store.broken = {};
      await link.save();
      await link.save();
    }
    expect(happened).toEqual(['failed full', 'recovered', 'failed full', 'recovered']);
    expect((await all(store.load(NETWORK.name))).map((row) => row.host)).toEqual(expect.arrayContaining(['h0', 'h1']));
  });

  it('makes a StoreError of whatever a store throws', async () => {
    class Odd extends MemoryPeerStore {
      override save(): Promise<void> {
        return Promise.reject(new TypeError('odd'));
      }
    }
    const opening = persistence({ store: new Odd() }).open();
    await expect(opening).rejects.toMatchObject({
      code: 'NEO_PEER_STORE',
      problem: 'query',
      cause: expect.any(TypeError),
    });
  });

  it('does not keep sums without bound while the store is broken', async () => {
    const link = persistence();
    await link.open();
    store.broken = { save: true };
    for (let round = 0; round < 3; round++) {
      counted = Array.from({ length: 5000 }, (_, i) =>
        commandStatistic({ host: `h${round * 5000 + i}`, lastAtMs: round }),
      );
      await expect(link.save()).rejects.toBeInstanceOf(StoreError);
    }
    store.broken = {};
    await link.save();
    const saved = store.statistics(NETWORK.name);
    expect(saved).toHaveLength(10_000);
    expect(Math.min(...saved.map((row) => row.lastAtMs))).toBe(1);
  });

  it('works with a real database that is no database at first', async () => {
    const database = await TestDatabase.create();
    await writeFile(database.file, 'This is not a database. '.repeat(200));
    const typeorm = database.store();
    const link = persistence({ store: typeorm, onStoreFailure: 'degrade' });
    await link.open();
    expect(happened).toEqual(['failed open']);
    records.attempted({ host: 'learnt', port: 1 });
    await expect(link.save()).rejects.toMatchObject({ problem: 'open' });
    await rm(database.file);
    await link.save();
    expect(happened).toEqual(['failed open', 'recovered']);
    expect(await all(typeorm.load(NETWORK.name))).toHaveLength(NETWORK.seeds.length + 1);
    await database.remove();
  });
});
