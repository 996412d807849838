import type { FrameDecoder, FrameDecoderOptions, RawFrame, UnknownMessage } from '../common/dialect.js';
import { checksum } from '../primitives/hashing.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { u32At } from '../primitives/little-endian.js';
import {
  CHECKSUM_OFFSET,
  COMMAND_OFFSET,
  LENGTH_OFFSET,
  printableName,
  readCommandField,
  refuseFrame,
  trimCommandField,
} from './frame.js';
import { FRAME_HEADER_SIZE, MAX_FRAME_SIZE } from './limits.js';
import { findCommand, type LegacyMessage } from './payloads.js';
import { Reassembly } from './reassembly.js';

const NOTHING = new Uint8Array(0);

/**
 * Cuts a stream of bytes into NEO 2.x frames.
 *
 * A frame that lies in one chunk is read where it lies; its payload is a view of the chunk.
 *
 * @internal
 */
export class LegacyFrameDecoder implements FrameDecoder<LegacyMessage> {
  maxFrameSize: number;
  readonly #magic: number;
  readonly #partial = new Reassembly();
  #chunk: Uint8Array = NOTHING;
  /** Where the chunk has been read to. */
  #at = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor({ magic, maxFrameSize = MAX_FRAME_SIZE }: FrameDecoderOptions) {
    this.#magic = magic;
    this.maxFrameSize = maxFrameSize;
  }

  get buffered(): number {
    return this.#partial.capacity;
  }

  *push(chunk: Uint8Array): Generator<LegacyMessage | UnknownMessage, void, undefined> {
    this.#begin(chunk);
    for (let message = this.#next(messageOf); message !== undefined; message = this.#next(messageOf)) yield message;
  }

  *pushRaw(chunk: Uint8Array): Generator<RawFrame, void, undefined> {
    this.#begin(chunk);
    for (let frame = this.#next(rawFrameOf); frame !== undefined; frame = this.#next(rawFrameOf)) yield frame;
  }

  #begin(chunk: Uint8Array): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#chunk = chunk;
    this.#at = 0;
  }

  /** The next frame, read by `read`, or undefined when the chunk is used up. */
  #next<T>(read: (bytes: Uint8Array, start: number, end: number) => T): T | undefined {
    try {
      const frame = this.#partial.length > 0 ? this.#resume(read) : this.#inPlace(read);
      if (frame === undefined) this.#chunk = NOTHING;
      return frame;
    } catch (error) {
      this.#failure = { error };
      this.#chunk = NOTHING;
      this.#partial.release();
      throw error;
    }
  }

  #inPlace<T>(read: (bytes: Uint8Array, start: number, end: number) => T): T | undefined {
    const start = this.#at;
    const there = this.#chunk.length - start;
    if (there <= 0) return undefined;
    const size = this.#frameSize(this.#chunk, start, there);
    if (there >= size) {
      this.#at = start + size;
      return read(this.#chunk, start, start + size);
    }
    this.#partial.append(this.#chunk, start, there, size);
    this.#at = this.#chunk.length;
    return undefined;
  }

  #resume<T>(read: (bytes: Uint8Array, start: number, end: number) => T): T | undefined {
    const partial = this.#partial;
    let size = this.#frameSize(partial.bytes, 0, partial.length);
    while (partial.length < size && this.#at < this.#chunk.length) {
      const taken = Math.min(size - partial.length, this.#chunk.length - this.#at);
      partial.append(this.#chunk, this.#at, taken, size);
      this.#at += taken;
      size = this.#frameSize(partial.bytes, 0, partial.length);
    }
    return partial.length < size ? undefined : read(partial.release(), 0, size);
  }

  /** Checks what is there of a header. @returns size of the frame; of its header, while its length isn't known */
  #frameSize(bytes: Uint8Array, start: number, there: number): number {
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

function messageOf(bytes: Uint8Array, start: number, end: number): LegacyMessage | UnknownMessage {
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

function rawFrameOf(bytes: Uint8Array, start: number, end: number): RawFrame {
  return {
    magic: u32At(bytes, start),
    wireName: printableName(trimCommandField(readCommandField(bytes, start))),
    flags: 0,
    size: end - start,
    checksum: u32At(bytes, start + CHECKSUM_OFFSET),
    payload: payloadOf(bytes, start, end),
  };
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
