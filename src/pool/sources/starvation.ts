import { Logger } from '@nestjs/common';
import type { Clock, Timer } from '../../environment/clock.js';
import type { PeerEventBus } from '../../peer/events/peer-event-bus.js';
import { EVENT_LOG } from '../event-log.js';

/** How long nobody we dialled may be ready before that is called starvation, milliseconds. */
export const STARVED_AFTER_MS = 30_000;

/**
 * Notices that somebody is missing whom we would dial. Those who dial us don't count: they may all be one attacker's.
 *
 * @internal
 */
export class Starvation {
  readonly #logger = new Logger(EVENT_LOG);
  readonly #clock: Clock;
  readonly #events: PeerEventBus;
  readonly #isFed: () => boolean;
  #timer: Timer | undefined;
  #starvedSinceMs: number | undefined;

  /** @param isFed whether somebody is there, or nobody could be */
  constructor(clock: Clock, events: PeerEventBus, isFed: () => boolean) {
    this.#clock = clock;
    this.#events = events;
    this.#isFed = isFed;
  }

  /** When nobody was left, milliseconds since 1970; undefined while all is well. */
  get sinceMs(): number | undefined {
    return this.#starvedSinceMs;
  }

  /** Something has changed. */
  look(): void {
    if (this.#isFed()) this.#fed();
    else this.#timer ??= this.#clock.setTimeout(() => this.#starved(), STARVED_AFTER_MS);
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

  /** What has changed meanwhile may have been seen by nobody: the last dial may have met ourselves. */
  #starved(): void {
    if (this.#isFed()) return this.#fed();
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
