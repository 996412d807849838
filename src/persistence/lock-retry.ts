import type { Clock } from '../environment/clock.js';
import type { RandomSource } from '../environment/random-source.js';
import { holdProcess } from '../environment/system-hold.js';
import { storeError } from './driver-errors.js';
import type { StoreProblem } from './store.error.js';

/** Tries in all. With the pauses below, and SQLite's busy timeout of 1 s a try, a lock held for about 6 s is waited out. */
const TRIES = 6;

/** First pause at most this long; each next at most twice the one before: 50, 100, … 800 ms. */
const FIRST_PAUSE_MS = 50;

/**
 * Runs a task again while another process holds a lock. Pauses are random (full jitter), so that two who were refused
 * together don't meet again.
 *
 * @param otherwise the problem of an error whose code tells none
 * @throws StoreError
 * @internal
 */
export async function retryWhileLocked<T>(
  task: () => Promise<T>,
  database: string,
  surroundings: { readonly clock: Clock; readonly random: RandomSource },
  otherwise?: StoreProblem,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await task();
    } catch (error) {
      const failure = storeError(database, error, otherwise);
      if (failure.problem !== 'locked' || tried === TRIES) throw failure;
      await pause(surroundings.clock, 1 + surroundings.random.integer(FIRST_PAUSE_MS * 2 ** (tried - 1)));
    }
  }
}

/** Waits by the clock. The process doesn't end meanwhile: the first load and the last save may be what waits. */
export async function pause(clock: Clock, ms: number): Promise<void> {
  const letGo = holdProcess();
  await new Promise<void>((resolve) => void clock.setTimeout(resolve, ms));
  letGo();
}
