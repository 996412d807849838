/**
 * Where chance comes from. Override it in tests with `SeededRandom` from `nestjs-neo-peer/testing`.
 *
 * @publicApi
 */
export abstract class RandomSource {
  /** `size` random bytes. */
  abstract bytes(size: number): Uint8Array;
  /** A whole number from 0 up to, not including, `below` (1 to 2^32). */
  abstract integer(below: number): number;
}
