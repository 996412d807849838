import { afterEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/environment/clock.js';
import { MemoryPeerStore } from '../../src/persistence/memory-peer-store.js';
import type { PeerRecord } from '../../src/persistence/peer-record.js';
import { StoreError } from '../../src/persistence/store.error.js';
import { N3_KIT } from '../support/dialect-kit.js';
import { PoolLab, PoolWorld, PORT } from '../support/pool-lab.js';
import { peerRecord } from '../support/records.js';

const ROWS = 10_000;
const BATCH = 100;
const BATCH_MS = 10;

let lab: PoolLab;
afterEach(() => lab.close());

/** A store that gives 100 rows every 10 ms. */
class SlowStore extends MemoryPeerStore {
  /** How many rows were given. */
  given = 0;
  /** Breaks off after so many rows. */
  failsAfter = Infinity;
  loads = 0;

  constructor(private readonly clock: Clock) {
    super();
  }

  override async *load(network: string): AsyncGenerator<PeerRecord> {
    this.loads++;
    this.given = 0;
    for await (const row of super.load(network)) {
      if (this.given === this.failsAfter) throw new StoreError('slow', 'query', 'broke off');
      if (this.given++ % BATCH === 0) await this.#pause();
      yield row;
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.clock.setTimeout(resolve, BATCH_MS);
    });
  }
}

const host = (i: number): string => `21.${i >> 8}.${i & 255}.1`;

async function filled(world: PoolWorld): Promise<SlowStore> {
  const store = new SlowStore(world.clock);
  const rows = Array.from({ length: ROWS }, (_, i) =>
    peerRecord({
      network: N3_KIT.network.name,
      host: host(i),
      port: PORT,
      source: 'gossip',
      learntFrom: `30.${i % 250}.0.1`,
      lastSuccessAtMs: i % 4 === 0 ? world.clock.now() - i : null,
      lastSeenAtMs: world.clock.now() - i,
      nextDialAtMs: null,
      failuresInARow: 0,
    }),
  );
  await store.save({ peers: rows, statistics: [] });
  return store;
}

/** Starts it while the clock goes on. */
async function started(world: PoolWorld, store: SlowStore): Promise<{ readonly tookMs: number }> {
  lab = await PoolLab.compile({ world, store, pool: { outbound: 4 } });
  let isUp = false;
  const beganAt = world.clock.monotonic();
  const init = lab.module.init().then(() => (isUp = true));
  await world.clock.until(() => isUp, 60_000);
  await init;
  return { tookMs: world.clock.monotonic() - beganAt };
}

describe('the start with 10,000 known addresses', () => {
  it('dials before they are all there, and takes in the rest while it works', async () => {
    const world = new PoolWorld();
    const store = await filled(world);
    const { tookMs } = await started(world, store);
    await lab.settle();
    expect(tookMs).toBeLessThan(100);
    expect(lab.dials.length).toBeGreaterThan(0);
    expect(store.given).toBeLessThan(ROWS / 10);
    await world.clock.advance((ROWS / BATCH) * BATCH_MS);
    expect(store.given).toBe(ROWS);
    expect(lab.core.book.size).toBeGreaterThan(ROWS / 2);
    expect(lab.core.book.counts.tried).toBeGreaterThan(ROWS / 8);
  });

  it('saves only when they are all there: what was learnt meanwhile is merged then', async () => {
    const world = new PoolWorld();
    const store = await filled(world);
    lab = await PoolLab.compile({ world, store, options: { persistence: { dataSource: false, saveIntervalMs: 50 } } });
    let isUp = false;
    const init = lab.module.init().then(() => (isUp = true));
    await world.clock.until(() => isUp, 60_000);
    await init;
    const last = { host: host(ROWS - 1), port: PORT };
    lab.records.attempted(last);
    await world.clock.advance(500);
    expect(store.given).toBeLessThan(ROWS);
    expect(await stored(store, last)).toMatchObject({ attempts: 3 });
    await world.clock.advance(1000);
    expect(await stored(store, last)).toMatchObject({ attempts: 4, firstSeenAtMs: peerRecord().firstSeenAtMs });
  });

  it('goes on with what came when the store breaks off, and takes in all of it later', async () => {
    const world = new PoolWorld();
    const store = await filled(world);
    store.failsAfter = 3000;
    await started(world, store);
    const failed: string[] = [];
    lab.events.on('storeFailed', ({ problem }) => failed.push(problem));
    lab.events.on('storeRecovered', () => failed.push('recovered'));
    await world.clock.advance(2000);
    expect(failed).toEqual(['query']);
    const { size } = lab.records;
    expect(size).toBeGreaterThanOrEqual(2000);
    store.failsAfter = Infinity;
    await world.clock.advance(120_000);
    expect(failed).toEqual(['query', 'recovered']);
    expect(lab.records.size).toBeGreaterThan(size);
    expect(store.loads).toBeGreaterThanOrEqual(2);
  });
});

async function stored(store: SlowStore, address: { host: string; port: number }): Promise<PeerRecord | undefined> {
  for await (const row of MemoryPeerStore.prototype.load.call(store, N3_KIT.network.name)) {
    if (row.host === address.host && row.port === address.port) return row;
  }
  return undefined;
}
