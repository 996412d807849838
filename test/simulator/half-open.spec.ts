import { describe, expect, it } from '@jest/globals';
import { allFull, isFull, MINUTE, worlds } from './worlds.js';

/** `timeouts.idleMs`, after which somebody who says nothing is taken for gone. */
const IDLE = 5 * MINUTE;

describe('half-open links are noticed and replaced', () => {
  const createWorld = worlds();

  it('when the hosts at the other end are gone without a word (seed 31)', async () => {
    const world = await createWorld({ seed: 31, nodes: 40 });
    await world.until(() => allFull(world) || world.elapsedMs > 2 * MINUTE, 3 * MINUTE);
    const node = world.node(20);
    const gone = new Set(node.outbound().slice(0, 5));
    const reasons: string[] = [];
    world.on('disconnected', ({ index }, { remoteAddress }, { reason }) => {
      if (index === 20 && gone.has(remoteAddress.host)) reasons.push(reason);
    });
    for (const { index, host } of world.nodes) if (gone.has(host)) await world.vanish(index);
    await world.run(IDLE - 30_000);
    expect(reasons).toEqual([]);
    await world.run(MINUTE);
    expect(reasons.length).toBeGreaterThanOrEqual(5);
    expect(new Set(reasons)).toEqual(new Set(['idle']));
    await world.until(() => isFull(node), 2 * MINUTE);
    expect(node.outbound().filter((host) => gone.has(host))).toEqual([]);
  });

  it('when a router in between has forgotten them, on both sides, and the same peers may be dialled again (seed 32)', async () => {
    const world = await createWorld({ seed: 32, nodes: 12 });
    await world.run(2 * MINUTE);
    const node = world.node(5);
    const before = node.pool.peers().length;
    expect(before).toBeGreaterThan(0);
    const idle: number[] = [];
    world.on('disconnected', ({ index }, _peer, { reason }) => reason === 'idle' && idle.push(index));
    world.network.blackhole(node.host);
    await world.run(IDLE + 30_000);
    expect(idle.filter((index) => index === 5)).toHaveLength(before);
    expect(idle.filter((index) => index !== 5)).toHaveLength(before);
    await world.until(() => node.pool.peers().length >= before, 5 * MINUTE);
    expect(world.nodes.filter(({ pool }) => pool.status().bans > 0)).toEqual([]);
  });
});
