import { Logger } from '@nestjs/common';
import type { Clock } from '../../environment/clock.js';
import type { LocalConfig } from '../behaviours/local-config.js';
import { BehaviourFailedError } from '../errors/behaviour-failed.error.js';

/** The largest height that fits into a message. */
export const MAX_HEIGHT = 0xffffffff;

/** A provider that fails does so for every ping of every peer; one line in this many milliseconds tells it. */
const WARNING_MS = 60_000;

/**
 * Our height, asked anew each time it is told to somebody.
 *
 * @internal
 */
export class LocalHeight {
  readonly #logger = new Logger(LocalHeight.name);
  readonly #local: LocalConfig;
  readonly #clock: Clock;
  #last = 0;
  #warnedAt = -Infinity;

  /** @param local its height provider isn't touched before somebody asks: it may need the module itself */
  constructor(local: LocalConfig, clock: Clock) {
    this.#local = local;
    this.#clock = clock;
  }

  /** @throws BehaviourFailedError when the provider throws, or gives no height */
  ask(): number {
    let height: unknown;
    try {
      height = this.#local.height.height();
    } catch (error) {
      throw new BehaviourFailedError('HeightProvider', 'threw', { cause: error });
    }
    if (typeof height !== 'number' || !Number.isInteger(height) || height < 0 || height > MAX_HEIGHT) {
      throw new BehaviourFailedError('HeightProvider', `gave ${String(height)}, which is no height`);
    }
    this.#last = height;
    return height;
  }

  /** As {@link ask}, but the last height it gave when it fails: a peer that is ready isn't given up for that. */
  askOrLast(): number {
    try {
      return this.ask();
    } catch (error) {
      const now = this.#clock.monotonic();
      if (now - this.#warnedAt >= WARNING_MS) {
        this.#warnedAt = now;
        this.#logger.error('The height could not be told; the last one is', error);
      }
      return this.#last;
    }
  }
}
