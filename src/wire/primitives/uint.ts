import { DecodeError } from './decode.error.js';
import type { Digest } from './hashing.js';
import { latin1 } from './latin1.js';

const HEX = /^[0-9a-fA-F]*$/;

/**
 * A fixed number of bytes that name something. Holds its own copy as a {@link Digest}, so that keeping one never keeps
 * the frame it came from.
 *
 * @internal
 */
export abstract class FixedUInt {
  protected constructor(
    /** The bytes in wire order as a latin1 string: the key to use in a `Map` or `Set`. Not for display. */
    readonly key: Digest,
  ) {}

  /** The bytes in wire order, made anew each time: hashes are made by the thousand, and few are ever asked for them. */
  get bytes(): Uint8Array {
    return Buffer.from(this.key, 'latin1');
  }

  /** Display order (wire bytes reversed) in lower-case hex with `0x`. */
  toString(): `0x${string}` {
    return `0x${Buffer.from(Buffer.from(this.key, 'latin1').toReversed()).toString('hex')}`;
  }

  /** The same text as {@link toString}. */
  toJSON(): string {
    return this.toString();
  }
}

/** Parses display-order hex, `0x` optional, into wire-order bytes. */
export function parseFixedUInt(type: string, size: number, text: string): Digest {
  const hex = text.startsWith('0x') || text.startsWith('0X') ? text.slice(2) : text;
  if (hex.length !== size * 2 || !HEX.test(hex)) {
    throw new DecodeError({
      command: type,
      field: 'text',
      offset: 0,
      problem: 'value',
      detail: `${JSON.stringify(text.slice(0, 80))} is not ${size * 2} hex digits (0x optional)`,
    });
  }
  return latin1(Buffer.from(hex, 'hex').toReversed());
}

/** Copies `size` bytes at `offset` into a digest, refusing a place that doesn't hold them. */
export function readFixedUInt(type: string, size: number, bytes: Uint8Array, offset: number): Digest {
  if (offset < 0 || offset + size > bytes.length) {
    throw new DecodeError({
      command: type,
      field: 'bytes',
      offset,
      problem: 'truncated',
      detail: `${size} bytes wanted, ${Math.max(bytes.length - offset, 0)} there`,
    });
  }
  return latin1(bytes, offset, offset + size);
}
