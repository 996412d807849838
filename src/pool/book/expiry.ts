import type { BookRecord } from './book-record.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A dial may still be under way for so long after it began, milliseconds: its address isn't judged (Bitcoin's addrman). */
export const GRACE_AFTER_ATTEMPT_MS = MINUTE_MS;

/** Whoever wasn't heard of for so long has moved on, milliseconds. 30 days, as in Bitcoin's addrman. */
export const UNSEEN_FOR_MS = 30 * DAY_MS;

/** So many failed dials and never a good one: it never was a node. Three, as in Bitcoin's addrman. */
export const FAILURES_OF_A_STRANGER = 3;

/** So many failed dials in a row, and no good one for {@link NO_SUCCESS_FOR_MS}: it was a node. As in Bitcoin's addrman. */
export const FAILURES_OF_A_FRIEND = 10;

/** See {@link FAILURES_OF_A_FRIEND}; milliseconds. A week, so that a long outage is forgiven. */
export const NO_SUCCESS_FOR_MS = 7 * DAY_MS;

/**
 * Whether an address isn't worth its place any more ("terrible", in Bitcoin's addrman): never reached and failed three
 * times, not seen for 30 days, or failed ten times in a row and not reached for a week. One that was dialled within the last
 * minute never is.
 *
 * @param nowMs milliseconds since 1970
 * @internal
 */
export function isExpired(record: BookRecord, nowMs: number): boolean {
  const { lastAttemptAtMs, lastSuccessAtMs, failuresInARow } = record;
  if (isWithin(GRACE_AFTER_ATTEMPT_MS, lastAttemptAtMs, nowMs)) return false;
  if (nowMs - (record.lastSeenAtMs ?? record.firstSeenAtMs) > UNSEEN_FOR_MS) return true;
  if (lastSuccessAtMs === null) return failuresInARow >= FAILURES_OF_A_STRANGER;
  return failuresInARow >= FAILURES_OF_A_FRIEND && nowMs - lastSuccessAtMs > NO_SUCCESS_FOR_MS;
}

/**
 * Whether two times are less than `spanMs` apart. In both directions: a time far in the future was written before the clock
 * was put right, and must not count as "just now" for years.
 *
 * @internal
 */
export function isWithin(spanMs: number, atMs: number | null, nowMs: number): boolean {
  return atMs !== null && Math.abs(nowMs - atMs) < spanMs;
}
