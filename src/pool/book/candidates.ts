import type { BookEntry } from './book-entry.js';

/** So many wait at most, as in Bitcoin's addrman: tests take time, and whoever succeeds again later is heard again. */
export const MAX_CANDIDATES = 10;

/** One who has earned a place in `tried` where somebody else stands. */
export interface Candidate {
  readonly entry: BookEntry;
  /** The place in `tried`. */
  readonly place: number;
  /** Monotonic milliseconds. */
  readonly since: number;
}

/**
 * Those who wait until the one in their place was tested, oldest first. Meanwhile they stay in `new`.
 *
 * @internal
 */
export class Candidates implements Iterable<Candidate> {
  #waiting: readonly Candidate[] = [];

  has(entry: BookEntry): boolean {
    return this.#waiting.some((candidate) => candidate.entry === entry);
  }

  /** Lets somebody wait, if there is room. */
  add(candidate: Candidate): void {
    if (this.#waiting.length < MAX_CANDIDATES) this.#waiting = [...this.#waiting, candidate];
  }

  /** Lets somebody wait no more. */
  leave(entry: BookEntry): void {
    this.#waiting = this.#waiting.filter((candidate) => candidate.entry !== entry);
  }

  /** Lets all wait no more who want this place. */
  leavePlace(place: number): void {
    this.#waiting = this.#waiting.filter((candidate) => candidate.place !== place);
  }

  /** The oldest, or the oldest who wants this place. */
  first(place?: number): Candidate | undefined {
    return this.#waiting.find((candidate) => place === undefined || candidate.place === place);
  }

  /** Those who wait now, whatever happens to them meanwhile. */
  [Symbol.iterator](): Iterator<Candidate> {
    return this.#waiting.values();
  }
}
