import type { Clock } from '../../environment/clock.js';
import { TokenBucket } from '../../pool/rates/token-bucket.js';
import type { Output } from '../output.js';
import type { RefusedEvent, RunEvent } from './run-event.js';
import type { RunReporter } from './run-reporter.js';

/** Refusals that get a line of their own a second, and at once: anybody can cause thousands. */
const REFUSALS_PER_SECOND = 10;

/** One JSON object a line. */
export class JsonReporter implements RunReporter {
  readonly statusEveryMs = undefined;
  readonly #refusals: TokenBucket;
  #omitted = 0;

  constructor(
    private readonly out: Output,
    private readonly clock: Clock,
  ) {
    this.#refusals = new TokenBucket(REFUSALS_PER_SECOND, REFUSALS_PER_SECOND, clock.monotonic());
  }

  report(event: RunEvent): void {
    if (event.event === 'refusedInbound') this.#refused(event);
    else this.out.post(JSON.stringify(event));
  }

  status(): void {}

  makeWay(): void {}

  finish(): void {}

  /** Those without a line are counted in the next one; the event `pool` has them all. */
  #refused(event: RefusedEvent): void {
    if (!this.#refusals.take(this.clock.monotonic())) {
      this.#omitted++;
      return;
    }
    const omitted = this.#omitted > 0 ? { omitted: this.#omitted } : {};
    this.#omitted = 0;
    this.out.post(JSON.stringify({ ...event, ...omitted }));
  }
}
