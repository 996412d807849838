import type { Digest } from '../primitives/hashing.js';
import { UInt256 } from '../primitives/uint256.js';
import { ByteView } from './byte-view.js';
import type { DialectName } from './dialect-name.js';

/**
 * A view of something that begins with what is hashed and signed, and ends with the witnesses, which are not.
 *
 * @internal
 */
export abstract class SignedView<D extends DialectName> extends ByteView<D> {
  #hash: UInt256 | undefined;

  constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    /** Bytes before the witnesses: those that {@link hash} covers. */
    readonly unsignedLength: number,
  ) {
    super(bytes, start, end);
  }

  /** The bytes that {@link hash} covers. A window, not a copy. */
  get unsigned(): Uint8Array {
    return this.bytes.subarray(this.start, this.start + this.unsignedLength);
  }

  /** Computed from {@link unsigned} on first use, then kept. */
  get hash(): UInt256 {
    return (this.#hash ??= UInt256.fromDigest(this.digest(this.bytes, this.start, this.start + this.unsignedLength)));
  }

  /** How the dialect hashes the bytes from `start` to `end`. */
  protected abstract digest(bytes: Uint8Array, start: number, end: number): Digest;
}
