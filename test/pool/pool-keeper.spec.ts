import { afterEach, describe, expect, it } from '@jest/globals';
import { SettingName } from '../../src/pool/pool-state.js';
import { MemoryPeerStore } from '../../src/persistence/memory-peer-store.js';
import { N3_KIT } from '../support/dialect-kit.js';
import { OUR_HOST, PoolLab } from '../support/pool-lab.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let lab: PoolLab;
afterEach(() => lab.close());

async function withSetting(name: SettingName, value: string): Promise<MemoryPeerStore> {
  const store = new MemoryPeerStore();
  await store.save({ peers: [], statistics: [], network: N3_KIT.network.name, settings: new Map([[name, value]]) });
  return store;
}

describe('our own address', () => {
  it('that gossip tells is learnt by meeting ourselves, forgotten, not believed for a day, and then tried once more', async () => {
    lab = await PoolLab.start({ pool: { outbound: 1 } });
    const self = `${OUR_HOST}:10333`;
    const { remote } = await lab.inbound('30.1.0.1');
    const tell = async (): Promise<void> => {
      remote.send(lab.kit.addr(OUR_HOST));
      await lab.clock.advance(10);
    };
    await tell();
    expect(lab.dialsTo(self)).toHaveLength(1);
    expect(lab.happened.filter((what) => what.endsWith('self-connection'))).toHaveLength(2);
    expect(lab.records.find({ host: OUR_HOST, port: 10_333 })).toBeUndefined();
    await tell();
    expect(lab.dialsTo(self)).toHaveLength(1);
    await lab.clock.advance(DAY_MS);
    const again = await lab.inbound('30.2.0.1');
    again.remote.send(lab.kit.addr(OUR_HOST));
    await lab.clock.advance(10);
    expect(lab.dialsTo(self)).toHaveLength(2);
  });

  it('stays known where it is a seed, and is not dialled for a day all the same', async () => {
    const self = `${OUR_HOST}:10333`;
    lab = await PoolLab.start({ pool: { outbound: 1 }, seeds: [self] });
    await lab.clock.advance(10 * MINUTE_MS);
    expect(lab.dialsTo(self)).toHaveLength(1);
    expect(lab.records.find({ host: OUR_HOST, port: 10_333 })).toMatchObject({ source: 'seed' });
  });
});

describe('a flood of addresses into a small book', () => {
  it('drops no seed and no static address, and never what is over the cap', async () => {
    const seeds = ['20.1.0.1:10333', '20.2.0.1:10333', 'seed.example:10333'];
    lab = await PoolLab.start({ pool: { outbound: 1, bookRows: 50, static: ['20.3.0.1:10333'] }, seeds });
    await lab.clock.advance(2 * MINUTE_MS);
    for (let i = 0; i < 2000; i++) {
      lab.records.learn({ host: `21.${i >> 8}.${i & 255}.1`, port: 10_333 }, `30.${i % 250}.0.1`);
      if (i % 100 === 0) await lab.clock.advance(100);
    }
    expect(lab.pool.status().book.known).toBeLessThanOrEqual(50);
    for (const host of ['20.1.0.1', '20.2.0.1', 'seed.example', '20.3.0.1']) {
      const row = lab.records.rowOf({ host, port: 10_333 });
      expect([host, row !== undefined && lab.core.book.has(row)]).toEqual([host, true]);
    }
    const gossip = [...lab.records.rows()].filter(({ source }) => source === 'gossip');
    expect(gossip.length).toBeLessThanOrEqual(50);
  });

  it('forgets in the store too what the book drops, if it was only heard of', async () => {
    lab = await PoolLab.start({ pool: { bookRows: 50 } });
    await lab.inbound('30.1.0.1');
    for (let i = 0; i < 60; i++) lab.records.learn({ host: `21.1.${i}.1`, port: 10_333 }, `30.${i}.0.1`);
    for (const row of lab.records.rows()) {
      const own = lab.records.rowOf(row);
      if (own !== undefined) Object.assign(own, { failuresInARow: 3, lastAttemptAtMs: lab.clock.now() - DAY_MS });
    }
    const before = lab.records.size;
    await lab.clock.advance(MINUTE_MS);
    expect(lab.records.size).toBeLessThan(before);
    expect([...lab.records.rows()].filter(({ source }) => source === 'gossip')).toEqual([]);
    await lab.clock.advance(MINUTE_MS);
    const stored: string[] = [];
    for await (const { host } of lab.store.load(N3_KIT.network.name)) stored.push(host);
    expect(stored).toEqual(['30.1.0.1']);
  });
});

describe('settings of the store', () => {
  it.each(['no JSON', 'null', '17', '{}', '[1, null, "nonsense"]', '["20.1.0.1:0", {"host":"x"}]'])(
    'that name no anchors are ignored: %s',
    async (text) => {
      const store = await withSetting(SettingName.anchors, text);
      lab = await PoolLab.start({ store, pool: { outbound: 2 } });
      await lab.clock.advance(10);
      expect(lab.dials).toEqual([]);
      await lab.node('20.2.0.1:10333');
      lab.learn('20.2.0.1:10333');
      await lab.clock.advance(10);
      expect(lab.outboundHosts).toEqual(['20.2.0.1']);
    },
  );

  it('name two anchors at most', async () => {
    const anchors = ['20.1.0.1:10333', '20.2.0.1:10333', '20.3.0.1:10333'];
    const store = await withSetting(SettingName.anchors, JSON.stringify(anchors));
    lab = await PoolLab.start({ store, pool: { outbound: 8 } });
    expect(lab.dials.map(({ to }) => to)).toEqual(anchors.slice(0, 2));
  });

  it('keep the anchors of the run before where this one had nobody', async () => {
    const text = JSON.stringify(['20.1.0.1:10333']);
    lab = await PoolLab.start({ store: await withSetting(SettingName.anchors, text), pool: { outbound: 1 } });
    await lab.clock.advance(10 * MINUTE_MS);
    expect(lab.core.state.setting(SettingName.anchors)).toBe(text);
  });

  it('note the anchors every minute, so that a crash keeps them', async () => {
    lab = await PoolLab.start({ pool: { outbound: 3 } });
    await lab.nodesAt(['20.1.0.1', '20.2.0.1', '20.3.0.1']);
    for (const host of ['20.1.0.1', '20.2.0.1', '20.3.0.1']) {
      lab.learn(`${host}:10333`);
      await lab.clock.advance(1000);
    }
    await lab.clock.advance(MINUTE_MS);
    expect(lab.core.state.setting(SettingName.anchors)).toBe('["20.1.0.1:10333","20.2.0.1:10333"]');
  });
});
