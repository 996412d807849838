import { setImmediate as nextTurn, setTimeout as realPause } from 'node:timers/promises';
import { Clock, type Timer } from '../environment/clock.js';
import { LONGEST_TIMEOUT_MS } from '../environment/system-clock.js';
import { ConditionNotMetError } from './condition-not-met.error.js';
import { type HeapTimer, TimerHeap } from '../environment/timer-heap.js';

/** Where a virtual clock begins: 2026-01-01T00:00:00Z. Any fixed date does; this one is after every recorded block. */
export const VIRTUAL_START_MS = Date.UTC(2026, 0, 1);

/** `until` looks at its condition at least this often, so that work of the system's (sockets, files) gets its turns. */
const STEPS_OF_UNTIL = 100;

/**
 * A clock that stands still until the test moves it. Timers fire in the order they are due, those due at the same time in
 * the order they were set; after each of them everything that it set off runs (promise reactions, and a turn of the event
 * loop), before the next fires.
 *
 * ```ts
 * overrideProvider(Clock).useValue(new VirtualClock())
 * ```
 *
 * @publicApi
 */
export class VirtualClock extends Clock {
  readonly #startMs: number;
  readonly #timers = new TimerHeap<VirtualTimer>();
  #elapsedMs = 0;
  #timersSet = 0;
  #moving: Promise<void> = Promise.resolve();

  /** @param options `startMs`: what {@link now} begins with, milliseconds since 1970. Default 2026-01-01T00:00:00Z. */
  constructor(options: { readonly startMs?: number } = {}) {
    super();
    this.#startMs = options.startMs ?? VIRTUAL_START_MS;
  }

  /** Virtual milliseconds since 1970. */
  now(): number {
    return this.#startMs + this.#elapsedMs;
  }

  /** Virtual milliseconds since the clock was made. */
  override monotonic(): number {
    return this.#elapsedMs;
  }

  /** How many timers are set and have neither fired nor been cancelled. */
  get pending(): number {
    return this.#timers.size;
  }

  /** As Node's: less than 1 ms counts as 1, fractions are cut off, over 2^31-1 counts as that. */
  setTimeout(run: () => void, ms: number): Timer {
    const timer = new VirtualTimer(run, ms >= 1 ? Math.trunc(Math.min(ms, LONGEST_TIMEOUT_MS)) : 1, this);
    this.arm(timer);
    return timer;
  }

  /**
   * Moves the time on, firing what falls due. What was already under way is let run first, so a timer that it sets
   * counts from before the move. Calls made at once are done one after the other.
   *
   * @throws what a timer's function throws; the time then stands where that was
   */
  advance(ms: number): Promise<void> {
    return this.#inTurn(() => this.#advanceTo(this.#elapsedMs + Math.max(0, ms)));
  }

  /**
   * Moves the time on until the condition holds, from one timer to the next, and in at least a hundred steps. Where no
   * timer is due in a step, it waits one real millisecond, so that sockets and files can answer.
   *
   * @throws ConditionNotMetError when `limitMs` virtual milliseconds went by without it
   */
  until(condition: () => boolean, limitMs: number): Promise<void> {
    return this.#inTurn(async () => {
      const end = this.#elapsedMs + limitMs;
      const step = Math.max(1, limitMs / STEPS_OF_UNTIL);
      await nextTurn();
      while (!condition()) {
        if (this.#elapsedMs >= end) throw new ConditionNotMetError(limitMs, condition.toString());
        const due = this.#timers.first?.dueMs ?? Infinity;
        const target = Math.min(due, this.#elapsedMs + step, end);
        if (due > target) await realPause(1);
        await this.#advanceTo(target);
      }
    });
  }

  /** @internal Puts a timer in its place. */
  arm(timer: VirtualTimer): void {
    timer.dueMs = this.#elapsedMs + timer.ms;
    timer.order = ++this.#timersSet;
    this.#timers.add(timer);
  }

  /** @internal Takes a timer out, if it is there. */
  disarm(timer: VirtualTimer): void {
    this.#timers.remove(timer);
  }

  #inTurn(move: () => Promise<void>): Promise<void> {
    const done = this.#moving.then(move);
    this.#moving = done.catch(() => undefined); // whoever made the call gets the error
    return done;
  }

  async #advanceTo(target: number): Promise<void> {
    await nextTurn();
    for (let next = this.#timers.first; next !== undefined && next.dueMs <= target; next = this.#timers.first) {
      this.#timers.remove(next);
      this.#elapsedMs = next.dueMs;
      next.run();
      await nextTurn();
    }
    this.#elapsedMs = Math.max(this.#elapsedMs, target);
  }
}

class VirtualTimer implements Timer, HeapTimer {
  dueMs = 0;
  order = 0;
  place = -1;
  #cancelled = false;

  constructor(
    readonly run: () => void,
    readonly ms: number,
    private readonly clock: VirtualClock,
  ) {}

  refresh(): void {
    if (this.#cancelled) return;
    this.clock.disarm(this);
    this.clock.arm(this);
  }

  cancel(): void {
    this.#cancelled = true;
    this.clock.disarm(this);
  }
}
