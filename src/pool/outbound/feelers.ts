import type { Clock, Timer } from '../../environment/clock.js';
import type { RandomSource } from '../../environment/random-source.js';
import type { AddressBook } from '../book/address-book.js';
import type { Candidates } from './candidates.js';
import type { DialBudget } from './dial-budget.js';
import type { PoolDialler } from './pool-dialler.js';

/**
 * Of so many feelers one is for a slot: by default a slot changes hands every 20 minutes. Each node has its own turn, so two
 * large parts of a network that were cut apart find each other within minutes; and a peer stays long enough to be of use.
 */
const FEELERS_PER_EXCHANGE = 10;

/** What {@link Feelers} works with. */
export interface FeelersParts {
  /** Between two of them, milliseconds; 0: none. */
  readonly feelerMs: number;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly candidates: Candidates;
  readonly budget: DialBudget;
  readonly dialler: PoolDialler;
  readonly book: () => AddressBook;
  /** Whether anybody at all can be reached: without that a dial that fails says nothing of the address. */
  readonly isOnline: () => boolean;
  /** Dials somebody for the slot of another peer. @returns false where that can't be */
  readonly exchange: () => boolean;
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
  /** Nodes that were started at the same moment shall not exchange their peers at the same moment. */
  #untilExchange = FEELERS_PER_EXCHANGE;

  constructor(parts: FeelersParts) {
    this.#parts = parts;
  }

  start(): void {
    const { clock, random, feelerMs } = this.#parts;
    if (feelerMs === 0) return;
    this.#untilExchange = 1 + random.integer(FEELERS_PER_EXCHANGE);
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

  /** Tries one address, or gives it a slot when it is time. Never rejects. */
  async feel(): Promise<void> {
    if (this.#isTimeForExchange() && this.#parts.exchange()) return;
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

  #isTimeForExchange(): boolean {
    this.#untilExchange--;
    if (this.#untilExchange > 0) return false;
    this.#untilExchange = FEELERS_PER_EXCHANGE;
    return true;
  }
}
