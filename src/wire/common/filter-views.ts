import { BloomFilter } from '../primitives/bloom-filter.js';
import type { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { toHex } from '../primitives/hex.js';
import { u32At } from '../primitives/little-endian.js';
import { ByteView } from './byte-view.js';
import type { DialectName } from './dialect-name.js';

/** What follows the filter: u8 number of hash functions, u32 tweak. */
const TAIL_SIZE = 5;

/** The bounds of a `filterload`. */
export interface FilterLimits {
  /** Longest filter in bytes. */
  readonly size: number;
  /** Most hash functions. */
  readonly hashes: number;
}

/**
 * The payload of `filterload`, the same in every dialect: from now on only transactions that match this filter are of interest.
 *
 * @internal
 */
export abstract class FilterLoadView<D extends DialectName> extends ByteView<D> {
  protected constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    protected readonly filterSize: number,
  ) {
    super(bytes, start, end);
  }

  /** The filter's bytes; may be empty, which C# nodes can't work with. */
  get filter(): Uint8Array {
    const end = this.end - TAIL_SIZE;
    return this.bytes.subarray(end - this.filterSize, end);
  }

  /** Number of hash functions. */
  get k(): number {
    return this.bytes[this.end - TAIL_SIZE]!;
  }

  get tweak(): number {
    return u32At(this.bytes, this.end - 4);
  }

  /**
   * The filter at work, over a copy of the bytes: `filteradd` changes it.
   *
   * @throws DecodeError when it is empty
   */
  toBloomFilter(): BloomFilter {
    return new BloomFilter(Uint8Array.from(this.filter), this.k, this.tweak);
  }

  toJSON(): object {
    return { filter: toHex(this.filter), k: this.k, tweak: this.tweak };
  }
}

/** Steps over a `filterload`; returns the size of the filter in it. */
export function skipFilterLoad(reader: ByteReader, limits: FilterLimits): number {
  const filterSize = reader.skipVarBytes('filter', limits.size);
  const k = reader.u8('k');
  if (k > limits.hashes) reader.fail('k', 'limit', `${k} is over the limit of ${limits.hashes}`, reader.offset - 1);
  reader.skip(4, 'tweak');
  return filterSize;
}

/** The bytes of a `filterload`. */
export function encodeFilterLoad({ bytes, hashes, tweak }: BloomFilter): Uint8Array {
  return new ByteWriter(8 + bytes.length).varBytes(bytes).u8(hashes).u32(tweak).finish();
}

/**
 * The payload of `filteradd`, the same in every dialect: one more thing the filter shall match.
 *
 * @internal
 */
export abstract class FilterAddView<D extends DialectName> extends ByteView<D> {
  protected constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    protected readonly dataSize: number,
  ) {
    super(bytes, start, end);
  }

  get data(): Uint8Array {
    return this.bytes.subarray(this.end - this.dataSize, this.end);
  }

  toJSON(): object {
    return { data: toHex(this.data) };
  }
}

/** The bytes of a `filteradd`. */
export function encodeFilterAdd(data: Uint8Array): Uint8Array {
  return new ByteWriter(3 + data.length).varBytes(data).finish();
}
