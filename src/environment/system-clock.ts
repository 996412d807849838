import { Injectable } from '@nestjs/common';
import { Clock, type Timer } from './clock.js';

/** The longest time Node's timers can wait, milliseconds (24.8 days): it turns anything longer into 1 ms. */
export const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * The system's time. Timers don't keep the process alive; times over 2^31-1 ms count as that.
 *
 * @internal
 */
@Injectable()
export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }

  override monotonic(): number {
    return performance.now();
  }

  setTimeout(run: () => void, ms: number): Timer {
    return new SystemTimer(setTimeout(run, Math.min(ms, LONGEST_TIMEOUT_MS)).unref());
  }
}

class SystemTimer implements Timer {
  readonly #timeout: NodeJS.Timeout;
  #cancelled = false;

  constructor(timeout: NodeJS.Timeout) {
    this.#timeout = timeout;
  }

  refresh(): void {
    if (!this.#cancelled) this.#timeout.refresh(); // Node would revive a timer that was cleared
  }

  cancel(): void {
    this.#cancelled = true;
    clearTimeout(this.#timeout);
  }
}
