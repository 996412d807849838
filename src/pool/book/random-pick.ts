import type { RandomSource } from '../../environment/random-source.js';
import type { BookEntry } from './book-entry.js';
import type { BookRecord } from './book-record.js';
import type { BucketTable } from './bucket-table.js';
import { isWithin } from './expiry.js';

/** Draws before the search begins. */
export const DRAWS = 64;

/** How many are looked at one after the other when no draw was good: a table that isn't larger is looked at whole. */
export const SEARCHED = 1024;

/** Whoever was dialled so short a time ago is unlikely to answer now, milliseconds. As in Bitcoin's addrman. */
const RECENT_ATTEMPT_MS = 600_000;
const CHANCE_AFTER_RECENT_ATTEMPT = 0.01;

/** Each failure lowers the chance by this, but only the first eight. As in Bitcoin's addrman. */
const CHANCE_PER_FAILURE = 0.66;
const MOST_FAILURES = 8;

/** Every draw that came to nothing raises the chance of the next: some are better than none. As in Bitcoin's addrman. */
const PATIENCE_PER_DRAW = 1.2;

const CERTAIN = 2 ** 32;

/** Whom to pick. */
export interface Choice {
  readonly nowMs: number;
  readonly random: RandomSource;
  readonly eligible: (record: BookRecord) => boolean;
}

/**
 * A random address of a table that is eligible, if draws find one: those that failed often, or were dialled just now, are
 * drawn less likely. When none is found, many are looked at one after the other, other ones the next time, so nobody
 * eligible is overlooked for long. Calls `eligible` at most {@link DRAWS} + {@link SEARCHED} + 63 times.
 *
 * @internal
 */
export function randomPick(table: BucketTable<BookEntry>, choice: Choice): BookRecord | undefined {
  const { nowMs, random, eligible } = choice;
  let patience = 1;
  for (let i = 0; i < DRAWS; i++) {
    const record = table.draw(random)?.record;
    if (record === undefined) return undefined;
    const chance = dialChance(record, nowMs) * patience;
    if ((chance >= 1 || random.integer(CERTAIN) < chance * CERTAIN) && eligible(record)) return record;
    patience *= PATIENCE_PER_DRAW;
  }
  return table.search(random, SEARCHED, ({ record }) => eligible(record))?.record;
}

/**
 * How likely an address is taken when it is drawn, 0 to 1.
 *
 * @param nowMs milliseconds since 1970
 * @internal
 */
export function dialChance({ lastAttemptAtMs, failuresInARow }: BookRecord, nowMs: number): number {
  const recent = isWithin(RECENT_ATTEMPT_MS, lastAttemptAtMs, nowMs) ? CHANCE_AFTER_RECENT_ATTEMPT : 1;
  return recent * CHANCE_PER_FAILURE ** Math.min(failuresInARow, MOST_FAILURES);
}
