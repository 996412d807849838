import type { BookRecord } from './book-record.js';

/** So many places in `new` has an address at most. Bitcoin's addrman allows 8 of 65,536; our tables are smaller. */
export const MAX_PLACES = 4;

/** Nowhere: shared, so that nobody writes to it. */
const NOWHERE: readonly number[] = Object.freeze([]);

/**
 * An address in the book.
 *
 * @internal
 */
export class BookEntry {
  /** Its places, all in one table. A list is made anew when it changes: those that grow are five times as large. */
  places = NOWHERE;
  isTried = false;
  /** Where it stands in the list of all. */
  index = 0;

  constructor(public record: BookRecord) {}
}
