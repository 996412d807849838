import type { FrameDecoderOptions, RawFrame, UnknownMessage } from '../common/dialect.js';
import { refuseFrame } from '../common/refuse-frame.js';
import { StreamingFrameDecoder } from '../common/streaming-frame-decoder.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { DecodeError } from '../primitives/decode.error.js';
import { decompress } from './compression.js';
import { COMMAND_OFFSET, commandText, COMPRESSED, headerSize, LENGTH_OFFSET, payloadLength } from './frame.js';
import { FRAME_PREFIX_SIZE, MAX_FRAME_SIZE, MAX_PAYLOAD_SIZE } from './limits.js';
import { findCommand, type N3Message } from './payloads.js';
import { VersionPayload } from './version.payload.js';

/**
 * Cuts a stream of bytes into NEO N3 frames, and decompresses their payloads.
 *
 * @internal
 */
export class N3FrameDecoder extends StreamingFrameDecoder<N3Message> {
  readonly #magic: number;

  constructor({ magic, maxFrameSize = MAX_FRAME_SIZE }: FrameDecoderOptions) {
    super(maxFrameSize);
    this.#magic = magic;
  }

  protected frameSize(bytes: Uint8Array, start: number, there: number): number {
    if (there <= FRAME_PREFIX_SIZE) return FRAME_PREFIX_SIZE + 1;
    const header = headerSize(bytes[start + LENGTH_OFFSET]!);
    if (there < header) return header;
    const length = payloadLength(bytes, start);
    if (length > MAX_PAYLOAD_SIZE) {
      refuseFrame('length', LENGTH_OFFSET, 'limit', `payload of ${length} bytes, at most ${MAX_PAYLOAD_SIZE}`);
    }
    const size = header + length;
    if (size > this.maxFrameSize) {
      refuseFrame('length', LENGTH_OFFSET, 'limit', `frame of ${size} bytes, at most ${this.maxFrameSize}`);
    }
    return size;
  }

  protected messageOf(bytes: Uint8Array, start: number, end: number): N3Message | UnknownMessage {
    const payload = this.#payloadOf(bytes, start, end);
    const byte = bytes[start + COMMAND_OFFSET]!;
    const command = findCommand(byte);
    const size = end - start;
    if (command === undefined) {
      return { dialect: 'n3', command: 'unknown', name: commandText(byte), payload, size };
    }
    const decoded = command.payload.decode(new ByteReader(payload, command.name));
    if (decoded instanceof VersionPayload) this.#checkMagic(decoded);
    return { dialect: 'n3', command: command.name, payload: decoded, size } as N3Message;
  }

  protected rawFrameOf(bytes: Uint8Array, start: number, end: number): RawFrame {
    const byte = bytes[start + COMMAND_OFFSET]!;
    return {
      magic: undefined,
      wireName: findCommand(byte)?.name ?? commandText(byte),
      flags: bytes[start]!,
      size: end - start,
      checksum: undefined,
      payload: this.#payloadOf(bytes, start, end),
    };
  }

  /** The payload of the frame there, decompressed. One of no bytes isn't there at all, whatever its flag says. */
  #payloadOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
    const header = headerSize(bytes[start + LENGTH_OFFSET]!);
    const payload = bytes.subarray(start + header, end);
    if ((bytes[start]! & COMPRESSED) === 0 || payload.length === 0) return payload;
    return decompress(payload, Math.min(this.maxFrameSize, MAX_PAYLOAD_SIZE), header);
  }

  /** Frames carry no magic: the version message alone tells one network from another. */
  #checkMagic({ magic }: VersionPayload): void {
    if (magic === this.#magic) return;
    const detail = `${magic}, but this network's is ${this.#magic}`;
    throw new DecodeError({ command: 'version', field: 'magic', offset: 0, problem: 'magic', detail });
  }
}
