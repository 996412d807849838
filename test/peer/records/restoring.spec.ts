import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { NETWORKS } from '../../../src/config/networks.js';
import { PeerEventBus } from '../../../src/peer/events/peer-event-bus.js';
import { PeerRecords } from '../../../src/peer/records/peer-records.js';
import { RecordPersistence } from '../../../src/peer/records/record-persistence.js';
import { MemoryPeerStore } from '../../../src/persistence/memory-peer-store.js';
import type { Ban } from '../../../src/persistence/ban.js';
import type { PeerRecord } from '../../../src/persistence/peer-record.js';
import type { StoreChanges } from '../../../src/persistence/peer-store.js';
import { StoreError } from '../../../src/persistence/store.error.js';
import { PoolState, SettingName } from '../../../src/pool/pool-state.js';
import { SeededRandom, VirtualClock } from '../../../src/testing/index.js';
import { failure } from '../../support/failure.js';
import { all, peerRecord } from '../../support/records.js';

const NETWORK = NETWORKS['legacy-testnet'];
const SECRET = 'cd'.repeat(32);
const broken = () => new StoreError('gated', 'open', 'broken');

/** A store that gives its rows when the test lets it, and breaks where the test says. */
class GatedStore extends MemoryPeerStore {
  breaks: { load?: number; bans?: true; settings?: true; save?: StoreError } = {};
  loads = 0;
  saves = 0;
  #open: () => void = () => undefined;
  #gate: Promise<void> | undefined;
  #gateAt = Infinity;

  /** Holds back what comes after so many rows. */
  holdAfter(rows: number): void {
    this.#gateAt = rows;
    this.#gate = new Promise((resolve) => (this.#open = resolve));
  }

  release(): void {
    this.#open();
  }

  override async *load(network: string): AsyncGenerator<PeerRecord> {
    let given = 0;
    this.loads++;
    for await (const row of super.load(network)) {
      if (given === this.breaks.load) throw broken();
      if (given++ === this.#gateAt) await this.#gate;
      yield row;
    }
    if (this.breaks.load !== undefined && given <= this.breaks.load) throw broken();
  }

  override async *loadBans(network: string): AsyncGenerator<Ban> {
    if (this.breaks.bans) throw broken();
    yield* super.loadBans(network);
  }

  override loadSettings(network: string): Promise<ReadonlyMap<string, string>> {
    return this.breaks.settings ? Promise.reject(broken()) : super.loadSettings(network);
  }

  override save(changed: StoreChanges): Promise<void> {
    if (this.breaks.save) return Promise.reject(this.breaks.save);
    this.saves++;
    return super.save(changed);
  }
}

let clock: VirtualClock;
let store: GatedStore;
let records: PeerRecords;
let state: PoolState;
let happened: string[];

beforeEach(() => {
  Logger.overrideLogger(false);
  clock = new VirtualClock();
  store = new GatedStore();
  happened = [];
});
afterEach(() => Logger.overrideLogger(['log', 'warn', 'error']));

function persistence(onStoreFailure: 'throw' | 'degrade' = 'throw'): RecordPersistence {
  const events = new PeerEventBus();
  events.on('storeFailed', ({ problem }) => happened.push(`failed ${problem}`));
  events.on('storeRecovered', () => happened.push('recovered'));
  records = new PeerRecords(NETWORK, clock, events);
  state = new PoolState(clock, new SeededRandom(1));
  const statistics = { takeChanges: () => [], settle: () => undefined };
  return new RecordPersistence({
    store,
    records,
    statistics,
    events,
    network: NETWORK,
    seedFile: undefined,
    onStoreFailure,
    state,
  });
}

const row = (i: number, given: Partial<PeerRecord> = {}): PeerRecord => peerRecord({ host: `h${i}`, ...given });
const lasting = (subject: string): Ban => ({
  subject,
  reason: 'r',
  author: 'operator',
  sinceMs: 0,
  untilMs: clock.now() + 1e6,
});
const rows = (count: number): Promise<void> =>
  store.save({ peers: Array.from({ length: count }, (_, i) => row(i)), statistics: [] });

async function fill(count: number): Promise<void> {
  await rows(count);
  await store.save({
    peers: [],
    statistics: [],
    network: NETWORK.name,
    bans: { put: [lasting('30.1.0.1')], removed: [] },
    settings: new Map([[SettingName.bookSecret, SECRET]]),
  });
  store.saves = 0;
}

describe('opening a store', () => {
  it('goes on when the first hundred rows are in; the rest comes meanwhile', async () => {
    await fill(1000);
    store.holdAfter(100);
    const link = persistence();
    await link.open();
    expect(records.size).toBe(100);
    const { loaded } = link;
    store.release();
    await loaded;
    expect(records.size).toBe(1000);
    expect(happened).toEqual([]);
  });

  it('has bans and settings in before any row comes', async () => {
    await fill(300);
    store.holdAfter(0);
    const link = persistence();
    const opening = link.open();
    await clock.advance(0);
    expect(records.size).toBe(0);
    expect(state.bans.list()).toMatchObject([{ subject: '30.1.0.1' }]);
    expect(state.setting(SettingName.bookSecret)).toBe(SECRET);
    store.release();
    await opening;
    await link.loaded;
  });

  it('plants no seeds where there are rows, however few, and does where there are none', async () => {
    await fill(1);
    await persistence().open();
    expect(records.size).toBe(1);
    store = new GatedStore();
    await persistence().open();
    expect(records.size).toBe(NETWORK.seeds.length);
  });
});

describe('a save', () => {
  it('waits until all rows are in, and writes what was learnt of them merged', async () => {
    await fill(500);
    store.holdAfter(100);
    const link = persistence();
    await link.open();
    store.saves = 0;
    records.attempted({ host: 'h499', port: 20333 });
    const saving = link.save();
    await clock.advance(0);
    expect(store.saves).toBe(0);
    store.release();
    await saving;
    expect([store.loads, store.saves]).toEqual([1, 1]);
    const stored = (await all(store.load(NETWORK.name))).find(({ host }) => host === 'h499');
    expect(stored).toMatchObject({ attempts: peerRecord().attempts + 1, userAgent: peerRecord().userAgent });
  });

  it('writes bans, settings and forgotten rows', async () => {
    await fill(3);
    const link = persistence();
    await link.open();
    state.bans.put(lasting('30.2.0.1'));
    state.set(SettingName.anchors, '["a:1"]');
    records.forget({ host: 'h1', port: 20333 });
    await link.save();
    expect((await all(store.load(NETWORK.name))).map(({ host }) => host).toSorted()).toEqual(['h0', 'h2']);
    expect((await all(store.loadBans(NETWORK.name))).map(({ subject }) => subject)).toEqual(['30.1.0.1', '30.2.0.1']);
    expect(await store.loadSettings(NETWORK.name)).toEqual(
      new Map([
        [SettingName.bookSecret, SECRET],
        [SettingName.anchors, '["a:1"]'],
      ]),
    );
  });

  it('that fails keeps all of it for the next', async () => {
    await fill(3);
    const link = persistence();
    await link.open();
    state.bans.put(lasting('30.2.0.1'));
    records.forget({ host: 'h1', port: 20333 });
    store.breaks = { save: new StoreError('gated', 'full', 'no room') };
    for (let i = 0; i < 2; i++) expect(await failure(link.save())).toBeInstanceOf(StoreError);
    store.breaks = {};
    await link.save();
    expect(happened).toEqual(['failed full', 'recovered']);
    expect((await all(store.load(NETWORK.name))).map(({ host }) => host).toSorted()).toEqual(['h0', 'h2']);
    expect(await all(store.loadBans(NETWORK.name))).toHaveLength(2);
  });
});

describe('a store that fails midway', () => {
  it.each(['throw', 'degrade'] as const)(
    'after the first rows is told and does not stop the start, with `%s`',
    async (mode) => {
      await fill(600);
      store.breaks = { load: 400 };
      const link = persistence(mode);
      await link.open();
      await link.loaded;
      expect(happened).toEqual(['failed open']);
      expect(records.size).toBe(400);
      expect(await failure(link.save())).toBeInstanceOf(StoreError);
      store.breaks = {};
      await link.save();
      expect(happened).toEqual(['failed open', 'recovered']);
      expect(records.size).toBe(600);
    },
  );

  it('before the first rows stops the start with `throw`', async () => {
    await fill(600);
    store.breaks = { load: 50 };
    expect(await failure(persistence().open())).toBeInstanceOf(StoreError);
  });

  it('before the first rows lets it go on from the seeds with `degrade`, and all comes in later, once', async () => {
    await fill(600);
    store.breaks = { load: 50 };
    const link = persistence('degrade');
    await link.open();
    expect(records.size).toBe(50 + NETWORK.seeds.length);
    store.breaks = {};
    await link.save();
    expect(records.size).toBe(600 + NETWORK.seeds.length);
    expect(records.find({ host: 'h5', port: 20333 })).toMatchObject({ attempts: peerRecord().attempts });
  });

  it.each([{ bans: true }, { settings: true }] as const)(
    'at %j lets it go on with `degrade`: bans and settings come later, merged',
    async (breaks) => {
      await fill(3);
      store.breaks = { ...breaks };
      const link = persistence('degrade');
      await link.open();
      expect(happened).toEqual(['failed open']);
      expect(state.bans.list()).toEqual([]);
      state.bans.put(lasting('30.2.0.1'));
      const made = state.bookSecret();
      store.breaks = {};
      await link.save();
      expect(happened).toEqual(['failed open', 'recovered']);
      expect(state.bans.list().map(({ subject }) => subject)).toEqual(['30.1.0.1', '30.2.0.1']);
      expect(await all(store.loadBans(NETWORK.name))).toHaveLength(2);
      const secret = (await store.loadSettings(NETWORK.name)).get(SettingName.bookSecret);
      expect(secret).toBe(Buffer.from(made).toString('hex'));
    },
  );

  it('and comes back as another one gets everything: bans and settings too', async () => {
    await fill(3);
    const link = persistence();
    await link.open();
    store.breaks = { save: broken() };
    expect(await failure(link.save())).toBeInstanceOf(StoreError);
    const another = new GatedStore();
    Object.assign(store, {
      load: (network: string) => another.load(network),
      loadBans: (network: string) => another.loadBans(network),
      loadSettings: (network: string) => another.loadSettings(network),
      save: (changed: StoreChanges) => another.save(changed),
    });
    await link.save();
    expect(await all(another.load(NETWORK.name))).toHaveLength(3);
    expect(await all(another.loadBans(NETWORK.name))).toMatchObject([{ subject: '30.1.0.1' }]);
    expect((await another.loadSettings(NETWORK.name)).get(SettingName.bookSecret)).toBe(SECRET);
  });
});

describe('seeds', () => {
  it('stay seeds when a store comes back that has them as something else', async () => {
    const [host] = NETWORK.seeds[0]!.split(':') as [string];
    await store.save({ peers: [row(0, { host, source: 'gossip' })], statistics: [] });
    store.breaks = { load: 0 };
    const link = persistence('degrade');
    await link.open();
    store.breaks = {};
    await link.save();
    expect(records.find({ host, port: 20333 })).toMatchObject({ source: 'seed' });
  });

  it('become seeds when they are planted though they were known as something else', () => {
    persistence();
    records.learn({ host: 'a', port: 1 }, 'x');
    records.plant([{ host: 'a', port: 1 }]);
    expect(records.find({ host: 'a', port: 1 })).toMatchObject({ source: 'seed', learntFrom: 'x' });
  });
});

describe('what is learnt of addresses', () => {
  const A = { host: 'a', port: 1 };
  beforeEach(() => void persistence());

  it('is noted once: a known address stays as it is', () => {
    expect(records.learn(A, 'x')).toMatchObject({ isNew: true, row: { source: 'gossip', learntFrom: 'x' } });
    expect(records.learn(A, 'y')).toMatchObject({ isNew: false, row: { learntFrom: 'x' } });
    expect(records.rowOf(A)).toBe(records.learn(A, 'z').row);
  });

  it('is who has told of it again, how often', () => {
    records.learn(A, 'x');
    records.toldAgain(A);
    records.toldAgain(A);
    records.toldAgain({ host: 'unknown', port: 1 });
    expect(records.find(A)).toMatchObject({ sources: 3 });
    expect(records.size).toBe(1);
  });

  it('is until when it rests, which is saved when it changed', () => {
    records.learn(A, 'x');
    records.takeChanged();
    records.postpone(A, null);
    expect(records.takeChanged()).toEqual([]);
    records.postpone(A, 5);
    expect(records.takeChanged()).toMatchObject([{ nextDialAtMs: 5 }]);
    records.postpone(A, 5);
    expect(records.takeChanged()).toEqual([]);
    records.postpone(A, null);
    expect(records.takeChanged()).toMatchObject([{ nextDialAtMs: null }]);
    records.postpone({ host: 'unknown', port: 1 }, 5);
    expect(records.size).toBe(1);
  });
});
