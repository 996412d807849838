import { describe, expect, it } from '@jest/globals';
import { MINUTE, worlds } from './worlds.js';

describe('same seed, same result', () => {
  const createWorld = worlds();

  /** A bit of everything: loss, adversaries, crashes, a cut, and those who come later. */
  async function story(seed: number, network: 'n3' | 'legacy'): Promise<string[]> {
    const world = await createWorld({ seed, nodes: 10, network, loss: 0.002, jitterMs: 20 });
    const digests: string[] = [];
    const goOn = async (): Promise<void> => {
      await world.run(1.5 * MINUTE);
      digests.push(world.digest());
    };
    await goOn();
    for (const conduct of ['garbage', 'liar', 'request-flood', 'eclipse'] as const)
      await world.addAdversary({ conduct });
    await goOn();
    await world.crash(3);
    await world.vanish(4);
    world.partition([0, 1, 2, 5]);
    await goOn();
    world.heal();
    await world.restart(3);
    await world.stop(6);
    await world.addNode();
    await goOn();
    return digests;
  }

  it('and another one with another seed', async () => {
    const [one, other] = [await createWorld({ seed: 93, nodes: 3 }), await createWorld({ seed: 94, nodes: 3 })];
    await one.run(MINUTE);
    await other.run(MINUTE);
    expect(one.digest()).not.toBe(other.digest());
  });

  it.each([
    ['n3', 91],
    ['legacy', 92],
  ] as const)('on %s (seed %i)', async (network, seed) => {
    const first = await story(seed, network);
    expect(await story(seed, network)).toEqual(first);
    expect(new Set(first).size).toBe(4);
  });
});
