import type { BookRecord } from './book-record.js';
import { isWithin } from './expiry.js';

/** What was seen of one who stands in a contested place counts for so long, milliseconds. 4 hours, as in Bitcoin's addrman. */
export const TEST_COUNTS_FOR_MS = 4 * 3_600_000;

/** So long after a dial began without a handshake, milliseconds, it counts as failed. As in Bitcoin's addrman. */
export const TEST_TAKES_MS = 60_000;

/**
 * Whoever waited for so long takes the place although nobody could test it, milliseconds: 40 minutes, as in Bitcoin's addrman.
 */
export const TEST_WITHIN_MS = 40 * 60_000;

/**
 * Whether one in a contested place was reached so short a time ago that it need not be tested.
 *
 * @param nowMs milliseconds since 1970
 * @internal
 */
export function hasAnswered({ lastSuccessAtMs }: BookRecord, nowMs: number): boolean {
  return isWithin(TEST_COUNTS_FOR_MS, lastSuccessAtMs, nowMs);
}

/**
 * Whether one in a contested place, who has not {@link hasAnswered}, was tried a short time ago, for whatever reason.
 *
 * @param nowMs milliseconds since 1970
 * @internal
 */
export function hasFailed({ lastAttemptAtMs }: BookRecord, nowMs: number): boolean {
  return isWithin(TEST_COUNTS_FOR_MS, lastAttemptAtMs, nowMs) && !isWithin(TEST_TAKES_MS, lastAttemptAtMs, nowMs);
}
