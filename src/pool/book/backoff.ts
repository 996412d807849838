import type { RandomSource } from '../../environment/random-source.js';

/** No wait is shorter, milliseconds: whoever has just refused us is not asked again in the same breath. */
export const SHORTEST_BACKOFF_MS = 1000;

/** No wait is longer, whatever the cap, milliseconds: 49 days, the most that a {@link RandomSource} draws from. */
export const LONGEST_BACKOFF_MS = 2 ** 32 - 1;

/** Between what waits grow. */
export interface BackoffLimits {
  /** The most to wait after one failure, milliseconds; doubled with each further one. */
  readonly baseMs: number;
  /** The most to wait after any number of failures, milliseconds. */
  readonly capMs: number;
}

/**
 * How long to wait before the next dial: exponential with full jitter. Any time up to the limit is equally likely, so those
 * who fell together don't come back together.
 *
 * @param failures failed dials in a row; none: no wait
 * @returns whole milliseconds: 0, or {@link SHORTEST_BACKOFF_MS} and more
 * @internal
 */
export function backoffMs(failures: number, random: RandomSource, { baseMs, capMs }: BackoffLimits): number {
  if (failures <= 0) return 0;
  const longestMs = Math.min(capMs, LONGEST_BACKOFF_MS, baseMs * 2 ** Math.min(failures - 1, 32));
  return Math.max(SHORTEST_BACKOFF_MS, random.integer(Math.max(0, Math.trunc(longestMs)) + 1));
}
