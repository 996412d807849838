import type { AddressBookParts } from './address-book-parts.js';
import { type BookEntry, MAX_PLACES } from './book-entry.js';
import { planOf } from './book-plan.js';
import type { BookRecord } from './book-record.js';
import { BookTables } from './book-tables.js';
import { type Candidate, Candidates } from './candidates.js';
import { hasAnswered, hasFailed, TEST_WITHIN_MS } from './contest.js';
import { isExpired } from './expiry.js';
import { KeyedPlaces } from './keyed-places.js';

/**
 * The rules of who gets a place in the tables, and who has to give one up.
 *
 * @internal
 */
export class Placement {
  readonly tables: BookTables;
  readonly candidates = new Candidates();
  readonly #places: KeyedPlaces;
  readonly #fallen: BookRecord[] = [];

  /** @throws RangeError when `maximum` isn't a whole number of at least 2, or the secret is too short */
  constructor(private readonly parts: AddressBookParts) {
    const plan = planOf(parts.maximum);
    this.#places = new KeyedPlaces(parts.secret, plan, parts.group);
    this.tables = new BookTables(plan);
  }

  isProtected({ record }: BookEntry): boolean {
    return this.parts.isProtected?.(record) === true;
  }

  /** Tosses for one more place in `new`: each is half as likely as the one before. The first is certain. */
  mayHaveAnother({ places, isTried }: BookEntry): boolean {
    return !isTried && places.length < MAX_PLACES && this.parts.random.integer(2 ** places.length) === 0;
  }

  /**
   * Gives an address a place in `new`, if it gets one.
   *
   * @param pushes takes it from any who isn't to be kept
   */
  enterFresh(entry: BookEntry, source: string, pushes: boolean): boolean {
    const place = this.#freshPlace(entry, source, pushes);
    if (place === undefined) return false;
    this.#takeFresh(entry, place);
    return true;
  }

  /** Gives an address its place in `tried`, if it is free. */
  enterTried(entry: BookEntry): boolean {
    const place = this.#places.tried(entry.record);
    if (this.tables.tried.at(place) !== undefined) return false;
    this.#takeTried(entry, place);
    return true;
  }

  /** Lets an address in `new` wait for its place in `tried`. */
  wait(entry: BookEntry): void {
    if (this.candidates.has(entry)) return;
    this.candidates.add({ entry, place: this.#places.tried(entry.record), since: this.parts.clock.monotonic() });
  }

  /** The candidate takes the place; the one who stood there goes back to `new`, as one that its first source told of. */
  replace(occupant: BookEntry, candidate: Candidate): void {
    const [freed] = candidate.entry.places;
    this.tables.remove(occupant);
    this.#takeTried(candidate.entry, candidate.place);
    const { learntFrom, host } = occupant.record;
    const place =
      this.#freshPlace(occupant, learntFrom ?? host, true) ?? (this.isProtected(occupant) ? freed : undefined);
    if (place === undefined) this.#fallen.push(occupant.record);
    else this.#takeFresh(occupant, place);
  }

  /** Settles all contests that need no test, or had none for too long. */
  settleOverdue(): void {
    const { clock } = this.parts;
    const nowMs = clock.now();
    for (const candidate of this.candidates) {
      const occupant = this.tables.tried.at(candidate.place);
      if (occupant === undefined) this.#takeTried(candidate.entry, candidate.place);
      else if (hasAnswered(occupant.record, nowMs)) this.candidates.leave(candidate.entry);
      else if (hasFailed(occupant.record, nowMs) || clock.monotonic() - candidate.since > TEST_WITHIN_MS) {
        this.replace(occupant, candidate);
      }
    }
  }

  /** Takes an address out of the book. */
  remove(entry: BookEntry): void {
    this.candidates.leave(entry);
    this.tables.remove(entry);
  }

  /** Takes an address out of the book for the sake of others. */
  drop(entry: BookEntry): void {
    this.remove(entry);
    this.#fallen.push(entry.record);
  }

  /**
   * Tells of those that were dropped, when all else is done: whoever hears it may use the book.
   *
   * @returns how many
   */
  tellDropped(): number {
    const count = this.#fallen.length;
    for (let record = this.#fallen.shift(); record !== undefined; record = this.#fallen.shift()) {
      this.parts.dropped(record);
    }
    return count;
  }

  #takeTried(entry: BookEntry, place: number): void {
    this.candidates.leave(entry);
    this.tables.putTried(entry, place);
  }

  #takeFresh(entry: BookEntry, place: number): void {
    const occupant = this.tables.fresh.at(place);
    if (occupant?.places.length === 1) this.drop(occupant);
    else if (occupant !== undefined) this.tables.leaveFresh(occupant, place);
    this.tables.putFresh(entry, place);
  }

  /** One that is protected and stands nowhere gets any place in its bucket: it must get in. */
  #freshPlace(entry: BookEntry, source: string, pushes: boolean): number | undefined {
    const own = this.#places.fresh(entry.record, source);
    if (entry.places.length > 0 || !this.isProtected(entry)) return this.#yields(own, entry, pushes) ? own : undefined;
    return this.tables.fresh.around(own).find((place) => this.#yields(place, entry, true));
  }

  /** Whether a place in `new` is free, or has somebody who gives it up. */
  #yields(place: number, newcomer: BookEntry, pushes: boolean): boolean {
    const occupant = this.tables.fresh.at(place);
    if (occupant === undefined) return true;
    if (occupant === newcomer) return false;
    const isLast = occupant.places.length === 1;
    if (isLast && (this.isProtected(occupant) || this.candidates.has(occupant))) return false;
    if (pushes || isExpired(occupant.record, this.parts.clock.now())) return true;
    return !isLast && newcomer.places.length === 0;
  }
}
