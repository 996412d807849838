import { varintSize } from './byte-reader.js';
import type { Digest } from './hashing.js';
import { writeLatin1 } from './latin1.js';

const FIRST_CAPACITY = 256;

/**
 * Writes little-endian fields into a byte array that grows as needed.
 *
 * @internal
 */
export class ByteWriter {
  #bytes: Buffer;
  #length = 0;

  /**
   * Small ones come out of Node's pool: an allocation of their own would cost more than all that is written into them.
   *
   * @param capacity bytes to allocate at first; give the exact size where it is known and nothing is copied again
   */
  constructor(capacity = FIRST_CAPACITY) {
    this.#bytes = Buffer.allocUnsafe(Math.max(capacity, 1));
  }

  get length(): number {
    return this.#length;
  }

  u8(value: number): this {
    const at = this.#reserve(1);
    this.#bytes.writeUInt8(value, at);
    return this;
  }

  u16(value: number): this {
    const at = this.#reserve(2);
    this.#bytes.writeUInt16LE(value, at);
    return this;
  }

  i16(value: number): this {
    const at = this.#reserve(2);
    this.#bytes.writeInt16LE(value, at);
    return this;
  }

  u16BigEndian(value: number): this {
    const at = this.#reserve(2);
    this.#bytes.writeUInt16BE(value, at);
    return this;
  }

  u32(value: number): this {
    const at = this.#reserve(4);
    this.#bytes.writeUInt32LE(value, at);
    return this;
  }

  i32(value: number): this {
    const at = this.#reserve(4);
    this.#bytes.writeInt32LE(value, at);
    return this;
  }

  u64(value: bigint): this {
    const at = this.#reserve(8);
    this.#bytes.writeBigUInt64LE(value, at);
    return this;
  }

  i64(value: bigint): this {
    const at = this.#reserve(8);
    this.#bytes.writeBigInt64LE(value, at);
    return this;
  }

  bool(value: boolean): this {
    return this.u8(value ? 1 : 0);
  }

  /** Always the shortest form. */
  varint(value: number): this {
    const size = varintSize(value);
    if (size === 1) return this.u8(value);
    if (size === 3) return this.u8(0xfd).u16(value);
    return size === 5 ? this.u8(0xfe).u32(value) : this.u8(0xff).u64(BigInt(value));
  }

  bytes(value: Uint8Array): this {
    const at = this.#reserve(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  /** The bytes of a hash or script hash (its `key`). */
  digest(value: Digest): this {
    const at = this.#reserve(value.length);
    writeLatin1(this.#bytes, value, at);
    return this;
  }

  /** A varint length, then the bytes. */
  varBytes(value: Uint8Array): this {
    return this.varint(value.length).bytes(value);
  }

  /** UTF-8 bytes behind a varint length. */
  varString(value: string): this {
    const size = Buffer.byteLength(value);
    this.varint(size);
    const at = this.#reserve(size);
    this.#bytes.write(value, at);
    return this;
  }

  /** What was written, as a view of the writer's own bytes: write no more afterwards. */
  finish(): Uint8Array {
    return this.#length === this.#bytes.length ? this.#bytes : this.#bytes.subarray(0, this.#length);
  }

  /** Makes room, which may move the bytes: call it before {@link #bytes} is read. */
  #reserve(size: number): number {
    const at = this.#length;
    const end = at + size;
    if (end > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(end, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, at));
      this.#bytes = grown;
    }
    this.#length = end;
    return at;
  }
}

/** Bytes that {@link ByteWriter.varString} takes. @internal */
export function varStringSize(value: string): number {
  const size = Buffer.byteLength(value);
  return varintSize(size) + size;
}

/** Bytes that {@link ByteWriter.varBytes} takes. @internal */
export function varBytesSize(value: Uint8Array): number {
  return varintSize(value.length) + value.length;
}
