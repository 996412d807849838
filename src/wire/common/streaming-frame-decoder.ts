import type { FrameDecoder, RawFrame, UnknownMessage, WireMessage } from './dialect.js';
import { Reassembly } from './reassembly.js';

const NOTHING = new Uint8Array(0);

type Read<T> = (bytes: Uint8Array, start: number, end: number) => T;

/**
 * Cuts a stream of bytes into frames, whatever a dialect's frames look like.
 *
 * A frame that lies in one chunk is read where it lies; its payload is a view of the chunk.
 *
 * @internal
 */
export abstract class StreamingFrameDecoder<M extends WireMessage> implements FrameDecoder<M> {
  readonly #partial = new Reassembly();
  readonly #readMessage: Read<M | UnknownMessage> = (bytes, start, end) => this.messageOf(bytes, start, end);
  readonly #readRawFrame: Read<RawFrame> = (bytes, start, end) => this.rawFrameOf(bytes, start, end);
  #chunk: Uint8Array = NOTHING;
  /** Where the chunk has been read to. */
  #at = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(public maxFrameSize: number) {}

  get buffered(): number {
    return this.#partial.capacity;
  }

  push(chunk: Uint8Array): Generator<M | UnknownMessage, void, undefined> {
    return this.#framesOf(chunk, this.#readMessage);
  }

  pushRaw(chunk: Uint8Array): Generator<RawFrame, void, undefined> {
    return this.#framesOf(chunk, this.#readRawFrame);
  }

  /**
   * Checks what is there of a frame's header.
   *
   * @returns size of the frame; while that isn't known, more bytes than are there, and no more than it has at least
   * @throws DecodeError
   */
  protected abstract frameSize(bytes: Uint8Array, start: number, there: number): number;

  /** The message in the whole frame there. @throws DecodeError */
  protected abstract messageOf(bytes: Uint8Array, start: number, end: number): M | UnknownMessage;

  /** The whole frame there, its payload not looked into. @throws DecodeError */
  protected abstract rawFrameOf(bytes: Uint8Array, start: number, end: number): RawFrame;

  *#framesOf<T>(chunk: Uint8Array, read: Read<T>): Generator<T, void, undefined> {
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#chunk = chunk;
    this.#at = 0;
    for (let frame = this.#next(read); frame !== undefined; frame = this.#next(read)) yield frame;
  }

  /** The next frame, read by `read`, or undefined when the chunk is used up. */
  #next<T>(read: Read<T>): T | undefined {
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

  #inPlace<T>(read: Read<T>): T | undefined {
    const start = this.#at;
    const there = this.#chunk.length - start;
    if (there <= 0) return undefined;
    const size = this.frameSize(this.#chunk, start, there);
    if (there >= size) {
      this.#at = start + size;
      return read(this.#chunk, start, start + size);
    }
    this.#partial.append(this.#chunk, start, there, size);
    this.#at = this.#chunk.length;
    return undefined;
  }

  #resume<T>(read: Read<T>): T | undefined {
    const partial = this.#partial;
    let size = this.frameSize(partial.bytes, 0, partial.length);
    while (partial.length < size && this.#at < this.#chunk.length) {
      const taken = Math.min(size - partial.length, this.#chunk.length - this.#at);
      partial.append(this.#chunk, this.#at, taken, size);
      this.#at += taken;
      size = this.frameSize(partial.bytes, 0, partial.length);
    }
    return partial.length < size ? undefined : read(partial.release(), 0, size);
  }
}
