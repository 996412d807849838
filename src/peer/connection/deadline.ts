import type { Clock, Timer } from '../../environment/clock.js';

/**
 * Fires once when something has lasted too long. What happens in between costs nothing: the timer isn't set anew for each
 * message, but looks again when it fires.
 *
 * @internal
 */
export class Deadline {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #now: () => number;
  readonly #since: () => number | undefined;
  readonly #expired: () => void;
  #timer: Timer | undefined;
  #stopped = false;

  /**
   * @param now the time `since` is measured in
   * @param since when that which must not last began; undefined while it isn't so, then the deadline sleeps until {@link start}
   */
  constructor(clock: Clock, limitMs: number, now: () => number, since: () => number | undefined, expired: () => void) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#now = now;
    this.#since = since;
    this.#expired = expired;
  }

  /** Begins to watch, if it isn't awake already. */
  start(): void {
    if (this.#timer === undefined && !this.#stopped) this.#look();
  }

  /** For good. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #look(): void {
    const since = this.#since();
    if (since === undefined) return;
    const left = since + this.#limitMs - this.#now();
    if (left <= 0) {
      this.stop();
      this.#expired();
      return;
    }
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = undefined;
      this.#look();
    }, Math.ceil(left));
  }
}
