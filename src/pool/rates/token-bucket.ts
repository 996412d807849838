/** Tokens are counted in thousandths, so that whole milliseconds and whole rates give whole numbers. */
const PARTS = 1000;

/**
 * A rate with a burst: tokens come in evenly, up to a number that may be kept, and are taken out one by one. Time is given, in
 * milliseconds of any beginning; when it goes backwards nothing comes in, and nothing is lost.
 *
 * @internal
 */
export class TokenBucket {
  /** Thousandths of a token; negative: debt. */
  #balance: number;
  #filledMs: number;

  /**
   * It begins full.
   *
   * @param perSecond tokens that come in, more than 0, fractions allowed
   * @param burst tokens that are kept at most, 1 or more
   */
  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    nowMs: number,
  ) {
    this.#balance = burst * PARTS;
    this.#filledMs = nowMs;
  }

  /** Takes tokens if there are as many; else takes none. More than the burst are never there. */
  take(nowMs: number, count = 1): boolean {
    this.#fill(nowMs);
    if (this.#balance < count * PARTS) return false;
    this.#balance -= count * PARTS;
    return true;
  }

  /**
   * Takes tokens whether they are there or not.
   *
   * @returns milliseconds until the debt is paid, whole ones; 0 if there is none
   */
  spend(nowMs: number, count = 1): number {
    this.#fill(nowMs);
    this.#balance -= count * PARTS;
    return this.#balance >= 0 ? 0 : Math.ceil(-this.#balance / this.perSecond);
  }

  /** Tokens there are, with fractions; negative: debt. */
  available(nowMs: number): number {
    this.#fill(nowMs);
    return this.#balance / PARTS;
  }

  #fill(nowMs: number): void {
    const elapsedMs = nowMs - this.#filledMs;
    this.#filledMs = nowMs;
    if (elapsedMs > 0) this.#balance = Math.min(this.#balance + elapsedMs * this.perSecond, this.burst * PARTS);
  }
}
