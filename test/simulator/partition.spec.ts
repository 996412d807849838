import { describe, expect, it } from '@jest/globals';
import type { Simulator } from '../../src/testing/index.js';
import { HOUR, MINUTE, SELDOM, worlds } from './worlds.js';

/** By then everybody whose peers don't answer has noticed: five minutes, and a ping. */
const NOTICED = 7 * MINUTE;

describe('a partition heals', () => {
  const createWorld = worlds();

  /** A world that was cut into two halves, each with a seed, and is whole again. */
  async function cutFor(ms: number, { seed, nodes }: { readonly seed: number; readonly nodes: number }) {
    const world = await createWorld({ seed, nodes, seeds: 2, peer: { timeouts: SELDOM } });
    await world.run(10 * MINUTE);
    expect(linksAcross(world)).toBeGreaterThan(nodes);
    world.partition(world.nodes.filter(isEven).map(({ index }) => index));
    await world.run(NOTICED);
    expect(linksAcross(world)).toBe(0);
    await world.run(ms - NOTICED);
    expect(world.nodes.filter(({ pool }) => pool.peers().length === 0)).toEqual([]);
    world.heal();
    return world;
  }

  it('links across exist within minutes where slots are free: two halves of 8, an hour (seed 21)', async () => {
    const world = await cutFor(HOUR, { seed: 21, nodes: 16 });
    await world.until(() => linksAcross(world) >= 8, 5 * MINUTE);
    expect(world.nodes.filter(({ pool }) => pool.status().bans > 0)).toEqual([]);
  });

  it('links across exist within a quarter of an hour where no slot is free: two halves of 40 (seed 23)', async () => {
    const world = await cutFor(2 * NOTICED, { seed: 23, nodes: 80 });
    await world.run(HOUR / 4);
    expect(linksAcross(world)).toBeGreaterThan(20);
    expect(world.nodes.filter(({ pool }) => pool.status().outbound.ready < 8)).toEqual([]);
  });
});

function isEven({ index }: { readonly index: number }): boolean {
  return index % 2 === 0;
}

/** Outbound peers in the other half. */
function linksAcross(world: Simulator): number {
  const half = new Map(world.nodes.map((node) => [node.host, isEven(node)]));
  return world.nodes.flatMap((node) => node.outbound().filter((host) => half.get(host) !== isEven(node))).length;
}
