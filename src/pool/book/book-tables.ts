import { recordKey } from '../../persistence/stored-rows.js';
import { BookEntry } from './book-entry.js';
import type { BookPlan } from './book-plan.js';
import type { BookRecord } from './book-record.js';
import { BucketTable } from './bucket-table.js';
import { removeAt } from './dense-list.js';

/**
 * Who stands where: the two tables, and everybody who has a place in one of them. It knows no rules, only that nobody
 * stands in both, and that whoever has no place is not in the book.
 *
 * The table that Bitcoin calls `new` is called `fresh` in code, because `new` is a word of the language.
 *
 * @internal
 */
export class BookTables implements Iterable<BookEntry> {
  readonly fresh: BucketTable<BookEntry>;
  readonly tried: BucketTable<BookEntry>;
  readonly #byKey = new Map<string, BookEntry>();
  readonly #all: BookEntry[] = [];

  constructor(plan: BookPlan) {
    this.fresh = new BucketTable(plan.fresh.placesPerBucket);
    this.tried = new BucketTable(plan.tried.placesPerBucket);
  }

  /** How many addresses there are. */
  get size(): number {
    return this.#all.length;
  }

  find({ host, port }: BookRecord): BookEntry | undefined {
    return this.#byKey.get(recordKey(host, port));
  }

  /** One by number, from 0 up to, not including, {@link size}. When one goes, the last one gets its number. */
  byIndex(index: number): BookEntry | undefined {
    return this.#all[index];
  }

  [Symbol.iterator](): IterableIterator<BookEntry> {
    return this.#byKey.values();
  }

  /** Puts an address that isn't in `tried` into a place of `new` that is free. */
  putFresh(entry: BookEntry, place: number): void {
    this.fresh.put(place, entry);
    if (entry.places.length === 0) this.#enter(entry);
    entry.places = entry.places.length === 0 ? [place] : [...entry.places, place];
  }

  /** Puts an address into a place of `tried` that is free, and out of all it had. */
  putTried(entry: BookEntry, place: number): void {
    if (entry.places.length === 0) this.#enter(entry);
    else this.#free(entry);
    this.tried.put(place, entry);
    entry.places = [place];
    entry.isTried = true;
  }

  /** Takes an address out of one of its places in `new`, which must not be the last. */
  leaveFresh(entry: BookEntry, place: number): void {
    this.fresh.free(place);
    entry.places = entry.places.filter((other) => other !== place);
  }

  /** Takes an address out of the book. */
  remove(entry: BookEntry): void {
    this.#free(entry);
    entry.places = [];
    entry.isTried = false;
    this.#byKey.delete(recordKey(entry.record.host, entry.record.port));
    const moved = removeAt(this.#all, entry.index);
    if (moved !== undefined) moved.index = entry.index;
  }

  #enter(entry: BookEntry): void {
    entry.index = this.#all.length;
    this.#all.push(entry);
    this.#byKey.set(recordKey(entry.record.host, entry.record.port), entry);
  }

  #free(entry: BookEntry): void {
    const table = entry.isTried ? this.tried : this.fresh;
    for (const place of entry.places) table.free(place);
  }
}
