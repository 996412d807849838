import type { View } from '../wire/common/view.js';

/** What one request for blocks may bring, as far as that can be foreseen, bytes: what a slow link takes within a minute. */
const BATCH_BYTES = 8_388_608;

/** Blocks in the first request, when nothing is known of their size. */
const FIRST_BATCH = 50;

/**
 * How many blocks to ask for at once: the larger the last ones were, the fewer.
 *
 * @internal
 */
export class BatchSize {
  readonly #most: number;
  #size: number;

  /** @param most what one request may ask for */
  constructor(most: number) {
    this.#most = most;
    this.#size = Math.min(FIRST_BATCH, most);
  }

  get next(): number {
    return this.#size;
  }

  /** Takes note of what came. */
  learn(blocks: readonly View[]): void {
    const largest = Math.max(1, ...blocks.map(({ raw }) => raw.length));
    this.#size = Math.min(Math.max(1, Math.floor(BATCH_BYTES / largest)), this.#most);
  }
}
