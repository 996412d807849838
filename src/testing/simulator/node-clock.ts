import { Clock, type Timer } from '../../environment/clock.js';

/** A timer of somebody who is dead. */
const NO_TIMER: Timer = Object.freeze({ refresh: () => undefined, cancel: () => undefined });

/**
 * The clock as one run of a program sees it: what all share, until the run dies, and with it everything it was waiting for.
 *
 * @internal
 */
export class NodeClock extends Clock {
  readonly #shared: Clock;
  readonly #timers = new Set<NodeTimer>();
  #isDead = false;

  constructor(shared: Clock) {
    super();
    this.#shared = shared;
  }

  now(): number {
    return this.#shared.now();
  }

  override monotonic(): number {
    return this.#shared.monotonic();
  }

  setTimeout(run: () => void, ms: number): Timer {
    if (this.#isDead) return NO_TIMER;
    return new NodeTimer(this.#timers, (fired) => this.#shared.setTimeout(fired, ms), run);
  }

  /** No timer fires from now on. */
  die(): void {
    this.#isDead = true;
    for (const timer of this.#timers) timer.cancel();
  }
}

class NodeTimer implements Timer {
  readonly #waiting: Set<NodeTimer>;
  readonly #timer: Timer;
  #isCancelled = false;

  constructor(waiting: Set<NodeTimer>, set: (fired: () => void) => Timer, run: () => void) {
    this.#waiting = waiting;
    waiting.add(this);
    this.#timer = set(() => {
      waiting.delete(this);
      run();
    });
  }

  refresh(): void {
    if (this.#isCancelled) return;
    this.#waiting.add(this);
    this.#timer.refresh();
  }

  cancel(): void {
    this.#isCancelled = true;
    this.#waiting.delete(this);
    this.#timer.cancel();
  }
}
