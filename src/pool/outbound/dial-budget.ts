import type { Clock } from '../../environment/clock.js';
import { TokenBucket } from '../rates/token-bucket.js';

/** How many dials may begin at once, in seconds of the rate. */
const BURST_SECONDS = 2;

/**
 * How many dials the pool may begin, whatever for: so that a node that lost everybody doesn't come down on the network, or
 * on its own router, like a storm.
 *
 * @internal
 */
export class DialBudget {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #bucket: TokenBucket;

  constructor(clock: Clock, dialsPerSecond: number) {
    this.#clock = clock;
    this.#perSecond = dialsPerSecond;
    this.#bucket = new TokenBucket(dialsPerSecond, Math.max(1, dialsPerSecond * BURST_SECONDS), clock.monotonic());
  }

  /** Takes a dial out, if there is one. */
  take(): boolean {
    return this.#bucket.take(this.#clock.monotonic());
  }

  /** Milliseconds until there will be one, 0 if there is. */
  get waitMs(): number {
    const missing = 1 - this.#bucket.available(this.#clock.monotonic());
    return missing <= 0 ? 0 : Math.ceil((missing / this.#perSecond) * 1000);
  }
}
