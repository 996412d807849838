import type { Clock, Timer } from '../../environment/clock.js';
import type { Message } from '../../wire/messages.js';
import type { RequestMeter } from './connection-policy.js';

/** Something that is done later. */
interface Delayed {
  readonly run: () => void;
  readonly timer: Timer;
  /** It answers the remote, so it is done for nobody when the connection is over. */
  readonly isAnswer: boolean;
}

/**
 * Makes a remote's requests wait where they come faster than they may. What waits for its handler holds up everything behind
 * it, so a full inbox pauses the socket, and the remote feels it.
 *
 * @internal
 */
export class RequestPacing {
  readonly #meter: RequestMeter;
  readonly #clock: Clock;
  /** Monotonic milliseconds from which on each of these may be answered. */
  readonly #dueAt = new Map<Message, number>();
  readonly #delayed = new Set<Delayed>();
  #stopped = false;
  #ended = false;

  constructor(meter: RequestMeter, clock: Clock) {
    this.#meter = meter;
    this.#clock = clock;
  }

  /** Takes note of a message that came. False when it gets no answer, nor goes to a handler. */
  arrived(message: Message): boolean {
    const waitMs = this.#meter.arrived(message.command);
    if (waitMs === undefined) return false;
    if (waitMs > 0) this.#dueAt.set(message, this.#clock.monotonic() + waitMs);
    return true;
  }

  /** Does something when that message may be answered: now, if it may. */
  answer(message: Message, run: () => void): void {
    if (this.#ended) return;
    const waitMs = this.#waitMs(message);
    if (waitMs <= 0) run();
    else this.#later(run, waitMs, true);
  }

  /** When that message may be handled; undefined for now. */
  turn(message: Message): Promise<void> | undefined {
    const waitMs = this.#waitMs(message);
    this.#dueAt.delete(message);
    if (waitMs <= 0) return undefined;
    return new Promise((resolve) => this.#later(resolve, waitMs, false));
  }

  /** Nothing waits any longer: what is left is answered and handled at once. */
  stop(): void {
    this.#stopped = true;
    for (const { run, timer, isAnswer } of this.#delayed) {
      timer.cancel();
      if (!isAnswer || !this.#ended) run();
    }
    this.#delayed.clear();
    this.#dueAt.clear();
  }

  /** The connection is over: nothing is answered any more. The rest has its turn, if its peer handles anything still. */
  end(): void {
    this.#ended = true;
    this.stop();
  }

  #waitMs(message: Message): number {
    if (this.#stopped) return 0;
    const dueAt = this.#dueAt.get(message);
    return dueAt === undefined ? 0 : dueAt - this.#clock.monotonic();
  }

  #later(run: () => void, waitMs: number, isAnswer: boolean): void {
    const delayed: Delayed = {
      run,
      isAnswer,
      timer: this.#clock.setTimeout(() => {
        this.#delayed.delete(delayed);
        run();
      }, waitMs),
    };
    this.#delayed.add(delayed);
  }
}
