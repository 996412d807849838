import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { N3BlockHeader, MIN_HEADER_SIZE } from './block-header.js';
import { MAX_HEADERS } from './limits.js';
import { N3View } from './n3-view.js';

/**
 * The payload of `headers`, the answer to `getheaders`. Never empty: both nodes close the connection over that.
 *
 * @publicApi
 */
export class HeadersPayload extends N3View {
  private constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    /** 1 to 2000. */
    readonly headers: readonly N3BlockHeader[],
  ) {
    super(bytes, start, end);
  }

  /** @throws DecodeError */
  static decode(reader: ByteReader): HeadersPayload {
    const start = reader.offset;
    const count = reader.count('headers', MAX_HEADERS, MIN_HEADER_SIZE);
    if (count === 0) reader.fail('headers', 'value', 'there is at least one', start);
    const headers: N3BlockHeader[] = [];
    reader.enter('headers');
    for (let i = 0; i < count; i++) {
      reader.at(i);
      headers.push(N3BlockHeader.decode(reader));
    }
    reader.leave();
    return new HeadersPayload(reader.bytes, start, reader.offset, headers);
  }

  /**
   * A payload with these headers, whose bytes are copied as they are.
   *
   * @throws DecodeError when there are none, or more than 2000
   */
  static from({ headers }: { readonly headers: readonly N3BlockHeader[] }): HeadersPayload {
    const raws = headers.map((header) => header.raw);
    const writer = new ByteWriter(raws.reduce((sum, raw) => sum + raw.length, 3)).varint(raws.length);
    for (const raw of raws) writer.bytes(raw);
    return HeadersPayload.decode(new ByteReader(writer.finish(), 'headers'));
  }

  toJSON() {
    return { headers: this.headers.map((header) => header.toJSON()) };
  }

  protected over(bytes: Uint8Array): this {
    return HeadersPayload.decode(new ByteReader(bytes, 'headers')) as this;
  }
}
