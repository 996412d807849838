import { afterEach, describe, expect, it } from '@jest/globals';
import { OptionsError } from '../../../src/config/options.error.js';
import type { Address } from '../../../src/peer/peer-factory.js';
import { BannedError } from '../../../src/pool/bans/banned.error.js';
import { failure } from '../../support/failure.js';
import { OUR_HOST, PoolLab, PoolWorld } from '../../support/pool-lab.js';

const MINUTE_MS = 60_000;
const NODE = '20.1.0.1:10333';

let lab: PoolLab;
afterEach(() => lab.close());

/** Whether a promise has settled by now, and how. */
function watched(promise: Promise<void>): { state: 'pending' | 'resolved' | 'rejected' } {
  const seen = { state: 'pending' as 'pending' | 'resolved' | 'rejected' };
  promise.then(
    () => (seen.state = 'resolved'),
    () => (seen.state = 'rejected'),
  );
  return seen;
}

describe('connect()', () => {
  it('resolves when the peer is ready', async () => {
    lab = await PoolLab.start({ world: new PoolWorld({ latencyMs: 50 }) });
    await lab.node(NODE);
    const connecting = watched(lab.pool.connect(NODE));
    await lab.clock.advance(100);
    expect(connecting.state).toBe('pending');
    await lab.clock.advance(300);
    expect(connecting.state).toBe('resolved');
    expect(lab.outboundHosts).toEqual(['20.1.0.1']);
    expect(lab.pool.status()).toMatchObject({ kept: { wanted: 1, ready: 1 }, outbound: { ready: 0 } });
    expect(lab.pool.explain(NODE)).toEqual({ dialled: true, why: 'connected' });
  });

  it('resolves when nobody is there, too, and goes on', async () => {
    lab = await PoolLab.start();
    await lab.pool.connect(NODE);
    expect(lab.dialsTo(NODE)).toHaveLength(1);
    expect(lab.pool.explain(NODE)).toMatchObject({ dialled: true, why: expect.stringContaining('at all times') });
    expect(lab.logger.warnings).toEqual([expect.stringContaining(NODE)]);
    await lab.node(NODE);
    await lab.clock.advance(5000);
    expect(lab.outboundHosts).toEqual(['20.1.0.1']);
  });

  it('resolves when the dial’s time is over', async () => {
    lab = await PoolLab.start({ pool: { dialTimeoutMs: 3000 } });
    await lab.mute(NODE);
    const connecting = watched(lab.pool.connect(NODE));
    await lab.clock.advance(2900);
    expect(connecting.state).toBe('pending');
    await lab.clock.advance(200);
    expect(connecting.state).toBe('resolved');
  });

  it('changes nothing at the second call, which waits for the same dial', async () => {
    lab = await PoolLab.start();
    await lab.mute(NODE);
    const both = [watched(lab.pool.connect(NODE)), watched(lab.pool.connect(NODE))];
    await lab.clock.advance(9000);
    expect(both.map(({ state }) => state)).toEqual(['pending', 'pending']);
    await lab.clock.advance(2000);
    expect(both.map(({ state }) => state)).toEqual(['resolved', 'resolved']);
    expect(lab.pool.status().kept.wanted).toBe(1);
    await lab.pool.connect(NODE);
    expect(lab.dialsTo(NODE)).toHaveLength(1);
  });

  it('may be called before the module has started: it dials when that has', async () => {
    lab = await PoolLab.compile();
    await lab.node(NODE);
    await lab.pool.connect(NODE);
    expect(lab.dials).toEqual([]);
    await lab.module.init();
    await lab.settle();
    expect(lab.outboundHosts).toEqual(['20.1.0.1']);
  });

  it('waits for the budget of dials, and resolves when the pool stops before its turn', async () => {
    lab = await PoolLab.start({ pool: { dialsPerSecond: 0.1 } });
    await lab.pool.connect('20.9.0.1:10333');
    const connecting = watched(lab.pool.connect(NODE));
    await lab.clock.advance(1000);
    expect(connecting.state).toBe('pending');
    await lab.stop();
    expect(connecting.state).toBe('resolved');
    expect(lab.dialsTo(NODE)).toEqual([]);
  });

  it('resolves when disconnect() takes it back before its turn', async () => {
    lab = await PoolLab.start({ pool: { dialsPerSecond: 0.1 } });
    await lab.pool.connect('20.9.0.1:10333');
    const connecting = watched(lab.pool.connect(NODE));
    await lab.clock.advance(1000);
    await lab.pool.disconnect(NODE);
    await lab.settle();
    expect(connecting.state).toBe('resolved');
    await lab.clock.advance(60_000);
    expect(lab.dialsTo(NODE)).toEqual([]);
  });

  it('refuses what is no address', async () => {
    lab = await PoolLab.start();
    for (const call of ['connect', 'disconnect'] as const) {
      const error = await failure(lab.pool[call]('nonsense' as Address));
      expect(error).toBeInstanceOf(OptionsError);
      expect(error).toMatchObject({ path: 'address', value: 'nonsense' });
    }
    expect(() => lab.pool.explain({ host: '20.1.0.1', port: 0 })).toThrow(OptionsError);
    expect(lab.pool.status().kept.wanted).toBe(0);
  });

  it('refuses a banned address, and says how it is banned', async () => {
    lab = await PoolLab.start();
    await lab.pool.ban('20.1.0.0/16', { reason: 'enough', forMs: 1000 });
    const error = await failure(lab.pool.connect(NODE));
    expect(error).toBeInstanceOf(BannedError);
    expect(error).toMatchObject({
      code: 'NEO_PEER_BANNED',
      address: NODE,
      ban: { subject: '20.1.0.0/16', reason: 'enough' },
      message: expect.stringMatching(/20\.1\.0\.1:10333 is banned as 20\.1\.0\.0\/16 until .*Z: enough/),
    });
    expect(lab.dials).toEqual([]);
    expect(lab.pool.status().kept.wanted).toBe(0);
  });

  it('keeps a peer that is in a slot already, and frees the slot', async () => {
    lab = await PoolLab.start({ pool: { outbound: 1 } });
    const node = await lab.node(NODE);
    lab.learn(NODE);
    await lab.clock.advance(10);
    expect(lab.pool.status()).toMatchObject({ outbound: { ready: 1 }, kept: { ready: 0 } });
    await lab.pool.connect(NODE);
    expect(lab.pool.status()).toMatchObject({ outbound: { ready: 0 }, kept: { wanted: 1, ready: 1 } });
    expect(node.remotes).toHaveLength(1);
    node.remote.connection.destroy();
    await lab.clock.advance(5100);
    expect(node.remotes).toHaveLength(2);
    expect(lab.pool.status()).toMatchObject({ outbound: { ready: 0 }, kept: { wanted: 1, ready: 1 } });
  });

  it('keeps a peer that the application has dialled itself', async () => {
    lab = await PoolLab.start();
    const node = await lab.node(NODE);
    await lab.factory.dial(NODE);
    await lab.pool.connect(NODE);
    expect(lab.pool.status().kept).toEqual({ wanted: 1, ready: 1 });
    expect(node.remotes).toHaveLength(1);
  });

  it('keeps an address that a slot is dialling, once that is over', async () => {
    lab = await PoolLab.start({ pool: { outbound: 1 }, world: new PoolWorld({ latencyMs: 200 }) });
    await lab.node(NODE);
    lab.learn(NODE);
    await lab.clock.advance(100);
    void lab.pool.connect(NODE);
    await lab.clock.advance(6000);
    expect(lab.dialsTo(NODE)).toHaveLength(1);
    expect(lab.pool.status().kept).toEqual({ wanted: 1, ready: 1 });
  });
});

describe('a kept address', () => {
  it('is dialled again and again while nobody is there, with waits that grow to five minutes and no longer', async () => {
    lab = await PoolLab.start();
    await lab.pool.connect(NODE);
    await lab.clock.advance(600 * MINUTE_MS);
    const times = lab.dialsTo(NODE);
    const gaps = times.slice(1).map((time, i) => time - times[i]!);
    gaps.forEach((gap, i) => expect(gap).toBeLessThanOrEqual(Math.min(5 * MINUTE_MS, 5000 * 2 ** i)));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1000);
    expect(gaps.length).toBeGreaterThan(150);
    expect(gaps.length).toBeLessThan(400);
    expect(lab.logger.warnings.filter((line) => line.includes(NODE))).toHaveLength(1);
  });

  it('is dialled again within five seconds when a good connection is lost, and later and later when none lasts', async () => {
    lab = await PoolLab.start();
    const node = await lab.node(NODE);
    await lab.pool.connect(NODE);
    for (let round = 1; round <= 3; round++) {
      await lab.clock.advance(2 * MINUTE_MS);
      expect(node.remotes).toHaveLength(round);
      node.remote.connection.destroy();
      await lab.clock.advance(5100);
      expect(node.remotes).toHaveLength(round + 1);
    }
    const before = lab.dialsTo(NODE).length;
    for (let i = 0; i < 3600; i++) {
      node.remotes.at(-1)!.connection.destroy();
      await lab.clock.advance(1000);
    }
    expect(lab.dialsTo(NODE).length - before).toBeLessThan(60);
  });

  it('has a slot of its own beside the automatic ones, and no limit by group', async () => {
    lab = await PoolLab.start({
      pool: { outbound: 1, static: ['20.1.0.1:10333', { host: '20.1.0.2', port: 10_333 }] },
    });
    await lab.nodesAt(['20.1.0.1', '20.1.0.2', '20.1.0.3']);
    lab.learn('20.1.0.3:10333');
    await lab.clock.advance(5000);
    expect(lab.outboundHosts).toEqual(['20.1.0.1', '20.1.0.2', '20.1.0.3']);
    expect(lab.pool.status()).toMatchObject({ outbound: { ready: 1 }, kept: { wanted: 2, ready: 2 } });
  });

  it('may be a name, which is resolved at every dial', async () => {
    lab = await PoolLab.start();
    lab.resolver.set('a.example', ['20.1.0.1']);
    const nodes = await lab.nodesAt(['20.1.0.1', '20.2.0.1']);
    await lab.pool.connect('a.example:10333');
    expect(lab.outboundHosts).toEqual(['20.1.0.1']);
    lab.resolver.set('a.example', ['20.2.0.1']);
    await nodes[0]!.crash();
    await lab.clock.advance(5100);
    expect(lab.outboundHosts).toEqual(['20.2.0.1']);
  });

  it('is cut off by an operator’s ban, not dialled while that holds, and dialled again after it', async () => {
    lab = await PoolLab.start();
    await lab.node(NODE);
    await lab.pool.connect(NODE);
    await lab.pool.ban('20.1.0.1', { reason: 'enough', forMs: 60 * MINUTE_MS });
    await lab.settle();
    expect(lab.happened).toEqual(['banned 20.1.0.1 enough', 'disconnected 20.1.0.1 banned']);
    await lab.clock.advance(59 * MINUTE_MS);
    expect(lab.dialsTo(NODE)).toHaveLength(1);
    await lab.clock.advance(2 * MINUTE_MS);
    expect(lab.outboundHosts).toEqual(['20.1.0.1']);
  });

  it('that leads to ourselves is found out, and not dialled for a day', async () => {
    const self = `${OUR_HOST}:10333` as const;
    lab = await PoolLab.start({ pool: { static: [self] } });
    await lab.clock.advance(1000);
    expect(lab.dialsTo(self)).toHaveLength(1);
    expect(lab.pool.explain(self)).toEqual({ dialled: false, why: 'it is our own address' });
    await lab.clock.advance(24 * 60 * MINUTE_MS - 2000);
    expect(lab.dialsTo(self)).toHaveLength(1);
    await lab.clock.advance(6 * MINUTE_MS);
    expect(lab.dialsTo(self)).toHaveLength(2);
    await lab.clock.advance(60 * MINUTE_MS);
    expect(lab.dialsTo(self)).toHaveLength(2);
  });
});

describe('disconnect()', () => {
  it('ends the connection, resolves when it is over, and nobody dials it again', async () => {
    lab = await PoolLab.start({ world: new PoolWorld({ latencyMs: 50 }) });
    const node = await lab.node(NODE);
    const connecting = lab.pool.connect(NODE);
    await lab.clock.advance(1000);
    await connecting;
    const ending = watched(lab.pool.disconnect(NODE));
    await lab.clock.advance(10);
    expect(ending.state).toBe('pending');
    await lab.clock.advance(1000);
    expect(ending.state).toBe('resolved');
    expect(lab.happened).toEqual(['disconnected 20.1.0.1 local']);
    await lab.clock.advance(20 * MINUTE_MS);
    expect(node.remotes).toHaveLength(1);
    expect(lab.pool.status().kept).toEqual({ wanted: 0, ready: 0 });
  });

  it('ends what is being dialled: no connection of it stays', async () => {
    lab = await PoolLab.start({ world: new PoolWorld({ latencyMs: 500 }) });
    await lab.node(NODE);
    void lab.pool.connect(NODE);
    await lab.clock.advance(100);
    await lab.pool.disconnect(NODE);
    await lab.clock.advance(10_000);
    expect(lab.outboundHosts).toEqual([]);
    expect(lab.pool.status()).toMatchObject({ kept: { wanted: 0, ready: 0 }, groups: 0 });
  });

  it('ends a wait', async () => {
    lab = await PoolLab.start();
    await lab.pool.connect(NODE);
    await lab.pool.disconnect(NODE);
    await lab.clock.advance(20 * MINUTE_MS);
    expect(lab.dialsTo(NODE)).toHaveLength(1);
  });

  it('of an address that nobody keeps ends its connection all the same, or does nothing', async () => {
    lab = await PoolLab.start({ pool: { outbound: 1 } });
    await lab.node(NODE);
    lab.learn(NODE);
    await lab.clock.advance(10);
    await lab.pool.disconnect(NODE);
    expect(lab.happened).toEqual(['disconnected 20.1.0.1 local']);
    await lab.pool.disconnect('20.99.0.1:1');
  });

  it('can be followed by connect()', async () => {
    lab = await PoolLab.start();
    const node = await lab.node(NODE);
    await lab.pool.connect(NODE);
    await lab.pool.disconnect(NODE);
    await lab.pool.connect(NODE);
    expect(node.remotes).toHaveLength(2);
    expect(lab.pool.status().kept).toEqual({ wanted: 1, ready: 1 });
    await lab.clock.advance(4 * MINUTE_MS);
    expect(node.remotes).toHaveLength(2);
  });
});
