import type { Digest } from './hashing.js';
import { FixedUInt, parseFixedUInt, readFixedUInt } from './uint.js';

/**
 * 20 bytes: the hash of a script, which is what an address stands for.
 *
 * @publicApi
 */
export class UInt160 extends FixedUInt {
  /** Size in bytes. */
  static readonly SIZE = 20;
  /** All bytes zero. */
  static readonly ZERO = new UInt160('\0'.repeat(UInt160.SIZE));

  /**
   * @param text 40 hex digits in display order, `0x` optional
   * @throws DecodeError when it is anything else
   */
  static from(text: string): UInt160 {
    return new UInt160(parseFixedUInt('uint160', UInt160.SIZE, text));
  }

  /**
   * @param bytes holds 20 bytes in wire order at `offset`; they are copied
   * @throws DecodeError when there are fewer
   */
  static fromBytes(bytes: Uint8Array, offset = 0): UInt160 {
    return new UInt160(readFixedUInt('uint160', UInt160.SIZE, bytes, offset));
  }

  /** @internal the digest must have 20 characters */
  static fromDigest(digest: Digest): UInt160 {
    return new UInt160(digest);
  }

  /** Size in bytes. */
  get size(): 20 {
    return 20;
  }

  equals(other: UInt160): boolean {
    return this.key === other.key;
  }
}
