import { encodePing, PingView, skipPing, type PingFields } from '../common/ping-view.js';
import { ByteReader } from '../primitives/byte-reader.js';

/**
 * The payload of `ping` and `pong`.
 *
 * @publicApi
 */
export class PingPayload extends PingView<'legacy'> {
  /** @internal */
  static decode(reader: ByteReader): PingPayload {
    const start = reader.offset;
    skipPing(reader);
    return new PingPayload(reader.bytes, start, reader.offset);
  }

  static from(fields: PingFields): PingPayload {
    return PingPayload.decode(new ByteReader(encodePing(fields), 'ping'));
  }

  get dialect(): 'legacy' {
    return 'legacy';
  }

  protected over(bytes: Uint8Array): this {
    return new PingPayload(bytes, 0, bytes.length) as this;
  }
}
