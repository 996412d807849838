import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { u32At } from '../primitives/little-endian.js';
import { LegacyView } from './legacy-view.js';

/**
 * What a ping or pong is made from.
 *
 * @publicApi
 */
export interface PingFields {
  /** The sender's block height. neo-go puts a random number here in its pings. */
  readonly lastBlockIndex: number;
  /** The sender's clock, Unix seconds. */
  readonly timestamp: number;
  /** In a pong: that of the ping from C# nodes, something else from neo-go. */
  readonly nonce: number;
}

/**
 * The payload of `ping` and `pong`.
 *
 * @publicApi
 */
export class PingPayload extends LegacyView implements PingFields {
  /** @internal */
  static decode(reader: ByteReader): PingPayload {
    const start = reader.offset;
    reader.skip(4, 'lastBlockIndex');
    reader.skip(4, 'timestamp');
    reader.skip(4, 'nonce');
    return new PingPayload(reader.bytes, start, reader.offset);
  }

  static from({ lastBlockIndex, timestamp, nonce }: PingFields): PingPayload {
    const writer = new ByteWriter(12).u32(lastBlockIndex).u32(timestamp).u32(nonce);
    return PingPayload.decode(new ByteReader(writer.finish(), 'ping'));
  }

  get lastBlockIndex(): number {
    return u32At(this.bytes, this.start);
  }

  get timestamp(): number {
    return u32At(this.bytes, this.start + 4);
  }

  get nonce(): number {
    return u32At(this.bytes, this.start + 8);
  }

  toJSON(): object {
    return { lastBlockIndex: this.lastBlockIndex, timestamp: this.timestamp, nonce: this.nonce };
  }

  protected over(bytes: Uint8Array): this {
    return new PingPayload(bytes, 0, bytes.length) as this;
  }
}
