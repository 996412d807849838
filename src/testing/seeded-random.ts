import { RandomSource } from '../environment/random-source.js';

const TWO_POW_32 = 2 ** 32;

/**
 * Chance that can be repeated: the same seed gives the same sequence, on every machine. Not for secrets.
 *
 * The generator is Marsaglia's xorshift with 128 bits of state ("Xorshift RNGs", 2003).
 *
 * @publicApi
 */
export class SeededRandom extends RandomSource {
  readonly #state: Uint32Array;

  /** @param seed any whole number; its lowest 32 bits count */
  constructor(seed: number) {
    super();
    const spread = seed >>> 0; // xorshift needs a state that isn't all zero, hence the constants beside the seed
    this.#state = Uint32Array.of(123456789 ^ spread, 362436069, 521288629, 88675123 + Math.imul(spread, 2654435761));
    for (let i = 0; i < 16; i++) this.#next(); // so that seeds that are near to each other give unlike sequences
  }

  bytes(size: number): Uint8Array {
    const bytes = new Uint8Array(size);
    for (let i = 0; i < size; i++) bytes[i] = this.#next() >>> 24;
    return bytes;
  }

  /** @throws RangeError when `below` isn't a whole number from 1 to 2^32 */
  integer(below: number): number {
    if (!Number.isInteger(below) || below < 1 || below > TWO_POW_32)
      throw new RangeError(`below must be 1 to 2^32, not ${below}`);
    const fair = TWO_POW_32 - (TWO_POW_32 % below); // drawing again over this keeps every number equally likely
    let drawn = this.#next();
    while (drawn >= fair) drawn = this.#next();
    return drawn % below;
  }

  #next(): number {
    const state = this.#state;
    const oldest = state[0]! ^ (state[0]! << 11);
    const newest = state[3]!;
    state.copyWithin(0, 1);
    state[3] = newest ^ (newest >>> 19) ^ oldest ^ (oldest >>> 8);
    return state[3];
  }
}
