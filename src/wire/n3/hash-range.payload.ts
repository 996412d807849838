import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { i16At } from '../primitives/little-endian.js';
import { UInt256 } from '../primitives/uint256.js';
import { MAX_HASH_RANGE } from './limits.js';
import { N3View } from './n3-view.js';
import { readCount } from './range-count.js';

/**
 * What a request by hash is made from.
 *
 * @publicApi
 */
export interface HashRangeFields {
  /** The block after which the wanted hashes begin. */
  readonly hashStart: UInt256;
  /** How many; -1 is as many as allowed: 500. More is cut to 500 by whoever answers. */
  readonly count: number;
}

/**
 * The payload of `getblocks`: what comes after a hash.
 *
 * @publicApi
 */
export class HashRangePayload extends N3View implements HashRangeFields {
  /** @internal */
  static decode(reader: ByteReader): HashRangePayload {
    const start = reader.offset;
    reader.skip(UInt256.SIZE, 'hashStart');
    readCount(reader, MAX_HASH_RANGE);
    return new HashRangePayload(reader.bytes, start, reader.offset);
  }

  /** @throws DecodeError when `count` is neither -1 nor over 0 */
  static from({ hashStart, count }: HashRangeFields): HashRangePayload {
    const writer = new ByteWriter(UInt256.SIZE + 2).digest(hashStart.key).i16(count);
    return HashRangePayload.decode(new ByteReader(writer.finish(), 'getblocks'));
  }

  get hashStart(): UInt256 {
    return UInt256.fromBytes(this.bytes, this.start);
  }

  get count(): number {
    return i16At(this.bytes, this.start + UInt256.SIZE);
  }

  toJSON(): object {
    return { hashStart: this.hashStart.toJSON(), count: this.count };
  }

  protected over(bytes: Uint8Array): this {
    return new HashRangePayload(bytes, 0, bytes.length) as this;
  }
}
