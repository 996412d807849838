import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { HashList } from '../primitives/hash-list.js';
import { UInt256 } from '../primitives/uint256.js';
import { LegacyView } from './legacy-view.js';
import { MAX_HASH_STARTS } from './limits.js';

/**
 * The payload of `getheaders` and `getblocks`: what comes after a hash.
 *
 * @publicApi
 */
export class HashRangePayload extends LegacyView {
  #starts: HashList | undefined;

  private constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    /** Where the first start hash begins, from `start`. */
    private readonly startsAt: number,
  ) {
    super(bytes, start, end);
  }

  /** @internal */
  static decode(reader: ByteReader): HashRangePayload {
    const start = reader.offset;
    const count = reader.count('hashStart', MAX_HASH_STARTS, UInt256.SIZE);
    if (count === 0) reader.fail('hashStart', 'value', 'no hash to start from', start);
    const startsAt = reader.offset - start;
    reader.skip(count * UInt256.SIZE, 'hashStart');
    reader.skip(UInt256.SIZE, 'hashStop');
    return new HashRangePayload(reader.bytes, start, reader.offset, startsAt);
  }

  /**
   * @param fields `stop`: where to end; default zero, which means nowhere
   * @throws DecodeError when there are not 1 to 16 starts
   */
  static from(fields: { readonly starts: Iterable<UInt256>; readonly stop?: UInt256 }): HashRangePayload {
    const starts = HashList.of(fields.starts);
    const writer = new ByteWriter(3 + starts.bytes.length + UInt256.SIZE)
      .varint(starts.length)
      .bytes(starts.bytes)
      .bytes((fields.stop ?? UInt256.ZERO).bytes);
    return HashRangePayload.decode(new ByteReader(writer.finish(), 'getheaders'));
  }

  /**
   * Hashes the sender has, of which the answer may begin after any: 1 to 16, newest first by custom. C# nodes and neo-go
   * look at the first alone.
   */
  get starts(): HashList {
    return (this.#starts ??= new HashList(this.bytes.subarray(this.start + this.startsAt, this.end - UInt256.SIZE)));
  }

  /** The hash before which the answer shall end; zero for no end. */
  get stop(): UInt256 {
    return UInt256.fromBytes(this.bytes, this.end - UInt256.SIZE);
  }

  toJSON(): object {
    return { hashStart: this.starts.toJSON(), hashStop: this.stop.toJSON() };
  }

  protected over(bytes: Uint8Array): this {
    return new HashRangePayload(bytes, 0, bytes.length, this.startsAt) as this;
  }
}
