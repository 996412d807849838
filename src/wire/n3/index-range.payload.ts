import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { i16At, u32At } from '../primitives/little-endian.js';
import { MAX_INDEX_RANGE } from './limits.js';
import { N3View } from './n3-view.js';
import { readCount } from './range-count.js';

/**
 * What a request by index is made from.
 *
 * @publicApi
 */
export interface IndexRangeFields {
  /** Height of the first header or block wanted. */
  readonly indexStart: number;
  /** How many, 1 to 2000; -1 is as many as allowed: 2000 headers, 500 blocks. More than 500 blocks is cut to 500 by whoever answers. */
  readonly count: number;
}

/**
 * The payload of `getheaders` and `getblockbyindex`: what begins at a height.
 *
 * @publicApi
 */
export class IndexRangePayload extends N3View implements IndexRangeFields {
  /** @internal */
  static decode(reader: ByteReader): IndexRangePayload {
    const start = reader.offset;
    reader.skip(4, 'indexStart');
    readCount(reader, MAX_INDEX_RANGE);
    return new IndexRangePayload(reader.bytes, start, reader.offset);
  }

  /**
   * @param command what the payload is for, named by errors
   * @throws DecodeError when `count` is neither -1 nor 1 to 2000
   */
  static from(
    { indexStart, count }: IndexRangeFields,
    command: 'getheaders' | 'getblockbyindex' = 'getheaders',
  ): IndexRangePayload {
    const writer = new ByteWriter(6).u32(indexStart).i16(count);
    return IndexRangePayload.decode(new ByteReader(writer.finish(), command));
  }

  get indexStart(): number {
    return u32At(this.bytes, this.start);
  }

  get count(): number {
    return i16At(this.bytes, this.start + 4);
  }

  toJSON(): object {
    return { indexStart: this.indexStart, count: this.count };
  }

  protected over(bytes: Uint8Array): this {
    return new IndexRangePayload(bytes, 0, bytes.length) as this;
  }
}
