import type { FrameDecoder, RawFrame, UnknownMessage, WireMessage } from './dialect.js';
import { Reassembly } from './reassembly.js';

const NOTHING = new Uint8Array(0);

/** What is made of a whole frame. */
type Frame<M extends WireMessage> = M | UnknownMessage | RawFrame;

/**
 * Cuts a stream of bytes into frames, whatever a dialect's frames look like.
 *
 * A frame that lies in one chunk is read where it lies; its payload is a view of the chunk.
 *
 * @internal
 */
export abstract class StreamingFrameDecoder<M extends WireMessage> implements FrameDecoder<M> {
  /** The frame that is not yet whole. */
  #partial: Reassembly | undefined;
  #chunk: Uint8Array = NOTHING;
  /** Where the chunk has been read to. */
  #at = 0;
  /** Whether payloads are left undecoded. */
  #raw = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(public maxFrameSize: number) {}

  get buffered(): number {
    return this.#partial?.capacity ?? 0;
  }

  push(chunk: Uint8Array): Generator<M | UnknownMessage, void, undefined> {
    return this.#framesOf(chunk, false) as Generator<M | UnknownMessage, void, undefined>;
  }

  pushRaw(chunk: Uint8Array): Generator<RawFrame, void, undefined> {
    return this.#framesOf(chunk, true) as Generator<RawFrame, void, undefined>;
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

  *#framesOf(chunk: Uint8Array, raw: boolean): Generator<Frame<M>, void, undefined> {
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#chunk = chunk;
    this.#at = 0;
    this.#raw = raw;
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) yield frame;
  }

  /** The next frame, or undefined when the chunk is used up. */
  #next(): Frame<M> | undefined {
    try {
      const frame = this.#partial === undefined ? this.#inPlace() : this.#resume(this.#partial);
      if (frame === undefined) this.#chunk = NOTHING;
      return frame;
    } catch (error) {
      this.#failure = { error };
      this.#chunk = NOTHING;
      this.#partial = undefined;
      throw error;
    }
  }

  #inPlace(): Frame<M> | undefined {
    const start = this.#at;
    const there = this.#chunk.length - start;
    if (there <= 0) return undefined;
    const size = this.frameSize(this.#chunk, start, there);
    if (there >= size) {
      this.#at = start + size;
      return this.#read(this.#chunk, start, start + size);
    }
    this.#partial = new Reassembly();
    this.#partial.append(this.#chunk, start, there, size);
    this.#at = this.#chunk.length;
    return undefined;
  }

  #resume(partial: Reassembly): Frame<M> | undefined {
    let size = this.frameSize(partial.bytes, 0, partial.length);
    while (partial.length < size && this.#at < this.#chunk.length) {
      const taken = Math.min(size - partial.length, this.#chunk.length - this.#at);
      partial.append(this.#chunk, this.#at, taken, size);
      this.#at += taken;
      size = this.frameSize(partial.bytes, 0, partial.length);
    }
    if (partial.length < size) return undefined;
    this.#partial = undefined;
    return this.#read(partial.bytes, 0, size);
  }

  #read(bytes: Uint8Array, start: number, end: number): Frame<M> {
    return this.#raw ? this.rawFrameOf(bytes, start, end) : this.messageOf(bytes, start, end);
  }
}
