import { OpaqueView } from '../common/opaque-view.js';
import type { ByteReader } from '../primitives/byte-reader.js';

/**
 * The payload of `alert` and `reject`: any bytes. No node sends them and none defines what they hold.
 *
 * @publicApi
 */
export class OpaquePayload extends OpaqueView<'n3'> {
  /** @internal */
  static decode(reader: ByteReader): OpaquePayload {
    const start = reader.offset;
    reader.skip(reader.remaining, 'data');
    return new OpaquePayload(reader.bytes, start, reader.offset);
  }

  /** @param fields `data` is kept, not copied */
  static from({ data }: { readonly data: Uint8Array }): OpaquePayload {
    return new OpaquePayload(data, 0, data.length);
  }

  get dialect(): 'n3' {
    return 'n3';
  }

  protected over(bytes: Uint8Array): this {
    return new OpaquePayload(bytes, 0, bytes.length) as this;
  }
}
