/** Eight buckets a doubling: neighbours differ by 9 %, so a percentile is off by at most half of that. */
const BUCKETS_PER_DOUBLING = 8;
/** Upper bound of the first bucket: one microsecond, below what clocks tell apart. */
const SMALLEST_MS = 0.001;
/** 2^30 microseconds are 18 minutes: what takes longer shares the last bucket. */
const DOUBLINGS = 30;
const BUCKETS = DOUBLINGS * BUCKETS_PER_DOUBLING + 1;

/**
 * Durations counted in buckets that grow by a constant factor: percentiles in 2 KB, however many durations there were.
 *
 * @internal
 */
export class DurationHistogram {
  readonly #counts = new Float64Array(BUCKETS);
  #total = 0;

  /** @param ms milliseconds, not negative */
  add(ms: number): void {
    this.#counts[bucketOf(ms)]!++;
    this.#total++;
  }

  /**
   * The duration that this share of all durations doesn't exceed, in milliseconds; 0 when there were none.
   *
   * @param share 0.5 is the median
   */
  percentile(share: number): number {
    const wanted = Math.ceil(this.#total * share);
    if (wanted === 0) return 0;
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket]!;
      if (seen >= wanted) return middleOf(bucket);
    }
    return middleOf(BUCKETS - 1);
  }
}

function bucketOf(ms: number): number {
  if (!(ms > SMALLEST_MS)) return 0;
  return Math.min(Math.ceil(Math.log2(ms / SMALLEST_MS) * BUCKETS_PER_DOUBLING), BUCKETS - 1);
}

/** The geometric middle of a bucket's bounds. */
function middleOf(bucket: number): number {
  return SMALLEST_MS * 2 ** ((bucket - 0.5) / BUCKETS_PER_DOUBLING);
}
