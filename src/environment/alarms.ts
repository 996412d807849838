import type { Clock, Timer } from './clock.js';
import { type HeapTimer, TimerHeap } from './timer-heap.js';

/** Somebody to be woken. The times are those of `Clock.monotonic()`. */
export interface Sleeper extends HeapTimer {
  /** It is time. It may set its alarm anew. */
  wake(): void;
}

/**
 * One timer of the clock for many sleepers, set for the first of them. A timer of Node's own takes a quarter of a kilobyte,
 * which is much for each of thousands of idle connections.
 *
 * @internal
 */
export class Alarms {
  readonly #clock: Clock;
  readonly #sleepers = new TimerHeap<Sleeper>();
  #timer: Timer | undefined;
  /** What the timer is set for. */
  #timerAt = Infinity;
  #alarmsSet = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Wakes somebody `ms` milliseconds from now, and not when it was to be woken before. Infinity: not at all. */
  set(sleeper: Sleeper, ms: number): void {
    if (ms === Infinity) {
      this.cancel(sleeper);
      sleeper.dueMs = Infinity;
      return;
    }
    this.#sleepers.remove(sleeper);
    sleeper.dueMs = this.#clock.monotonic() + ms;
    sleeper.order = this.#alarmsSet++;
    this.#sleepers.add(sleeper);
    this.#look();
  }

  /** Lets somebody sleep. */
  cancel(sleeper: Sleeper): void {
    if (!this.#sleepers.remove(sleeper) || this.#sleepers.size > 0) return;
    this.#timer?.cancel();
    this.#timerAt = Infinity;
  }

  #look(): void {
    const first = this.#sleepers.first;
    if (first === undefined || first.dueMs >= this.#timerAt) return;
    this.#timer?.cancel();
    this.#timerAt = first.dueMs;
    this.#timer = this.#clock.setTimeout(() => this.#ring(), Math.ceil(first.dueMs - this.#clock.monotonic()));
  }

  #ring(): void {
    this.#timerAt = Infinity;
    const now = this.#clock.monotonic();
    try {
      for (let { first } = this.#sleepers; first !== undefined && first.dueMs <= now; first = this.#sleepers.first) {
        this.#sleepers.remove(first);
        first.wake();
      }
    } finally {
      this.#look();
    }
  }
}
