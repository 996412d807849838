import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { DecodeError } from '../primitives/decode.error.js';
import { LegacyBlockHeader, MIN_HEADER_ENTRY_SIZE } from './block-header.js';
import { LegacyView } from './legacy-view.js';
import { MAX_HEADERS } from './limits.js';

/**
 * The payload of `headers`, the answer to `getheaders`. May be empty: NEO-ONE answers so when it has nothing.
 *
 * @publicApi
 */
export class HeadersPayload extends LegacyView {
  private constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    /** At most 2000. */
    readonly headers: readonly LegacyBlockHeader[],
  ) {
    super(bytes, start, end);
  }

  /** @throws DecodeError */
  static decode(reader: ByteReader): HeadersPayload {
    const start = reader.offset;
    const count = reader.count('headers', MAX_HEADERS, MIN_HEADER_ENTRY_SIZE);
    const headers: LegacyBlockHeader[] = [];
    reader.enter('headers');
    for (let i = 0; i < count; i++) {
      reader.at(i);
      headers.push(LegacyBlockHeader.decodeEntry(reader));
    }
    reader.leave();
    return new HeadersPayload(reader.bytes, start, reader.offset, headers);
  }

  /**
   * A payload with these headers, whose bytes are copied as they are.
   *
   * @throws DecodeError when there are more than 2000
   */
  static from({ headers }: { readonly headers: readonly LegacyBlockHeader[] }): HeadersPayload {
    if (headers.length > MAX_HEADERS) {
      const detail = `${headers.length} is over the limit of ${MAX_HEADERS}`;
      throw new DecodeError({ command: 'headers', field: 'headers', offset: 0, problem: 'limit', detail });
    }
    const raws = headers.map((header) => header.raw);
    const writer = new ByteWriter(raws.reduce((sum, raw) => sum + raw.length + 1, 3)).varint(raws.length);
    for (const raw of raws) writer.bytes(raw).u8(0);
    const bytes = writer.finish();
    return new HeadersPayload(bytes, 0, bytes.length, [...headers]);
  }

  toJSON() {
    return { count: this.headers.length, headers: this.headers.map((header) => header.toJSON()) };
  }

  protected over(bytes: Uint8Array): this {
    return HeadersPayload.decode(new ByteReader(bytes, 'headers')) as this;
  }
}
