import type { AddressBookParts } from './address-book-parts.js';
import { BookEntry } from './book-entry.js';
import type { BookRecord } from './book-record.js';
import type { BookTables } from './book-tables.js';
import type { BucketTable } from './bucket-table.js';
import { distinctIndexes } from './dense-list.js';
import { isExpired } from './expiry.js';
import { Placement } from './placement.js';
import { randomPick } from './random-pick.js';

/** How many addresses one call of {@link AddressBook.expire} looks at: some tenths of a millisecond. */
export const LOOKED_AT_FOR_EXPIRY = 1000;

/** No answer tells more of the book, so that it can't be read out by asking often. As in Bitcoin's addrman. */
export const MAX_SAMPLED_SHARE = 0.23;

/** For each address that is wanted, a sample looks at so many; 64 more, for those who want few. */
const LOOKED_AT_PER_SAMPLED = 4;
const LOOKED_AT_IN_ANY_SAMPLE = 64;

/** Where an address stands. */
export interface BookStanding {
  readonly table: 'new' | 'tried';
  readonly places: readonly { readonly bucket: number; readonly position: number }[];
  /** It has earned a place in `tried` where somebody else stands, who must be tested first. */
  readonly waits: boolean;
}

/**
 * Whom to dial: addresses in buckets, after Bitcoin's addrman. What we were told is in `new`, what we have reached is in
 * `tried`. The places are keyed ({@link KeyedPlaces}), so that somebody who has one network, however many
 * addresses they tell, fills a small part of the buckets; and as buckets are drawn before places, gets that part of the dials.
 *
 * Addresses are the same when host and port are. The rows belong to somebody else; the book keeps the ones it was given last.
 *
 * @internal
 */
export class AddressBook implements Iterable<BookRecord> {
  readonly #placement: Placement;
  readonly #tables: BookTables;
  #expiryIndex = 0;

  /** @throws RangeError when `maximum` isn't a whole number of at least 2, or the secret is too short */
  constructor(private readonly parts: AddressBookParts) {
    this.#placement = new Placement(parts);
    this.#tables = this.#placement.tables;
  }

  get size(): number {
    return this.#tables.size;
  }

  /** How many are in `new` (here `fresh`), and in `tried`. */
  get counts(): { readonly fresh: number; readonly tried: number } {
    const tried = this.#tables.tried.taken;
    return { fresh: this.size - tried, tried };
  }

  /** All addresses, those that entered last at the end. */
  *[Symbol.iterator](): IterableIterator<BookRecord> {
    for (const { record } of this.#tables) yield record;
  }

  has(record: BookRecord): boolean {
    return this.#tables.find(record) !== undefined;
  }

  /** Where an address stands; undefined if it isn't in the book. */
  standing(record: BookRecord): BookStanding | undefined {
    const entry = this.#tables.find(record);
    if (entry === undefined) return undefined;
    const table = entry.isTried ? this.#tables.tried : this.#tables.fresh;
    const places = entry.places.map((place) => table.locate(place));
    return { table: entry.isTried ? 'tried' : 'new', places, waits: this.#placement.candidates.has(entry) };
  }

  /**
   * Puts an address into `new`, at a place that depends on who told of it. If somebody stands there, it gets the place only
   * from one that {@link isExpired}, or that stands elsewhere too. One that is in `new` already may get up to four places,
   * each with half the chance of the one before; one in `tried` gets none.
   *
   * @param source host of who told
   * @param options `restored`: it comes from the store. Default false. If we have reached it before, it goes to `tried`
   * again, when its place there is free
   * @returns `full`: it is not in the book
   */
  add(
    record: BookRecord,
    source: string,
    options: { readonly restored?: boolean } = {},
  ): 'added' | 'another-place' | 'known' | 'full' {
    const known = this.#tables.find(record);
    if (known !== undefined) known.record = record;
    const entry = known ?? new BookEntry(record);
    const wasReached = options.restored === true && record.lastSuccessAtMs !== null;
    if (wasReached && this.#placement.enterTried(entry)) return known === undefined ? 'added' : 'known';
    if (!this.#placement.mayHaveAnother(entry)) return 'known';
    const found = this.#placement.enterFresh(entry, source, false);
    this.#placement.tellDropped();
    if (known === undefined) return found ? 'added' : 'full';
    return found ? 'another-place' : 'known';
  }

  /**
   * We have reached an address: a handshake of a connection that we opened. It moves to `tried`. If somebody stands there,
   * it stays in `new` and waits until that one is tested: see {@link contested}. One that is not in the book yet enters it.
   */
  succeeded(record: BookRecord): void {
    const entry = this.#tables.find(record) ?? new BookEntry(record);
    if (entry.isTried) return this.settle(record, true);
    if (this.#placement.enterTried(entry)) return;
    const isIn = entry.places.length > 0 || this.#placement.enterFresh(entry, record.host, true);
    if (isIn) this.#placement.wait(entry);
    this.#placement.tellDropped();
  }

  /** Takes an address out. The others hear nothing of it. */
  remove(record: BookRecord): void {
    const entry = this.#tables.find(record);
    if (entry !== undefined) this.#placement.remove(entry);
  }

  /**
   * A random address that is eligible; `any` tosses a coin for the table, and takes the other one when there is nobody.
   * A random bucket is drawn first, so a crowded one counts no more than others. O(1): `eligible` is called about a
   * thousand times a table at most. In a table of up to 1024 taken places nobody eligible is overlooked; in a larger one
   * calls that find nobody go round, so nobody is for long.
   *
   * @param eligible must not change the book
   */
  pick(from: 'new' | 'tried' | 'any', eligible: (record: BookRecord) => boolean): BookRecord | undefined {
    const { clock, random } = this.parts;
    const choice = { nowMs: clock.now(), random, eligible };
    for (const table of this.#tablesOf(from)) {
      const record = randomPick(table, choice);
      if (record !== undefined) return record;
    }
    return undefined;
  }

  /**
   * Test before evict: whom to dial, because a newcomer waits for its place in `tried`; tell {@link settle} what came of
   * it. Those who need no test any more are settled first: one that was reached within the last 4 hours stays, one that was
   * dialled in vain within them goes, and so does one that nobody tested for 40 minutes.
   *
   * @returns the one whose newcomer waits longest; undefined if nobody waits
   */
  contested(): BookRecord | undefined {
    this.#placement.settleOverdue();
    this.#placement.tellDropped();
    const candidate = this.#placement.candidates.first();
    return candidate && this.#tables.tried.at(candidate.place)?.record;
  }

  /**
   * The one in a contested place was dialled. If it answered (or is connected), it stays, and newcomers stay in `new`; if
   * not, it goes back to `new`, and the newcomer who waits longest takes the place. Nothing happens when nobody waits.
   */
  settle(occupant: BookRecord, answered: boolean): void {
    const entry = this.#tables.find(occupant);
    const [place] = entry?.isTried === true ? entry.places : [];
    if (entry === undefined || place === undefined) return;
    if (answered) return this.#placement.candidates.leavePlace(place);
    const candidate = this.#placement.candidates.first(place);
    if (candidate !== undefined) this.#placement.replace(entry, candidate);
    this.#placement.tellDropped();
  }

  /**
   * Up to `count` different addresses at random, for answers to getaddr: at most 23 % of the book, but one may always be told;
   * none that {@link isExpired}. O(count): it looks at four for each that is wanted, and 64 more.
   */
  sample(count: number, eligible: (record: BookRecord) => boolean): readonly BookRecord[] {
    const { clock, random } = this.parts;
    const nowMs = clock.now();
    const wanted = Math.min(count, Math.max(1, Math.floor(this.size * MAX_SAMPLED_SHARE)));
    const looks = wanted * LOOKED_AT_PER_SAMPLED + LOOKED_AT_IN_ANY_SAMPLE;
    const sampled: BookRecord[] = [];
    for (const index of distinctIndexes(this.size, looks, (below) => random.integer(below))) {
      if (sampled.length >= wanted) break;
      const record = this.#tables.byIndex(index)?.record;
      if (record !== undefined && !isExpired(record, nowMs) && eligible(record)) sampled.push(record);
    }
    return sampled;
  }

  /**
   * Drops what {@link isExpired}, looking at {@link LOOKED_AT_FOR_EXPIRY} addresses a call and going round; and settles what
   * {@link contested} would. Not to be called while nobody at all can be reached: that says something of us, not of them.
   *
   * @returns how many were dropped
   */
  expire(): number {
    const nowMs = this.parts.clock.now();
    for (let looks = Math.min(this.size, LOOKED_AT_FOR_EXPIRY); looks > 0; looks--) {
      if (this.#expiryIndex >= this.size) this.#expiryIndex = 0;
      const entry = this.#tables.byIndex(this.#expiryIndex)!;
      if (isExpired(entry.record, nowMs) && !this.#placement.isProtected(entry)) this.#placement.drop(entry);
      else this.#expiryIndex++;
    }
    this.#placement.settleOverdue();
    return this.#placement.tellDropped();
  }

  #tablesOf(from: 'new' | 'tried' | 'any'): readonly BucketTable<BookEntry>[] {
    const { fresh, tried } = this.#tables;
    switch (from) {
      case 'new':
        return [fresh];
      case 'tried':
        return [tried];
      case 'any':
        return this.parts.random.integer(2) === 0 ? [fresh, tried] : [tried, fresh];
      default:
        return from satisfies never;
    }
  }
}
