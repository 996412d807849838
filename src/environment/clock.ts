/**
 * A timer that was started.
 *
 * @publicApi
 */
export interface Timer {
  /** Starts the full time again, as if the timer had been set now. */
  refresh(): void;
  /** Stops it for good. Harmless when it has fired or was stopped. */
  cancel(): void;
}

/**
 * Where time comes from. Override it in tests with `VirtualClock` from `nestjs-neo-peer/testing`.
 *
 * @publicApi
 */
export abstract class Clock {
  /** Milliseconds since 1970. */
  abstract now(): number;
  /**
   * Milliseconds from an arbitrary beginning that never go back: for measuring durations, with fractions. A clock that has
   * no better gives {@link now}.
   */
  monotonic(): number {
    return this.now();
  }
  /** Runs `run` once, `ms` milliseconds from now. Does not keep the process alive. */
  abstract setTimeout(run: () => void, ms: number): Timer;
}
