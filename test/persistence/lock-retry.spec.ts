import { describe, expect, it } from '@jest/globals';
import { retryWhileLocked } from '../../src/persistence/lock-retry.js';
import { StoreError } from '../../src/persistence/store.error.js';
import { SeededRandom } from '../../src/testing/seeded-random.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';

const busy = (): Error => Object.assign(new Error('busy'), { code: 'SQLITE_BUSY' });

/** Timers that keep the process alive. */
const held = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

async function attempts(seed: number, outcomes: (Error | string)[]): Promise<{ result: unknown; times: number[] }> {
  const clock = new VirtualClock();
  const begin = clock.now();
  const times: number[] = [];
  let result: unknown;
  const task = (): Promise<string> => {
    times.push(clock.now() - begin);
    const outcome = outcomes[times.length - 1]!;
    return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
  };
  void retryWhileLocked(task, 'x', { clock, random: new SeededRandom(seed) }).then(
    (value) => (result = value),
    (error: unknown) => (result = error),
  );
  await clock.until(() => result !== undefined, 60_000);
  return { result, times };
}

describe('retryWhileLocked', () => {
  it('tries again until the lock is gone', async () => {
    const { result, times } = await attempts(1, [busy(), busy(), 'done']);
    expect(result).toBe('done');
    expect(times).toHaveLength(3);
    expect(times[1]! - times[0]!).toBeLessThanOrEqual(50);
    expect(times[2]! - times[1]!).toBeLessThanOrEqual(100);
  });

  it('pauses for other times with other chances, so that two who met do not meet again', async () => {
    const pauses = await Promise.all(
      [1, 2, 3, 4].map(async (seed) => (await attempts(seed, [busy(), 'done'])).times[1]),
    );
    expect(new Set(pauses).size).toBeGreaterThan(1);
  });

  it('gives up in the end', async () => {
    const { result, times } = await attempts(1, Array.from({ length: 20 }, busy));
    expect(result).toBeInstanceOf(StoreError);
    expect(result).toMatchObject({ problem: 'locked' });
    expect(times).toHaveLength(6);
  });

  it('keeps the process alive while it pauses, and no longer', async () => {
    const clock = new VirtualClock();
    const before = held();
    let tries = 0;
    const task = (): Promise<void> => (tries++ === 0 ? Promise.reject(busy()) : Promise.resolve());
    const retried = retryWhileLocked(task, 'x', { clock, random: new SeededRandom(1) });
    await clock.advance(0);
    expect(held()).toBe(before + 1);
    await clock.advance(1000);
    await retried;
    expect(held()).toBe(before);
  });

  it('does not try again what failed for another reason', async () => {
    const { result, times } = await attempts(1, [Object.assign(new Error('full'), { code: 'SQLITE_FULL' }), 'done']);
    expect(result).toMatchObject({ problem: 'full' });
    expect(times).toHaveLength(1);
  });
});
