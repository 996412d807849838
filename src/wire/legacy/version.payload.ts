import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter, varStringSize } from '../primitives/byte-writer.js';
import { u16At, u32At, u64At } from '../primitives/little-endian.js';
import { LegacyView } from './legacy-view.js';
import { MAX_USER_AGENT_SIZE } from './limits.js';

/**
 * What a version message says. Nodes check none of it but the nonce and the length of the user agent.
 *
 * @publicApi
 */
export interface VersionFields {
  /** Protocol version: always 0. */
  readonly version: number;
  /** Service bits: 1 is a full node, no other is in use. */
  readonly services: bigint;
  /** The sender's clock, Unix seconds. */
  readonly timestamp: number;
  /** TCP port the sender listens on; 0 = none. */
  readonly port: number;
  /** Random number of the sending process: who meets its own has dialled itself. */
  readonly nonce: number;
  /** Name and version of the software, at most 1024 bytes of UTF-8. */
  readonly userAgent: string;
  /** The sender's block height. */
  readonly startHeight: number;
  /** Whether the sender wants to be told of new blocks and transactions. */
  readonly relay: boolean;
}

/** What precedes the user agent. */
const HEAD_SIZE = 22;

/** What follows the user agent: u32 height, bool relay. */
const TAIL_SIZE = 5;

/**
 * The payload of `version`, the first message on every connection.
 *
 * @publicApi
 */
export class VersionPayload extends LegacyView implements VersionFields {
  private constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    private readonly userAgentSize: number,
  ) {
    super(bytes, start, end);
  }

  /** @internal */
  static decode(reader: ByteReader): VersionPayload {
    const start = reader.offset;
    reader.skip(4, 'version');
    reader.skip(8, 'services');
    reader.skip(4, 'timestamp');
    reader.skip(2, 'port');
    reader.skip(4, 'nonce');
    const userAgentSize = reader.skipVarBytes('userAgent', MAX_USER_AGENT_SIZE);
    reader.skip(4, 'startHeight');
    reader.skip(1, 'relay');
    return new VersionPayload(reader.bytes, start, reader.offset, userAgentSize);
  }

  /** @throws DecodeError when the user agent is too long */
  static from(fields: VersionFields): VersionPayload {
    const writer = new ByteWriter(HEAD_SIZE + varStringSize(fields.userAgent) + TAIL_SIZE)
      .u32(fields.version)
      .u64(fields.services)
      .u32(fields.timestamp)
      .u16(fields.port)
      .u32(fields.nonce)
      .varString(fields.userAgent)
      .u32(fields.startHeight)
      .bool(fields.relay);
    return VersionPayload.decode(new ByteReader(writer.finish(), 'version'));
  }

  get version(): number {
    return u32At(this.bytes, this.start);
  }

  get services(): bigint {
    return u64At(this.bytes, this.start + 4);
  }

  get timestamp(): number {
    return u32At(this.bytes, this.start + 12);
  }

  get port(): number {
    return u16At(this.bytes, this.start + 16);
  }

  get nonce(): number {
    return u32At(this.bytes, this.start + 18);
  }

  /** Bytes that aren't UTF-8 come out as replacement characters. */
  get userAgent(): string {
    const end = this.end - TAIL_SIZE;
    return Buffer.from(
      this.bytes.buffer,
      this.bytes.byteOffset + end - this.userAgentSize,
      this.userAgentSize,
    ).toString();
  }

  get startHeight(): number {
    return u32At(this.bytes, this.end - TAIL_SIZE);
  }

  get relay(): boolean {
    return this.bytes[this.end - 1] !== 0;
  }

  toJSON(): object {
    const { version, timestamp, port, nonce, userAgent, startHeight, relay } = this;
    return { version, services: String(this.services), timestamp, port, nonce, userAgent, startHeight, relay };
  }

  protected over(bytes: Uint8Array): this {
    return new VersionPayload(bytes, 0, bytes.length, this.userAgentSize) as this;
  }
}
