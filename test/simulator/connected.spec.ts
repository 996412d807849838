import { describe, expect, it } from '@jest/globals';
import { allFull, HOUR, MINUTE, SELDOM, worlds } from './worlds.js';

describe('everyone gets connected from one seed', () => {
  const createWorld = worlds();

  it('200 nodes that start at once fill their slots within two minutes (seed 7)', async () => {
    const world = await createWorld({ seed: 7, nodes: 200 });
    await world.until(() => allFull(world), 2 * MINUTE);
    const statuses = world.nodes.map(({ pool }) => pool.status());
    expect(statuses.filter(({ starvedSinceMs }) => starvedSinceMs !== undefined)).toEqual([]);
    expect(statuses.filter(({ bans }) => bans > 0)).toEqual([]);
    // Nobody knows everybody: answers to getaddr don't give the book away. Each knows enough to lose some.
    const known = statuses.map(({ book }) => book.known);
    expect(Math.min(...known)).toBeGreaterThan(24);
    expect(Math.max(...known)).toBeLessThan(200);
    for (const node of world.nodes) expect(new Set(node.outbound()).size).toBe(8);
  });

  it.each(['n3', 'legacy'] as const)(
    'also where one in fifty attempts and chunks is lost, on %s (seed 8)',
    async (network) => {
      const world = await createWorld({ seed: 8, nodes: 60, network, loss: 0.02 });
      const nearlyFull = () => world.nodes.filter(({ pool }) => pool.status().outbound.ready >= 7).length;
      await world.until(() => nearlyFull() >= 57, 5 * MINUTE);
      expect(world.nodes.filter(({ pool }) => pool.status().bans > 0)).toEqual([]);
    },
  );

  it('a seed that everybody dials misses nobody: 20 nodes, two hours (seed 9)', async () => {
    const world = await createWorld({ seed: 9, nodes: 20, peer: { timeouts: SELDOM } });
    const starved: number[] = [];
    await world.run(MINUTE);
    world.on('starved', ({ index }) => starved.push(index));
    await world.run(2 * HOUR);
    expect(starved).toEqual([]);
    expect(world.nodes.filter(({ pool }) => pool.status().starvedSinceMs !== undefined)).toEqual([]);
  });
});
