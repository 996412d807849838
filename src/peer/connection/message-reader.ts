import type { FrameDecoder } from '../../wire/common/dialect.js';
import type { Message, Received } from '../../wire/messages.js';
import { Fifo } from './fifo.js';
import type { ReadGate } from './read-gate.js';

/** What comes out of a {@link MessageReader}. */
export interface MessageSink {
  received(message: Received): void;
  /** The stream can't be read any further; nothing comes after it. */
  broken(error: unknown): void;
  /** So many bytes of memory are held for a frame that has not arrived whole; told when it changes. */
  held(bytes: number): void;
}

/**
 * Chunks in, messages out, one at a time, and none while the gate is shut: then the rest of the chunk waits here, still
 * undecoded, and nothing is lost.
 *
 * @internal
 */
export class MessageReader {
  /** Given up with all that it holds when nothing more is read: somebody may keep a closed peer for long. */
  #decoder: FrameDecoder<Message> | undefined;
  readonly #gate: ReadGate;
  readonly #sink: MessageSink;
  /** Those that wait. A transport delivers nothing while it is paused, so these are one or two. */
  #chunks: Fifo<Uint8Array> | undefined;
  #messages: Iterator<Received> | undefined;
  #held = 0;
  #reading = false;
  #isOver = false;

  constructor(decoder: FrameDecoder<Message>, gate: ReadGate, sink: MessageSink) {
    this.#decoder = decoder;
    this.#gate = gate;
    this.#sink = sink;
  }

  /** The largest frame taken from now on, bytes. */
  set maxFrameSize(size: number) {
    if (this.#decoder !== undefined) this.#decoder.maxFrameSize = size;
  }

  receive(chunk: Uint8Array): void {
    if (this.#decoder === undefined) return;
    (this.#chunks ??= new Fifo()).push(chunk);
    this.read();
  }

  /** Goes on where it stopped, as far as the gate allows. */
  read(): void {
    this.#read();
  }

  /** Reads all that is left, gate or not: the connection is over, and what came before its end has come. */
  finish(): void {
    this.#isOver = true;
    this.#read();
    this.stop();
  }

  /** Nothing more comes out. */
  stop(): void {
    this.#decoder = undefined;
    this.#chunks = undefined;
    this.#messages?.return?.();
    this.#messages = undefined;
  }

  #read(): void {
    if (this.#reading) return; // a handler made room while its message was being handed out
    this.#reading = true;
    try {
      while (this.#isOver || this.#gate.isOpen) {
        const message = this.#next();
        if (message === undefined) break;
        this.#sink.received(message);
      }
    } finally {
      this.#reading = false;
    }
  }

  /** The next message, or undefined when what has come is used up or can't be read. */
  #next(): Received | undefined {
    try {
      while (this.#decoder !== undefined) {
        if (this.#messages === undefined) {
          const chunk = this.#chunks?.shift();
          if (chunk === undefined) {
            this.#chunks = undefined;
            return undefined;
          }
          this.#messages = this.#decoder.push(chunk)[Symbol.iterator]();
        }
        const next = this.#messages.next();
        if (!next.done) return next.value;
        this.#messages = undefined;
        this.#tellHeld(this.#decoder.buffered);
      }
    } catch (error) {
      this.stop();
      this.#sink.broken(error);
    }
    return undefined;
  }

  #tellHeld(held: number): void {
    if (held === this.#held) return;
    this.#held = held;
    this.#sink.held(held);
  }
}
