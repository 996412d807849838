import type { Clock } from '../../environment/clock.js';
import type { Connection } from '../../environment/connection.js';

/** One frame on its way out. */
export interface OutgoingFrame {
  readonly bytes: Uint8Array;
}

/** Where a {@link FrameWriter} gets its frames. */
export interface FrameSource<F extends OutgoingFrame> {
  /** The next frame if there is one to be written now and it isn't larger than `largest` bytes. */
  take(largest: number): F | undefined;
  /** It goes to the connection now: it can't be taken back. */
  handedOver(frame: F): void;
  /** The connection has taken all of it. */
  written(frame: F): void;
}

/** Frames are joined up to so many bytes: one system call for many small frames, where copying them costs less. */
const JOIN_BYTES = 65_536;

/**
 * Largest piece written at once, bytes. A block of 32 MiB may take longer than the write-stalled deadline to a slow peer;
 * in pieces it is seen to move.
 */
const PIECE_BYTES = 262_144;

/**
 * Writes frames to a connection, as fast as it takes them: joins small ones into few writes, cuts large ones into pieces.
 *
 * @internal
 */
export class FrameWriter<F extends OutgoingFrame> {
  readonly #connection: Connection;
  readonly #source: FrameSource<F>;
  readonly #clock: Pick<Clock, 'monotonic'>;
  #rest: { readonly frame: F; readonly from: number } | undefined;
  #inFlight = 0;
  #drainAwaited = false;
  #oneAtATime = false;
  #progressedAt = 0;

  constructor(connection: Connection, source: FrameSource<F>, clock: Pick<Clock, 'monotonic'>) {
    this.#connection = connection;
    this.#source = source;
    this.#clock = clock;
  }

  /** The remote mixes up frames that arrive together: each goes alone, once the one before has gone. */
  set oneAtATime(alone: boolean) {
    this.#oneAtATime = alone;
  }

  /** Nothing is on its way. */
  get idle(): boolean {
    return this.#inFlight === 0 && this.#rest === undefined;
  }

  /** Monotonic milliseconds when the connection last took bytes, or {@link begin} was called. */
  get progressedAt(): number {
    return this.#progressedAt;
  }

  /** There is something to write after there was nothing. */
  begin(): void {
    this.#progressedAt = this.#clock.monotonic();
  }

  /** The connection is over: what was not written never will be. */
  discard(): void {
    this.#rest = undefined;
  }

  flush(): void {
    while (!this.#drainAwaited && !(this.#oneAtATime && this.#inFlight > 0)) {
      if (this.#rest === undefined) {
        const frame = this.#source.take(Infinity);
        if (frame === undefined) return;
        this.#source.handedOver(frame);
        if (frame.bytes.length <= PIECE_BYTES) {
          this.#writeJoined(frame);
          continue;
        }
        this.#rest = { frame, from: 0 };
      }
      this.#writePiece(this.#rest);
    }
  }

  #writeJoined(first: F): void {
    const frames = [first];
    let size = first.bytes.length;
    while (!this.#oneAtATime && size < JOIN_BYTES) {
      const frame = this.#source.take(JOIN_BYTES - size);
      if (frame === undefined) break;
      this.#source.handedOver(frame);
      frames.push(frame);
      size += frame.bytes.length;
    }
    const bytes =
      frames.length === 1
        ? first.bytes
        : Buffer.concat(
            frames.map((frame) => frame.bytes),
            size,
          );
    this.#write(bytes, frames);
  }

  #writePiece({ frame, from }: { readonly frame: F; readonly from: number }): void {
    const to = Math.min(from + PIECE_BYTES, frame.bytes.length);
    const isLast = to === frame.bytes.length;
    this.#rest = isLast ? undefined : { frame, from: to };
    this.#write(frame.bytes.subarray(from, to), isLast ? [frame] : []);
  }

  #write(bytes: Uint8Array, completed: readonly F[]): void {
    this.#inFlight++;
    const more = this.#connection.write(bytes, (error) => {
      if (error) return; // the connection's end follows, and settles everything
      this.#inFlight--;
      this.#progressedAt = this.#clock.monotonic();
      for (const frame of completed) this.#source.written(frame);
      if (this.#oneAtATime) this.flush();
    });
    if (!more) this.#awaitDrain();
  }

  #awaitDrain(): void {
    this.#drainAwaited = true;
    this.#connection.onDrain(() => {
      this.#drainAwaited = false;
      this.flush();
    });
  }
}
