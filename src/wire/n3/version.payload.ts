import type { Capability } from '../common/capability.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { u32At } from '../primitives/little-endian.js';
import { capabilityJson, readCapabilities, writeCapabilities } from './capability-codec.js';
import { MAX_USER_AGENT_SIZE } from './limits.js';
import { N3View } from './n3-view.js';

/**
 * What a version message says.
 *
 * @publicApi
 */
export interface VersionFields {
  /** The network's magic. Nodes close the connection on another one. */
  readonly magic: number;
  /** Protocol version: always 0, checked by nobody. */
  readonly version: number;
  /** The sender's clock, Unix seconds, checked by nobody. */
  readonly timestamp: number;
  /** Random number of the sending process: who meets its own has dialled itself. */
  readonly nonce: number;
  /** Name and version of the software, at most 1024 bytes of UTF-8. */
  readonly userAgent: string;
  /** What the sender can do: at most 32, at most one of each known type, in any order. */
  readonly capabilities: readonly Capability[];
}

/**
 * The payload of `version`, the first message on every connection.
 *
 * @publicApi
 */
export class VersionPayload extends N3View implements VersionFields {
  private constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    /** Where the text of the user agent ends, from `start`. */
    private readonly userAgentEnd: number,
    private readonly userAgentSize: number,
    readonly capabilities: readonly Capability[],
  ) {
    super(bytes, start, end);
  }

  /** @internal */
  static decode(reader: ByteReader): VersionPayload {
    const start = reader.offset;
    reader.skip(4, 'magic');
    reader.skip(4, 'version');
    reader.skip(4, 'timestamp');
    reader.skip(4, 'nonce');
    const userAgentSize = reader.skipVarBytes('userAgent', MAX_USER_AGENT_SIZE);
    const userAgentEnd = reader.offset - start;
    const capabilities = readCapabilities(reader);
    return new VersionPayload(reader.bytes, start, reader.offset, userAgentEnd, userAgentSize, capabilities);
  }

  /** @throws DecodeError when the user agent is too long, or the capabilities are too many or contradict each other */
  static from(fields: VersionFields): VersionPayload {
    const writer = new ByteWriter()
      .u32(fields.magic)
      .u32(fields.version)
      .u32(fields.timestamp)
      .u32(fields.nonce)
      .varString(fields.userAgent);
    writeCapabilities(writer, fields.capabilities);
    return VersionPayload.decode(new ByteReader(writer.finish(), 'version'));
  }

  get magic(): number {
    return u32At(this.bytes, this.start);
  }

  get version(): number {
    return u32At(this.bytes, this.start + 4);
  }

  get timestamp(): number {
    return u32At(this.bytes, this.start + 8);
  }

  get nonce(): number {
    return u32At(this.bytes, this.start + 12);
  }

  /** Bytes that aren't UTF-8 come out as replacement characters. */
  get userAgent(): string {
    const end = this.bytes.byteOffset + this.start + this.userAgentEnd;
    return Buffer.from(this.bytes.buffer, end - this.userAgentSize, this.userAgentSize).toString();
  }

  toJSON(): object {
    const { magic, version, timestamp, nonce, userAgent } = this;
    const capabilities = this.capabilities.map(capabilityJson);
    return { network: magic, version, timestamp, nonce, userAgent, capabilities };
  }

  protected over(bytes: Uint8Array): this {
    const { userAgentEnd, userAgentSize, capabilities } = this;
    return new VersionPayload(bytes, 0, bytes.length, userAgentEnd, userAgentSize, capabilities) as this;
  }
}
