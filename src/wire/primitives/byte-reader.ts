import { DecodeError, type DecodeProblem } from './decode.error.js';
import type { Digest } from './hashing.js';
import { latin1 } from './latin1.js';
import { i16At, u16At, u16BigEndianAt, u32At, u64At } from './little-endian.js';

/** A varint above this can't be a length or count of anything that fits a frame, so it is refused before use. */
const LARGEST_EXACT_INTEGER = Number.MAX_SAFE_INTEGER;

/**
 * Reads little-endian fields from a byte array, and says where and in which field it failed.
 *
 * Every method takes the field's name, used only when something is wrong. Arrays call {@link enter}, {@link at} and
 * {@link leave}, so that the error names the item (`outputs[1].value`) while the good path allocates nothing.
 * Slices returned are views of the bytes given: nothing is copied.
 *
 * @internal
 */
export class ByteReader {
  /** Made when the first array is entered: most payloads have none. */
  #scopes: string[] | undefined;
  #indexes: number[] | undefined;

  /**
   * @param bytes what to read from
   * @param command the name errors carry
   * @param offset where to begin, in bytes
   * @param end where to stop, in bytes
   * @param origin what errors count their offset from, in bytes
   */
  constructor(
    readonly bytes: Uint8Array,
    readonly command: string,
    public offset = 0,
    readonly end = bytes.length,
    private readonly origin = offset,
  ) {}

  get remaining(): number {
    return this.end - this.offset;
  }

  /** Begins an array (or a nested structure, if {@link at} is never called) of that name. */
  enter(scope: string): void {
    (this.#scopes ??= []).push(scope);
    (this.#indexes ??= []).push(-1);
  }

  /** Says which item of the innermost array is being read. */
  at(index: number): void {
    this.#indexes![this.#indexes!.length - 1] = index;
  }

  leave(): void {
    this.#scopes!.pop();
    this.#indexes!.pop();
  }

  u8(field: string): number {
    const at = this.#take(1, field);
    return this.bytes[at]!;
  }

  u16(field: string): number {
    return u16At(this.bytes, this.#take(2, field));
  }

  i16(field: string): number {
    return i16At(this.bytes, this.#take(2, field));
  }

  /** Two bytes, most significant first: the port inside a network address. */
  u16BigEndian(field: string): number {
    return u16BigEndianAt(this.bytes, this.#take(2, field));
  }

  u32(field: string): number {
    return u32At(this.bytes, this.#take(4, field));
  }

  i32(field: string): number {
    return this.u32(field) | 0;
  }

  u64(field: string): bigint {
    return u64At(this.bytes, this.#take(8, field));
  }

  i64(field: string): bigint {
    return BigInt.asIntN(64, this.u64(field));
  }

  /** One byte: zero is false, anything else true. */
  bool(field: string): boolean {
    return this.u8(field) !== 0;
  }

  /** One byte that must be 0 or 1, because it is inside something hashed. */
  canonicalBool(field: string): boolean {
    const value = this.u8(field);
    if (value > 1) this.fail(field, 'value', `${value} is not a canonical bool (0 or 1)`, this.offset - 1);
    return value === 1;
  }

  /** A varint of any form, at most `max`. */
  varint(field: string, max = LARGEST_EXACT_INTEGER): number {
    return this.#varint(field, max, false);
  }

  /** A varint in its shortest form, because it is inside something hashed; at most `max`. */
  canonicalVarint(field: string, max = LARGEST_EXACT_INTEGER): number {
    return this.#varint(field, max, true);
  }

  /**
   * The count of an array: a varint, at most `max`, for which the bytes left can suffice.
   *
   * @param itemSize the smallest size of one item, in bytes
   */
  count(field: string, max: number, itemSize: number, canonical = false): number {
    const start = this.offset;
    const count = this.#varint(field, max, canonical);
    if (count * itemSize > this.remaining) {
      this.fail(
        field,
        'truncated',
        `${count} items of at least ${itemSize} bytes, but ${this.remaining} bytes left`,
        start,
      );
    }
    return count;
  }

  /** The next `size` bytes, as a view. */
  take(size: number, field: string): Uint8Array {
    const at = this.#take(size, field);
    return this.bytes.subarray(at, at + size);
  }

  /** The next `size` bytes as a string of one character a byte: what hashes and script hashes are made from. */
  digest(size: number, field: string): Digest {
    const at = this.#take(size, field);
    return latin1(this.bytes, at, at + size);
  }

  /** Steps over `size` bytes. */
  skip(size: number, field: string): void {
    this.#take(size, field);
  }

  /** A varint length of at most `max`, then that many bytes, as a view. */
  varBytes(field: string, max: number, canonical = false): Uint8Array {
    const size = this.skipVarBytes(field, max, canonical);
    return this.bytes.subarray(this.offset - size, this.offset);
  }

  /** Steps over a varint length of at most `max` and its bytes; returns the length. */
  skipVarBytes(field: string, max: number, canonical = false): number {
    const start = this.offset;
    const size = this.#varint(field, max, canonical);
    if (size > this.remaining) this.fail(field, 'truncated', `${size} bytes wanted, ${this.remaining} left`, start);
    this.offset += size;
    return size;
  }

  /** Refuses what is left over. For callers that hold one whole thing. */
  expectEnd(): void {
    if (this.remaining > 0) this.fail('end', 'trailing', `${this.remaining} bytes are left over`);
  }

  /** Throws the error for a field that begins at `offset` (default: here). */
  fail(field: string, problem: DecodeProblem, detail: string, offset = this.offset): never {
    throw new DecodeError({
      command: this.command,
      field: this.#path(field),
      offset: offset - this.origin,
      problem,
      detail,
    });
  }

  #path(field: string): string {
    const indexes = this.#indexes ?? [];
    const scopes = (this.#scopes ?? []).map((scope, i) => (indexes[i]! < 0 ? scope : `${scope}[${indexes[i]}]`));
    return [...scopes, field].filter((part) => part !== '').join('.');
  }

  #take(size: number, field: string): number {
    const at = this.offset;
    if (size > this.end - at) this.fail(field, 'truncated', `${size} bytes wanted, ${this.end - at} left`);
    this.offset = at + size;
    return at;
  }

  /** Nearly every varint is one byte: apart from the others, so that this is small enough to be compiled into its callers. */
  #varint(field: string, max: number, canonical: boolean): number {
    const first = this.u8(field);
    return first < 0xfd && first <= max ? first : this.#wideVarint(first, field, max, canonical);
  }

  #wideVarint(first: number, field: string, max: number, canonical: boolean): number {
    const start = this.offset - 1;
    const value = first < 0xfd ? first : this.#wide(first, field, start);
    if (value > max) this.fail(field, 'limit', `${value} is over the limit of ${max}`, start);
    if (canonical && this.offset - start !== varintSize(value)) {
      this.fail(field, 'value', `${value} is not in its shortest form, which hashed data must have`, start);
    }
    return value;
  }

  #wide(first: number, field: string, start: number): number {
    const size = first === 0xfd ? 2 : first === 0xfe ? 4 : 8;
    if (size > this.remaining) this.fail(field, 'truncated', `${size} bytes wanted, ${this.remaining} left`, start);
    if (size === 2) return this.u16(field);
    return size === 4 ? this.u32(field) : Number(this.u64(field));
  }
}

/** Bytes that the shortest form of a varint takes: 1, 3, 5 or 9. */
export function varintSize(value: number): 1 | 3 | 5 | 9 {
  if (value < 0xfd) return 1;
  if (value <= 0xffff) return 3;
  return value <= 0xffffffff ? 5 : 9;
}
