import { describe, expect, it } from '@jest/globals';
import type { SimulatedNode } from '../../src/testing/index.js';
import { HOUR, MINUTE, SELDOM, worlds } from './worlds.js';

/** Addresses that the attacker has in each of its /24s. */
const HOSTS_PER_GROUP = 200;

describe('an eclipse attempt', () => {
  const createWorld = worlds();

  /**
   * A victim that has been well for a quarter of an hour among 30 nodes, and then an attacker who fills its book with addresses from many
   * connections, all of which answer, and its inbound slots with these connections.
   */
  async function attacked(seed: number, groups: number) {
    const world = await createWorld({ seed, nodes: 30, peer: { timeouts: SELDOM } });
    await world.run(HOUR / 4);
    const victim = world.node(20);
    expect(victim.outbound()).toHaveLength(8);
    await world.addAdversary({
      conduct: 'eclipse',
      hosts: Array.from({ length: groups * HOSTS_PER_GROUP }, (_, i) => hostOf(i % groups, Math.floor(i / groups))),
      connections: 300,
      dialsPerSecond: 2,
      targets: [victim.index],
    });
    const restart = async () => {
      await world.crash(victim.index);
      await world.run(1000);
      await world.restart(victim.index);
      await world.run(2 * MINUTE);
    };
    /** Time goes by. @returns how many outbound slots the attacker had at most, looked at every two minutes */
    const watch = async (ms: number): Promise<number> => {
      let most = 0;
      for (let passed = 0; passed < ms; passed += 2 * MINUTE) {
        await world.run(2 * MINUTE);
        most = Math.max(most, attackersAmong(victim.outbound()));
      }
      return most;
    };
    return { world, victim, restart, watch };
  }

  it('from one network: never more than one outbound slot, 12 inbound slots and its part of the book, also after a restart (seed 71)', async () => {
    const { victim, restart, watch } = await attacked(71, 1);
    expect(await watch(HOUR)).toBeLessThanOrEqual(1);
    expect(attackersAmong(inboundOf(victim))).toBe(12);
    expect(victim.book().length).toBeGreaterThan(30);
    // A source reaches 64 of the buckets, and 200 addresses are soon told: each stands in one place or in few.
    expect(attackersAmong(victim.book().map(({ host }) => host))).toBeLessThan(HOSTS_PER_GROUP);
    await restart();
    expect(victim.outbound()).toHaveLength(8);
    expect(attackersAmong(victim.outbound())).toBeLessThanOrEqual(1);
    expect(await watch(HOUR / 2)).toBeLessThanOrEqual(1);
  });

  it('from ten networks: no more than the slot that changes hands while the peers stay, and its anchors stay after a restart (seed 72)', async () => {
    const { victim, restart, watch } = await attacked(72, 10);
    expect(await watch(HOUR)).toBeLessThanOrEqual(1);
    expect(attackersAmong(inboundOf(victim))).toBeGreaterThan(80);
    const reached = attackersAmong(triedBy(victim));
    await restart();
    expect(victim.outbound()).toHaveLength(8);
    expect(8 - attackersAmong(victim.outbound())).toBeGreaterThanOrEqual(2);
    // Those who connected to it don't count as reached now: only those whom it dialled since do.
    expect(attackersAmong(triedBy(victim)) - reached).toBeLessThanOrEqual(10);
  });
});

function hostOf(group: number, host: number): string {
  return `77.0.${group}.${host + 1}`;
}

function attackersAmong(hosts: readonly string[]): number {
  return hosts.filter((host) => host.startsWith('77.0.')).length;
}

function triedBy(node: SimulatedNode): readonly string[] {
  return node
    .book()
    .filter(({ isTried }) => isTried)
    .map(({ host }) => host);
}

function inboundOf({ pool }: SimulatedNode): readonly string[] {
  return pool
    .peers()
    .filter(({ direction }) => direction === 'inbound')
    .map(({ remoteAddress }) => remoteAddress.host);
}
