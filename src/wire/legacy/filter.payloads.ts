import { BloomFilter } from '../primitives/bloom-filter.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { toHex } from '../primitives/hex.js';
import { u32At } from '../primitives/little-endian.js';
import { LegacyView } from './legacy-view.js';
import { MAX_FILTER_ELEMENT_SIZE, MAX_FILTER_HASHES, MAX_FILTER_SIZE } from './limits.js';

/** What follows the filter: u8 number of hash functions, u32 tweak. */
const TAIL_SIZE = 5;

/**
 * The payload of `filterload`: from now on only transactions that match this filter are of interest.
 *
 * @publicApi
 */
export class FilterLoadPayload extends LegacyView {
  private constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    private readonly filterSize: number,
  ) {
    super(bytes, start, end);
  }

  /** @internal */
  static decode(reader: ByteReader): FilterLoadPayload {
    const start = reader.offset;
    const filterSize = reader.skipVarBytes('filter', MAX_FILTER_SIZE);
    const k = reader.u8('k');
    if (k > MAX_FILTER_HASHES)
      reader.fail('k', 'limit', `${k} is over the limit of ${MAX_FILTER_HASHES}`, reader.offset - 1);
    reader.skip(4, 'tweak');
    return new FilterLoadPayload(reader.bytes, start, reader.offset, filterSize);
  }

  /** @throws DecodeError when the filter is over 36,000 bytes or has over 50 hash functions. A {@link BloomFilter} is never empty */
  static from(filter: BloomFilter): FilterLoadPayload {
    const writer = new ByteWriter(8 + filter.bytes.length).varBytes(filter.bytes).u8(filter.hashes).u32(filter.tweak);
    return FilterLoadPayload.decode(new ByteReader(writer.finish(), 'filterload'));
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

  protected over(bytes: Uint8Array): this {
    return new FilterLoadPayload(bytes, 0, bytes.length, this.filterSize) as this;
  }
}

/**
 * The payload of `filteradd`: one more thing the filter shall match.
 *
 * @publicApi
 */
export class FilterAddPayload extends LegacyView {
  private constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    private readonly dataSize: number,
  ) {
    super(bytes, start, end);
  }

  /** @internal */
  static decode(reader: ByteReader): FilterAddPayload {
    const start = reader.offset;
    const dataSize = reader.skipVarBytes('data', MAX_FILTER_ELEMENT_SIZE);
    return new FilterAddPayload(reader.bytes, start, reader.offset, dataSize);
  }

  /** @throws DecodeError when it is over 520 bytes */
  static from({ data }: { readonly data: Uint8Array }): FilterAddPayload {
    const writer = new ByteWriter(3 + data.length).varBytes(data);
    return FilterAddPayload.decode(new ByteReader(writer.finish(), 'filteradd'));
  }

  get data(): Uint8Array {
    return this.bytes.subarray(this.end - this.dataSize, this.end);
  }

  toJSON(): object {
    return { data: toHex(this.data) };
  }

  protected over(bytes: Uint8Array): this {
    return new FilterAddPayload(bytes, 0, bytes.length, this.dataSize) as this;
  }
}
