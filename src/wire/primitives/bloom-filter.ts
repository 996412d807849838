import { DecodeError } from './decode.error.js';
import { murmur3 } from './murmur3.js';

/** Keeps the hash functions of one filter apart: the seed of number i is i times this, plus the tweak (as in BIP 37). */
const SEED_STEP = 0xfba4c795;

/**
 * A set that may say "yes" of what was never added, but never "no" of what was.
 *
 * @publicApi
 */
export class BloomFilter {
  /**
   * @param bytes the filter itself, 8 bits a byte; kept, not copied, and changed by {@link add}. All zero is the empty set
   * @param hashes how many hash functions
   * @param tweak 32 bits that make the functions of this filter its own
   * @throws DecodeError when there is not one byte: nodes divide by its size
   */
  constructor(
    readonly bytes: Uint8Array,
    readonly hashes: number,
    readonly tweak: number,
  ) {
    if (bytes.length === 0) {
      throw new DecodeError({
        command: 'bloomfilter',
        field: 'bytes',
        offset: 0,
        problem: 'value',
        detail: 'a filter has at least one byte',
      });
    }
  }

  /** Puts these bytes (a hash, a script hash, an input: in wire order) into the set. */
  add(element: Uint8Array): this {
    for (let i = 0; i < this.hashes; i++) {
      const bit = this.#bit(element, i);
      this.bytes[bit >>> 3]! |= 1 << (bit & 7);
    }
    return this;
  }

  /** False: certainly not added. True: probably added. */
  contains(element: Uint8Array): boolean {
    for (let i = 0; i < this.hashes; i++) {
      const bit = this.#bit(element, i);
      if ((this.bytes[bit >>> 3]! & (1 << (bit & 7))) === 0) return false;
    }
    return true;
  }

  #bit(element: Uint8Array, i: number): number {
    return murmur3(element, Math.imul(i, SEED_STEP) + this.tweak) % (this.bytes.length * 8);
  }
}
