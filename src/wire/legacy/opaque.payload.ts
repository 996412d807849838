import type { ByteReader } from '../primitives/byte-reader.js';
import { toHex } from '../primitives/hex.js';
import { LegacyView } from './legacy-view.js';

/**
 * The payload of `alert`, `notfound` and `reject`: any bytes. No node sends them and none defines what they hold.
 *
 * @publicApi
 */
export class OpaquePayload extends LegacyView {
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

  /** All of it. */
  get data(): Uint8Array {
    return this.raw;
  }

  /** `{}` when there are no bytes. */
  toJSON(): object {
    return this.data.length === 0 ? {} : { data: toHex(this.data) };
  }

  protected over(bytes: Uint8Array): this {
    return new OpaquePayload(bytes, 0, bytes.length) as this;
  }
}
