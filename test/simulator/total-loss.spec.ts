import { describe, expect, it } from '@jest/globals';
import { HOUR, isFull, MINUTE, SELDOM, worlds } from './worlds.js';

/** What the pool keeps of a source of addresses. */
interface SourceWait {
  readonly failures: number;
  readonly nextAtMs: number;
}

describe('all peers die and return', () => {
  const createWorld = worlds();

  /** A node that nobody dials, in a world of others, some minutes old. */
  async function witness(seed: number, seeds?: readonly string[]) {
    const world = await createWorld({
      seed,
      nodes: 30,
      ...(seeds && { seeds }),
      peer: (index) => ({ timeouts: SELDOM, ...(index === 29 && { listen: false as const }) }),
    });
    const node = world.node(29);
    const told: string[] = [];
    world.on('starved', ({ index }) => index === 29 && told.push('starved'));
    world.on('healed', ({ index }) => index === 29 && told.push('healed'));
    const others = world.nodes.filter((other) => other !== node).map(({ index }) => index);
    return { world, node, told, others };
  }

  it('is told, is met without a storm, and is well within five minutes of the return (seed 11)', async () => {
    const { world, node, told, others } = await witness(11);
    await world.until(() => isFull(node), 5 * MINUTE);
    for (const index of others) await world.crash(index);
    await world.run(MINUTE);
    expect(told).toEqual(['starved']);
    const beganMs = world.clock.now() - MINUTE;
    expect(node.pool.status().starvedSinceMs).toBeGreaterThanOrEqual(beganMs);
    const perMinute: number[] = [];
    for (let minute = 1; minute < 120; minute++) {
      const before = node.dials;
      await world.run(MINUTE);
      perMinute.push(node.dials - before);
    }
    // It never gives up, and after the first minutes it asks hardly more often than a polite neighbour.
    expect(Math.max(...perMinute)).toBeLessThan(60);
    expect(Math.max(...perMinute.slice(60))).toBeLessThan(12);
    expect(Math.min(...perMinute)).toBeGreaterThan(0);
    for (const index of others) await world.restart(index);
    const healedMs = await world.until(() => told.includes('healed'), 5 * MINUTE);
    expect(healedMs).toBeLessThan(2 * MINUTE);
    await world.run(5 * MINUTE - healedMs);
    expect(node.pool.status().outbound.ready).toBeGreaterThanOrEqual(4);
    expect(node.pool.status().starvedSinceMs).toBeUndefined();
    expect(told).toEqual(['starved', 'healed']);
  });

  it('asks the names of its seeds again, and finds who is behind them by then (seed 12)', async () => {
    const { world, node, told, others } = await witness(12, ['seed.example:10333']);
    world.resolver.set('seed.example', [world.node(0).host]);
    await world.until(() => isFull(node), 5 * MINUTE);
    for (const index of others) await world.vanish(index);
    await world.run(HOUR);
    expect(told).toEqual(['starved']);
    // Each source was asked again and again, with waits of at most five minutes that outlive a restart.
    const settings = await node.store.loadSettings(world.definition.name);
    const waits = Object.values(JSON.parse(settings.get('seed-backoff')!) as Record<'file' | 'names', SourceWait>);
    expect(waits.map(({ failures }) => failures > 10 && failures < 60)).toEqual([true, true]);
    const latest = world.clock.now() + 5 * MINUTE;
    expect(waits.filter(({ nextAtMs }) => nextAtMs > latest)).toEqual([]);
    // Somebody else is there now, and none of those whom it knew.
    const stranger = await world.addNode();
    world.resolver.set('seed.example', [stranger.host]);
    await world.until(() => node.outbound().includes(stranger.host), 10 * MINUTE);
    expect(told).toEqual(['starved', 'healed']);
  });
});
