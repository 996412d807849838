import type { Digest } from './hashing.js';
import { FixedUInt, parseFixedUInt, readFixedUInt } from './uint.js';

/**
 * 32 bytes: the hash of a block, a transaction, a state root or an asset.
 *
 * @publicApi
 */
export class UInt256 extends FixedUInt {
  /** Size in bytes. */
  static readonly SIZE = 32;
  /** All bytes zero: "no hash". */
  static readonly ZERO = new UInt256('\0'.repeat(UInt256.SIZE));

  /**
   * @param text 64 hex digits in display order, `0x` optional
   * @throws DecodeError when it is anything else
   */
  static from(text: string): UInt256 {
    return new UInt256(parseFixedUInt('uint256', UInt256.SIZE, text));
  }

  /**
   * @param bytes holds 32 bytes in wire order at `offset`; they are copied
   * @throws DecodeError when there are fewer
   */
  static fromBytes(bytes: Uint8Array, offset = 0): UInt256 {
    return new UInt256(readFixedUInt('uint256', UInt256.SIZE, bytes, offset));
  }

  /** @internal the digest must have 32 characters */
  static fromDigest(digest: Digest): UInt256 {
    return new UInt256(digest);
  }

  /** Size in bytes. */
  get size(): 32 {
    return 32;
  }

  equals(other: UInt256): boolean {
    return this.key === other.key;
  }
}
