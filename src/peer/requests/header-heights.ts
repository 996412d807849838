import type { BlockHeader } from '../../wire/common/block-header.js';
import type { Digest } from '../../wire/primitives/hashing.js';
import type { UInt256 } from '../../wire/primitives/uint256.js';

/** How many are remembered: requests go on from the last header of an answer, seldom from an older one. */
const CAPACITY = 256;

/**
 * The heights of the headers that answers ended with, of all peers of a module. Tells how high a request begins that only
 * names a hash. A header's height is part of what its hash is made from, so no remote can lie about it.
 *
 * @internal
 */
export class HeaderHeights {
  readonly #genesis: Digest | undefined;
  readonly #heights = new Map<Digest, number>();

  /** @param genesis hash of block 0, if known */
  constructor(genesis: UInt256 | undefined) {
    this.#genesis = genesis?.key;
  }

  learn(header: BlockHeader): void {
    const { key } = header.hash;
    this.#heights.delete(key);
    this.#heights.set(key, header.index);
    if (this.#heights.size <= CAPACITY) return;
    for (const oldest of this.#heights.keys()) {
      this.#heights.delete(oldest);
      return;
    }
  }

  /** Undefined if it isn't known. */
  of(hash: UInt256): number | undefined {
    return hash.key === this.#genesis ? 0 : this.#heights.get(hash.key);
  }
}
