import { afterEach, describe, expect, it } from '@jest/globals';
import type { PoolOptions } from '../../../src/config/pool-options.js';
import { type ScriptedPeer, SeededRandom } from '../../../src/testing/index.js';
import { PoolLab, PoolWorld } from '../../support/pool-lab.js';

const DAY_MS = 86_400_000;

let lab: PoolLab;
afterEach(() => lab.close());

/** The first hosts of as many groups. */
const hosts = (count: number): string[] => Array.from({ length: count }, (_, i) => `20.${1 + (i >> 8)}.${i & 255}.1`);
const addresses = (count: number): string[] => hosts(count).map((host) => `${host}:10333`);

describe('free slots', () => {
  it('are filled at once, by dials in parallel', async () => {
    lab = await PoolLab.start({ pool: { outbound: 3 } });
    await lab.nodesAt(hosts(4));
    lab.learn(...addresses(4));
    await lab.clock.advance(1);
    expect(lab.dials).toHaveLength(3);
    expect(new Set(lab.dials.map(({ atMs }) => atMs)).size).toBe(1);
    await lab.settle();
    expect(lab.pool.status().outbound).toEqual({ wanted: 3, ready: 3, dialling: 0 });
  });

  it('are not filled twice while dials are under way, and no address is dialled twice', async () => {
    lab = await PoolLab.start({ pool: { outbound: 3 } });
    await Promise.all(addresses(2).map((address) => lab.mute(address)));
    lab.learn(...addresses(2));
    await lab.clock.advance(9000);
    expect(lab.dials.map(({ to }) => to).toSorted()).toEqual(addresses(2));
    expect(lab.pool.status().outbound).toEqual({ wanted: 3, ready: 0, dialling: 2 });
  });

  it('are given back when a dial takes longer than its time, and others get them', async () => {
    lab = await PoolLab.start({ pool: { outbound: 1, dialTimeoutMs: 3000 } });
    const [mute, good] = addresses(2) as [string, string];
    await lab.mute(mute);
    await lab.node(good);
    lab.learn(mute);
    await lab.clock.advance(1000);
    lab.learn(good);
    await lab.clock.advance(1990);
    expect(lab.dialsTo(good)).toEqual([]);
    await lab.clock.advance(100);
    expect(lab.outboundHosts).toEqual([hosts(2)[1]]);
  });

  it('are filled anew when a peer is lost', async () => {
    lab = await PoolLab.start({ pool: { outbound: 1 } });
    const [first] = await lab.nodesAt(hosts(1));
    lab.learn(addresses(2)[0]!);
    await lab.clock.advance(10);
    await lab.node(addresses(2)[1]!);
    lab.learn(addresses(2)[1]!);
    await first!.crash();
    await lab.clock.advance(10);
    expect(lab.outboundHosts).toEqual([hosts(2)[1]]);
  });

  it('are filled as soon as somebody is learnt, and as soon as somebody has rested', async () => {
    lab = await PoolLab.start({ pool: { outbound: 1 } });
    const [address] = addresses(1);
    await lab.clock.advance(3_600_000);
    lab.learn(address!);
    await lab.clock.advance(1);
    expect(lab.dialsTo(address!)).toHaveLength(1);
    const { nextDialAtMs } = lab.records.find({ host: hosts(1)[0]!, port: 10_333 })!;
    await lab.clock.advance(nextDialAtMs! - lab.clock.now() - 1);
    expect(lab.dialsTo(address!)).toHaveLength(1);
    await lab.clock.advance(3);
    expect(lab.dialsTo(address!)).toHaveLength(2);
  });

  it('stay free with `outbound: 0`', async () => {
    lab = await PoolLab.start({ seeds: ['20.9.0.1:10333'] });
    lab.learn(...addresses(20));
    await lab.clock.advance(DAY_MS);
    expect(lab.dials).toEqual([]);
    expect(lab.happened).toEqual([]);
  });
});

describe('the cap of dials a second', () => {
  it.each([
    [5, 10],
    [0.5, 1],
    [20, 40],
  ])('lets %d a second begin, and %d at once', async (dialsPerSecond, burst) => {
    lab = await PoolLab.start({ pool: { outbound: 200, dialsPerSecond } });
    lab.learn(...addresses(200));
    await lab.clock.advance(1);
    expect(lab.dials).toHaveLength(burst);
    for (let second = 1; second <= 10; second++) {
      await lab.clock.advance(1000);
      const most = burst + dialsPerSecond * second;
      expect(lab.dials.length).toBeLessThanOrEqual(most);
      expect(lab.dials.length).toBeGreaterThanOrEqual(Math.min(200, Math.floor(most)) - 1);
    }
  });
});

describe('an address that fails', () => {
  it('rests longer and longer, each time up to a limit that doubles, with full jitter', async () => {
    lab = await PoolLab.start({ pool: { outbound: 1 } });
    const [address] = addresses(1);
    const row = { host: hosts(1)[0]!, port: 10_333 };
    lab.learn(address!);
    await lab.clock.advance(1);
    const shares: number[] = [];
    for (let failures = 1; failures <= 14; failures++) {
      const { nextDialAtMs, lastAttemptAtMs, failuresInARow } = lab.records.find(row)!;
      expect(failuresInARow).toBe(failures);
      expect(lab.dialsTo(address!)).toHaveLength(failures);
      const limitMs = Math.min(6 * 3_600_000, 15_000 * 2 ** (failures - 1));
      const waitMs = nextDialAtMs! - lastAttemptAtMs!;
      expect(waitMs).toBeLessThanOrEqual(limitMs);
      expect(waitMs).toBeGreaterThan(0);
      shares.push(waitMs / limitMs);
      await lab.clock.advance(nextDialAtMs! - lab.clock.now() - 1);
      expect(lab.dialsTo(address!)).toHaveLength(failures);
      await lab.clock.until(() => lab.dials.length > failures, 31_000);
    }
    expect(Math.min(...shares)).toBeLessThan(0.3);
    expect(Math.max(...shares)).toBeGreaterThan(0.7);
  });

  it('is not dialled sooner because the node was restarted', async () => {
    const [address] = addresses(1);
    const row = { host: hosts(1)[0]!, port: 10_333 };
    const before = await PoolLab.start({ pool: { outbound: 1 } });
    before.learn(address!);
    while ((before.records.find(row)!.nextDialAtMs ?? 0) - before.clock.now() < 60_000) {
      await before.clock.advance(30_000);
    }
    const { nextDialAtMs } = before.records.find(row)!;
    await before.stop();
    const { world, store } = before;
    lab = await PoolLab.start({ pool: { outbound: 1 }, world, store });
    await lab.clock.advance(nextDialAtMs! - lab.clock.now() - 10);
    expect(lab.dials).toEqual([]);
    await lab.clock.advance(31_000);
    expect(lab.dialsTo(address!)).toHaveLength(1);
  });

  it('of another network rests for a day, and is tried again then: no verdict is for good', async () => {
    lab = await PoolLab.start({ pool: { outbound: 1 } });
    const [address] = addresses(1);
    const { remotes } = await lab.mute(address!);
    lab.learn(address!);
    await lab.clock.advance(1);
    remotes[0]!.write(lab.kit.dialect.encode(remotes[0]!.version(), 4711));
    await lab.settle();
    expect(lab.happened).toEqual([`disconnected ${hosts(1)[0]} wrong-network`]);
    await lab.clock.advance(DAY_MS - 1000);
    expect(lab.dialsTo(address!)).toHaveLength(1);
    await lab.clock.advance(40_000);
    expect(lab.dialsTo(address!).length).toBeGreaterThanOrEqual(2);
  });

  it('rests a minute at most if it is a seed, also one of another network', async () => {
    const [address] = addresses(1);
    lab = await PoolLab.start({ pool: { outbound: 1 }, seeds: [address!] });
    await lab.clock.advance(DAY_MS / 24);
    const times = lab.dialsTo(address!);
    const gaps = times.slice(1).map((time, i) => time - times[i]!);
    expect(gaps.length).toBeGreaterThan(40);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(60_000 + 30_000);
  });

  it('whose connections never last rests longer and longer too', async () => {
    lab = await PoolLab.start({ pool: { outbound: 1 } });
    const [address] = addresses(1);
    const node = await lab.node(address!);
    lab.learn(address!);
    for (let i = 0; i < 600; i++) {
      await lab.clock.advance(10_000);
      for (const remote of node.remotes.splice(0)) remote.connection.destroy();
    }
    const times = lab.dialsTo(address!);
    expect(times.length).toBeGreaterThan(5);
    expect(times.length).toBeLessThan(25);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'whose connection lasted is dialled again soon after it is lost (seed %d)',
    async (seed) => {
      lab = await PoolLab.start({ pool: { outbound: 1 }, random: new SeededRandom(seed) });
      const [address] = addresses(1);
      const node = await lab.node(address!);
      lab.learn(address!);
      for (let round = 1; round <= 5; round++) {
        await lab.clock.advance(120_000);
        expect(lab.dialsTo(address!)).toHaveLength(round);
        node.remote.connection.destroy();
        await lab.clock.advance(15_000 + 100);
        expect(lab.outboundHosts).toEqual([hosts(1)[0]]);
      }
    },
  );
});

describe('two automatic peers', () => {
  it('are never of one group', async () => {
    lab = await PoolLab.start({ pool: { outbound: 8 } });
    const crowd = Array.from({ length: 30 }, (_, i) => `20.1.0.${i + 1}`);
    await lab.nodesAt([...crowd, '20.2.0.1', '20.3.0.1']);
    lab.learn(...[...crowd, '20.2.0.1', '20.3.0.1'].map((host) => `${host}:10333`));
    await lab.clock.advance(60_000);
    expect(lab.outboundHosts).toEqual([expect.stringMatching(/^20\.1\.0\./), '20.2.0.1', '20.3.0.1']);
    expect(lab.pool.status()).toMatchObject({ outbound: { ready: 3 }, groups: 3 });
  });

  it('may be in one private network, where groups say nothing, if it is exempt', async () => {
    lab = await PoolLab.start({ pool: { outbound: 8, exempt: ['10.0.0.0/8'] } });
    await lab.nodesAt(['10.0.0.2', '10.0.0.3', '10.0.0.4']);
    lab.learn('10.0.0.2:10333', '10.0.0.3:10333', '10.0.0.4:10333');
    await lab.clock.advance(10);
    expect(lab.outboundHosts).toEqual(['10.0.0.2', '10.0.0.3', '10.0.0.4']);
  });

  it('are never of one group when names lead there: one of them stays', async () => {
    const names = ['a.example', 'b.example', 'c.example'];
    const world = new PoolWorld({ latencyMs: 40 });
    lab = await PoolLab.compile({ world, pool: { outbound: 8 }, seeds: names.map((name) => `${name}:10333`) });
    await lab.nodesAt(['20.1.0.1', '20.1.0.2', '20.1.0.3']);
    for (const [i, name] of names.entries()) lab.resolver.set(name, [`20.1.0.${i + 1}`]);
    await lab.module.init();
    await lab.clock.advance(400);
    expect(lab.dials).toHaveLength(3);
    expect(lab.outboundHosts).toHaveLength(1);
    await lab.clock.advance(240_000);
    expect(lab.outboundHosts).toHaveLength(1);
  });

  it('are never of one group when a name leads into the group of an address', async () => {
    lab = await PoolLab.start({ pool: { outbound: 8 } });
    await lab.nodesAt(['20.1.0.1', '20.1.0.2']);
    lab.learn('20.1.0.1:10333');
    await lab.clock.advance(10);
    lab.resolver.set('a.example', ['20.1.0.2']);
    lab.records.plant([{ host: 'a.example', port: 10_333 }]);
    await lab.clock.advance(100);
    expect(lab.nodes[1]!.remotes).toHaveLength(1);
    expect(lab.outboundHosts).toEqual(['20.1.0.1']);
  });
});

describe('whom the slots take', () => {
  it('is a mix of nodes that were reached before and of new ones', async () => {
    lab = await PoolLab.start({ pool: { outbound: 40, dialsPerSecond: 100 } });
    lab.learn(...addresses(400));
    for (const host of hosts(200)) {
      const row = lab.records.rowOf({ host, port: 10_333 });
      if (row !== undefined) lab.core.book.succeeded(row);
    }
    expect(lab.core.book.counts.tried).toBeGreaterThan(150);
    await lab.clock.advance(1);
    const wasTried = lab.dials.filter(({ to }) => addresses(200).includes(to)).length;
    expect(lab.dials).toHaveLength(40);
    expect(wasTried).toBeGreaterThan(8);
    expect(wasTried).toBeLessThan(32);
  });

  it('are the anchors first, the automatic peers that were there longest before a restart', async () => {
    const before = await PoolLab.start({ pool: { outbound: 6 }, random: new SeededRandom(3) });
    await before.nodesAt(hosts(6));
    for (const address of addresses(6)) {
      before.learn(address);
      await before.clock.advance(1000);
    }
    expect(before.outboundHosts).toHaveLength(6);
    before.learn(...addresses(200).slice(6));
    await before.stop();
    const { world, store } = before;
    lab = await PoolLab.start({ pool: { outbound: 6 }, world, store, random: new SeededRandom(4) });
    expect(lab.dials.slice(0, 2).map(({ to }) => to)).toEqual(addresses(2));
    await before.leave();
  });

  it('are others soon when the last slot is for an anchor that is gone', async () => {
    const [anchor, other] = addresses(2) as [string, string];
    const before = await PoolLab.start({ pool: { outbound: 1 } });
    const [node] = await before.nodesAt(hosts(1));
    before.learn(anchor);
    await before.clock.advance(10);
    await node!.down();
    before.learn(other);
    await before.stop();
    const { world, store } = before;
    lab = await PoolLab.start({ pool: { outbound: 1 }, world, store });
    await lab.node(other);
    await lab.clock.advance(5000);
    expect(lab.dialsTo(anchor)).toHaveLength(1);
    expect(lab.outboundHosts).toEqual([hosts(2)[1]]);
    await before.leave();
  });
});

/** Somebody who was reached before. */
function reached(host: string): void {
  lab.learn(`${host}:10333`);
  lab.core.book.succeeded(lab.records.rowOf({ host, port: 10_333 })!);
}

describe('a slot that changes hands', () => {
  const MINUTE_MS = 60_000;
  /** Time enough for one exchange, and for no second one. */
  const ONE_TURN_MS = 20 * MINUTE_MS;
  const [first, second, youngest, newcomer] = hosts(4) as [string, string, string, string];

  /** Three slots that are taken, each by one who came later than the one before. */
  async function full({ random, ...pool }: PoolOptions & { random?: SeededRandom } = {}): Promise<void> {
    lab = await PoolLab.start({
      pool: { outbound: 3, feelerMs: 2 * MINUTE_MS, ...pool },
      options: { timeouts: { idleMs: DAY_MS, handshakeMs: DAY_MS } },
      ...(random && { random }),
    });
    await lab.nodesAt([first, second, youngest]);
    for (const host of [first, second, youngest]) {
      lab.learn(`${host}:10333`);
      await lab.clock.advance(100);
    }
  }

  it('goes from the youngest peer to one who was reached before, and back, and no other ever does', async () => {
    await full();
    await lab.node(`${newcomer}:10333`);
    reached(newcomer);
    const ready: number[] = [];
    lab.events.on('disconnected', () => ready.push(lab.pool.status().outbound.ready));
    await lab.clock.advance(ONE_TURN_MS);
    expect(lab.outboundHosts).toEqual([first, second, newcomer].toSorted());
    await lab.clock.advance(ONE_TURN_MS);
    expect(lab.outboundHosts).toEqual([first, second, youngest].toSorted());
    await lab.clock.advance(DAY_MS / 12);
    expect(lab.outboundHosts).toEqual(expect.arrayContaining([first, second]));
    expect(lab.happened.slice(0, 2)).toEqual([`disconnected ${youngest} evicted`, `disconnected ${newcomer} evicted`]);
    expect(new Set(lab.happened).size).toBe(2);
    expect(lab.happened.length).toBe(8);
    expect(new Set(ready)).toEqual(new Set([3]));
  });

  it('stays with the peer that has it when the other one can’t be reached', async () => {
    await full();
    reached(newcomer);
    await lab.clock.advance(ONE_TURN_MS);
    expect(lab.dialsTo(`${newcomer}:10333`)).toHaveLength(1);
    expect(lab.outboundHosts).toEqual([first, second, youngest].toSorted());
    expect(lab.happened).toEqual([]);
  });

  it.each([
    ['with fewer than three', { outbound: 2 }],
    ['without feelers', { feelerMs: 0 }],
  ])('is none %s', async (_name, pool) => {
    await full(pool);
    const before = lab.outboundHosts;
    reached(newcomer);
    await lab.clock.advance(DAY_MS / 24);
    expect(lab.outboundHosts).toEqual(before);
    expect(lab.dialsTo(`${newcomer}:10333`)).toEqual([]);
    expect(lab.happened.filter((what) => what.endsWith('evicted'))).toEqual([]);
  });

  it('is that of no anchor, also where all came at the same moment', async () => {
    lab = await PoolLab.start({
      pool: { outbound: 3, feelerMs: 2 * MINUTE_MS },
      options: { timeouts: { idleMs: DAY_MS } },
    });
    await lab.nodesAt([first, second, youngest, newcomer]);
    lab.learn(...[first, second, youngest].map((host) => `${host}:10333`));
    await lab.clock.advance(MINUTE_MS);
    const anchors = (JSON.parse(lab.core.state.setting('anchors')!) as string[]).map(
      (address) => address.split(':')[0],
    );
    reached(newcomer);
    await lab.clock.advance(DAY_MS / 24);
    expect(lab.happened.length).toBeGreaterThan(0);
    expect(lab.outboundHosts).toEqual(expect.arrayContaining(anchors));
  });

  it('is none while somebody is dialled for a free one', async () => {
    await full({ outbound: 4, dialTimeoutMs: DAY_MS });
    await lab.mute('20.9.0.1:10333');
    lab.learn('20.9.0.1:10333');
    await lab.clock.advance(100);
    reached(newcomer);
    await lab.clock.advance(DAY_MS / 24);
    expect(lab.pool.status().outbound).toEqual({ wanted: 4, ready: 3, dialling: 1 });
    expect(lab.dialsTo(`${newcomer}:10333`)).toEqual([]);
  });

  it('does not go to one who was only heard of', async () => {
    await full();
    await lab.mute(`${newcomer}:10333`);
    lab.learn(`${newcomer}:10333`);
    await lab.clock.advance(DAY_MS / 24);
    expect(lab.outboundHosts).toEqual([first, second, youngest].toSorted());
  });

  it('may go to one of the group of the peer that has it, and to none of the others', async () => {
    await full();
    const alike = [first, second, youngest].map((host) => host.replace(/1$/, '99'));
    await lab.nodesAt(alike);
    for (const host of alike) reached(host);
    await lab.clock.advance(DAY_MS / 24);
    expect(lab.dialsTo(`${alike[0]}:10333`)).toEqual([]);
    expect(lab.dialsTo(`${alike[1]}:10333`)).toEqual([]);
    expect(lab.happened[0]).toBe(`disconnected ${youngest} evicted`);
    expect(lab.pool.status().outbound).toEqual({ wanted: 3, ready: 3, dialling: 0 });
  });

  /** Somebody is being dialled for the slot, and takes their time. */
  async function exchanging(): Promise<ScriptedPeer> {
    await full();
    const { remotes } = await lab.mute(`${newcomer}:10333`);
    reached(newcomer);
    await lab.clock.until(() => remotes.length > 0, ONE_TURN_MS);
    expect(lab.pool.status().outbound).toEqual({ wanted: 3, ready: 3, dialling: 1 });
    return remotes[0]!;
  }

  it('is a free one if there is one by the time the newcomer is ready', async () => {
    const remote = await exchanging();
    await lab.nodes[0]!.crash();
    await lab.clock.advance(100);
    const shaken = remote.handshake();
    await lab.clock.advance(100);
    await shaken;
    expect(lab.outboundHosts).toEqual([second, youngest, newcomer].toSorted());
    expect(lab.happened).toEqual([`disconnected ${first} remote-closed`]);
  });

  it('is filled at once if the newcomer fails and a peer was lost meanwhile', async () => {
    await exchanging();
    await lab.nodes[0]!.crash();
    const other = '20.9.0.1';
    await lab.node(`${other}:10333`);
    lab.learn(`${other}:10333`);
    await lab.clock.advance(100);
    expect(lab.dialsTo(`${other}:10333`)).toEqual([]);
    await lab.clock.advance(10_000);
    expect(lab.outboundHosts).toEqual([second, youngest, other].toSorted());
  });

  it('is not that of a peer that somebody wants to keep by then', async () => {
    const remote = await exchanging();
    await lab.pool.connect(`${youngest}:10333`);
    const shaken = remote.handshake();
    await lab.clock.advance(100);
    await shaken;
    expect(lab.outboundHosts).toEqual([first, second, youngest, newcomer].toSorted());
    expect(lab.happened).toEqual([]);
  });

  it('changes hands at another time for each node, though all were started at once', async () => {
    const minutes = new Set<number>();
    for (let seed = 1; seed <= 8; seed++) {
      await full({ random: new SeededRandom(seed) });
      reached(newcomer);
      await lab.clock.until(() => lab.dialsTo(`${newcomer}:10333`).length > 0, ONE_TURN_MS);
      minutes.add(Math.floor(lab.dials.at(-1)!.atMs / MINUTE_MS));
      await lab.close();
    }
    expect(minutes.size).toBeGreaterThan(3);
    expect(Math.max(...minutes)).toBeLessThanOrEqual(20);
    lab = await PoolLab.start();
  });
});

describe('the stop', () => {
  it('leaves no look behind, though a dial has brought its own address into the book just before', async () => {
    lab = await PoolLab.start({ pool: { outbound: 8 } });
    lab.keeper.wake();
    await lab.clock.advance(1);
    lab.core.state.set('anchors', '["20.1.0.1:10333","20.2.0.1:10333"]');
    const { world, store } = lab;
    await lab.stop();
    const again = await PoolLab.compile({ pool: { outbound: 8 }, world, store });
    await again.module.init();
    await again.stop();
    expect(world.clock.pending).toBe(0);
    const { length } = again.dials;
    await world.clock.advance(DAY_MS);
    expect(again.dials).toHaveLength(length);
    lab = await PoolLab.start();
  });
});
