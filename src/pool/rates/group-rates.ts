import { TokenBucket } from './token-bucket.js';

/** Groups whose rate is remembered. More than this at once are nobody's single flood. */
const MAX_GROUPS = 1000;

/**
 * A rate of which each group of addresses may use a part, so that one can't use up what all others need.
 *
 * @internal
 */
export class GroupRates {
  readonly #buckets = new Map<string, TokenBucket>();

  /** @param perSecond of one group, more than 0 @param burst of one group, 1 or more */
  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
  ) {}

  /** Takes one of a group's, if there is one. @param nowMs milliseconds, best those of a clock that never goes back */
  take(group: string, nowMs: number): boolean {
    const bucket = this.#buckets.get(group) ?? new TokenBucket(this.perSecond, this.burst, nowMs);
    this.#buckets.delete(group);
    this.#buckets.set(group, bucket);
    if (this.#buckets.size > MAX_GROUPS) {
      const [longestUnused] = this.#buckets.keys();
      this.#buckets.delete(longestUnused!);
    }
    return bucket.take(nowMs);
  }
}
