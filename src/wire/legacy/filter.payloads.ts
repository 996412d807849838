import {
  encodeFilterAdd,
  encodeFilterLoad,
  FilterAddView,
  FilterLoadView,
  skipFilterLoad,
} from '../common/filter-views.js';
import type { BloomFilter } from '../primitives/bloom-filter.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { MAX_FILTER_ELEMENT_SIZE, MAX_FILTER_HASHES, MAX_FILTER_SIZE } from './limits.js';

/**
 * The payload of `filterload`: from now on only transactions that match this filter are of interest.
 *
 * @publicApi
 */
export class FilterLoadPayload extends FilterLoadView<'legacy'> {
  /** @internal */
  static decode(reader: ByteReader): FilterLoadPayload {
    const start = reader.offset;
    const filterSize = skipFilterLoad(reader, { size: MAX_FILTER_SIZE, hashes: MAX_FILTER_HASHES });
    return new FilterLoadPayload(reader.bytes, start, reader.offset, filterSize);
  }

  /** @throws DecodeError when the filter is over 36,000 bytes or has over 50 hash functions. A {@link BloomFilter} is never empty */
  static from(filter: BloomFilter): FilterLoadPayload {
    return FilterLoadPayload.decode(new ByteReader(encodeFilterLoad(filter), 'filterload'));
  }

  get dialect(): 'legacy' {
    return 'legacy';
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
export class FilterAddPayload extends FilterAddView<'legacy'> {
  /** @internal */
  static decode(reader: ByteReader): FilterAddPayload {
    const start = reader.offset;
    const dataSize = reader.skipVarBytes('data', MAX_FILTER_ELEMENT_SIZE);
    return new FilterAddPayload(reader.bytes, start, reader.offset, dataSize);
  }

  /** @throws DecodeError when it is over 520 bytes */
  static from({ data }: { readonly data: Uint8Array }): FilterAddPayload {
    return FilterAddPayload.decode(new ByteReader(encodeFilterAdd(data), 'filteradd'));
  }

  get dialect(): 'legacy' {
    return 'legacy';
  }

  protected over(bytes: Uint8Array): this {
    return new FilterAddPayload(bytes, 0, bytes.length, this.dataSize) as this;
  }
}
