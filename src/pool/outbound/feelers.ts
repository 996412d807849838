import type { Clock, Timer } from '../../environment/clock.js';
import type { AddressBook } from '../book/address-book.js';
import type { Candidates } from './candidates.js';
import type { DialBudget } from './dial-budget.js';
import type { PoolDialler } from './pool-dialler.js';

/** What {@link Feelers} works with. */
export interface FeelersParts {
  /** Between two of them, milliseconds; 0: none. */
  readonly feelerMs: number;
  readonly clock: Clock;
  readonly candidates: Candidates;
  readonly budget: DialBudget;
  readonly dialler: PoolDialler;
  readonly book: () => AddressBook;
  /** Whether anybody at all can be reached: without that a dial that fails says nothing of the address. */
  readonly isOnline: () => boolean;
}

/**
 * Short connections that find out whether somebody is there: so that enough of the book was reached before when peers are
 * lost, and so that nobody loses a place in it who still answers.
 *
 * @internal
 */
export class Feelers {
  readonly #parts: FeelersParts;
  #timer: Timer | undefined;

  constructor(parts: FeelersParts) {
    this.#parts = parts;
  }

  start(): void {
    const { clock, feelerMs } = this.#parts;
    if (feelerMs === 0) return;
    const timer = clock.setTimeout(() => {
      timer.refresh();
      void this.feel();
    }, feelerMs);
    this.#timer = timer;
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Tries one address. Never rejects. */
  async feel(): Promise<void> {
    const { candidates, budget, dialler, book, isOnline } = this.#parts;
    const record = candidates.toTry();
    if (record === undefined || !budget.take()) return;
    const peer = await dialler.dial({ host: record.host, port: record.port }, 'feeler');
    if (peer === undefined) {
      if (isOnline()) book().settle(record, false);
      return;
    }
    book().succeeded(record);
    await peer.disconnect('local');
  }
}
