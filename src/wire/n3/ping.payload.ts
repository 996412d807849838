import { encodePing, PingView, skipPing, type PingFields } from '../common/ping-view.js';
import type { ByteReader } from '../primitives/byte-reader.js';

/**
 * The payload of `ping` and `pong`.
 *
 * @publicApi
 */
export class PingPayload extends PingView<'n3'> {
  /** @internal */
  static decode(reader: ByteReader): PingPayload {
    const start = reader.offset;
    skipPing(reader);
    return new PingPayload(reader.bytes, start, reader.offset);
  }

  /** @throws RangeError when a number doesn't fit its field */
  static from(fields: PingFields): PingPayload {
    const bytes = encodePing(fields);
    return new PingPayload(bytes, 0, bytes.length);
  }

  get dialect(): 'n3' {
    return 'n3';
  }

  protected over(bytes: Uint8Array): this {
    return new PingPayload(bytes, 0, bytes.length) as this;
  }
}
