import type { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { u32At } from '../primitives/little-endian.js';
import { ByteView } from './byte-view.js';
import type { DialectName } from './dialect-name.js';

/**
 * What a ping or pong is made from.
 *
 * @publicApi
 */
export interface PingFields {
  /** The sender's block height. neo-go 2.x puts a random number here in its pings. */
  readonly lastBlockIndex: number;
  /** The sender's clock, Unix seconds. */
  readonly timestamp: number;
  /** In a pong: that of the ping from C# nodes, something else from neo-go. */
  readonly nonce: number;
}

/**
 * The payload of `ping` and `pong`, the same in every dialect.
 *
 * @internal
 */
export abstract class PingView<D extends DialectName> extends ByteView<D> implements PingFields {
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
}

/** Steps over a ping. */
export function skipPing(reader: ByteReader): void {
  reader.skip(4, 'lastBlockIndex');
  reader.skip(4, 'timestamp');
  reader.skip(4, 'nonce');
}

/** The bytes of a ping. */
export function encodePing({ lastBlockIndex, timestamp, nonce }: PingFields): Uint8Array {
  return new ByteWriter(12).u32(lastBlockIndex).u32(timestamp).u32(nonce).finish();
}
