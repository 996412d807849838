import type { FrameDecoderOptions, RawFrame, UnknownMessage } from '../common/dialect.js';
import { refuseFrame } from '../common/refuse-frame.js';
import { StreamingFrameDecoder } from '../common/streaming-frame-decoder.js';
import { checksum } from '../primitives/hashing.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { u32At } from '../primitives/little-endian.js';
import {
  CHECKSUM_OFFSET,
  COMMAND_OFFSET,
  LENGTH_OFFSET,
  printableName,
  readCommandField,
  trimCommandField,
} from './frame.js';
import { FRAME_HEADER_SIZE, MAX_FRAME_SIZE } from './limits.js';
import { findCommand, type LegacyMessage } from './payloads.js';

/**
 * Cuts a stream of bytes into NEO 2.x frames.
 *
 * @internal
 */
export class LegacyFrameDecoder extends StreamingFrameDecoder<LegacyMessage> {
  readonly #magic: number;

  constructor({ magic, maxFrameSize = MAX_FRAME_SIZE }: FrameDecoderOptions) {
    super(maxFrameSize);
    this.#magic = magic;
  }

  protected frameSize(bytes: Uint8Array, start: number, there: number): number {
    if (there >= COMMAND_OFFSET) {
      const magic = u32At(bytes, start);
      if (magic !== this.#magic) refuseFrame('magic', 0, 'magic', `${magic}, but this network's is ${this.#magic}`);
    }
    if (there < CHECKSUM_OFFSET) return FRAME_HEADER_SIZE;
    const size = FRAME_HEADER_SIZE + u32At(bytes, start + LENGTH_OFFSET);
    const allowed = Math.min(this.maxFrameSize, MAX_FRAME_SIZE);
    if (size > allowed) refuseFrame('length', LENGTH_OFFSET, 'limit', `frame of ${size} bytes, at most ${allowed}`);
    return size;
  }

  protected messageOf(bytes: Uint8Array, start: number, end: number): LegacyMessage | UnknownMessage {
    const payload = payloadOf(bytes, start, end);
    const field = readCommandField(bytes, start);
    const command = findCommand(field) ?? findCommand(trimCommandField(field));
    const size = end - start;
    if (command === undefined) {
      return { dialect: 'legacy', command: 'unknown', name: printableName(trimCommandField(field)), payload, size };
    }
    const decoded = command.payload.decode(new ByteReader(payload, command.name));
    return { dialect: 'legacy', command: command.name, payload: decoded, size } as LegacyMessage;
  }

  protected rawFrameOf(bytes: Uint8Array, start: number, end: number): RawFrame {
    return {
      magic: u32At(bytes, start),
      wireName: printableName(trimCommandField(readCommandField(bytes, start))),
      flags: 0,
      size: end - start,
      checksum: u32At(bytes, start + CHECKSUM_OFFSET),
      payload: payloadOf(bytes, start, end),
    };
  }
}

/** The payload of the frame there, its checksum verified. */
function payloadOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const payload = bytes.subarray(start + FRAME_HEADER_SIZE, end);
  const claimed = u32At(bytes, start + CHECKSUM_OFFSET);
  const actual = checksum(payload);
  if (claimed !== actual) {
    refuseFrame('checksum', CHECKSUM_OFFSET, 'checksum', `${hex(claimed)}, but that of the payload is ${hex(actual)}`);
  }
  return payload;
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
