import { Logger } from '@nestjs/common';
import type { Clock, Timer } from '../../environment/clock.js';
import type { PeerEventBus } from '../../peer/events/peer-event-bus.js';
import { EVENT_LOG } from '../event-log.js';

/** How long nobody we dialled may be ready before that is called starvation, milliseconds. */
export const STARVED_AFTER_MS = 30_000;

/**
 * Notices that nobody is left whom we dialled. Those who dial us don't count: they may all be one attacker's.
 *
 * @internal
 */
export class Starvation {
  readonly #logger = new Logger(EVENT_LOG);
  readonly #clock: Clock;
  readonly #events: PeerEventBus;
  #timer: Timer | undefined;
  #starvedSinceMs: number | undefined;

  constructor(clock: Clock, events: PeerEventBus) {
    this.#clock = clock;
    this.#events = events;
  }

  /** When nobody was left, milliseconds since 1970; undefined while all is well. */
  get sinceMs(): number | undefined {
    return this.#starvedSinceMs;
  }

  /** Tells how many there are whom we dialled. */
  ready(count: number): void {
    if (count === 0) this.#timer ??= this.#clock.setTimeout(() => this.#starved(), STARVED_AFTER_MS);
    else this.#fed();
  }

  /** Nobody is wanted, so nobody is missed. */
  unwanted(): void {
    this.stop();
    this.#starvedSinceMs = undefined;
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #starved(): void {
    if (this.#starvedSinceMs !== undefined) return;
    this.#starvedSinceMs = this.#clock.now() - STARVED_AFTER_MS;
    this.#logger.warn('no peer can be reached; every source of addresses is tried again and again');
    this.#events.emit('starved');
  }

  #fed(): void {
    this.stop();
    if (this.#starvedSinceMs === undefined) return;
    const seconds = Math.round((this.#clock.now() - this.#starvedSinceMs) / 1000);
    this.#starvedSinceMs = undefined;
    this.#logger.log(`a peer can be reached again, after ${seconds} s`);
    this.#events.emit('healed');
  }
}
