import type { Clock, Timer } from '../environment/clock.js';

/**
 * How fast one side of a connection takes what has arrived.
 *
 * @internal
 */
export class ReadPace {
  readonly #clock: Clock;
  readonly #bytesPerSecond: () => number;
  readonly #goOn: () => void;
  /** Monotonic milliseconds when what was taken last has been read. */
  #busyUntil = -Infinity;
  #timer: Timer | undefined;

  /**
   * @param bytesPerSecond of now; Infinity: as it comes; 0: nothing
   * @param goOn called when more may be taken, after {@link mayTake} said no
   */
  constructor(clock: Clock, bytesPerSecond: () => number, goOn: () => void) {
    this.#clock = clock;
    this.#bytesPerSecond = bytesPerSecond;
    this.#goOn = goOn;
  }

  /** Whether the next chunk may be taken now. */
  mayTake(): boolean {
    const rate = this.#bytesPerSecond();
    if (rate === Infinity) return true;
    if (rate <= 0) return false;
    const waitMs = this.#busyUntil - this.#clock.monotonic();
    if (waitMs <= 0) return true;
    this.#timer ??= this.#clock.setTimeout(() => {
      this.#timer = undefined;
      this.#goOn();
    }, waitMs);
    return false;
  }

  /** So many bytes were taken. */
  took(bytes: number): void {
    const rate = this.#bytesPerSecond();
    if (rate > 0 && rate !== Infinity) this.#busyUntil = this.#clock.monotonic() + (bytes / rate) * 1000;
  }

  stop(): void {
    this.#timer?.cancel();
  }
}
