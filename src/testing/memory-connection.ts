import { ConnectionClosedError } from '../environment/connection-closed.error.js';
import type { Connection, Endpoint } from '../environment/connection.js';
import { ConnectionResetError } from './connection-reset.error.js';
import type { MemoryWire, Segment } from './memory-wire.js';
import type { ReadPace } from './read-pace.js';

/** Bytes not yet taken over which `write` says false: what Node's sockets use. */
const HIGH_WATER_MARK = 16_384;

interface PendingWrite {
  readonly bytes: Uint8Array;
  readonly written: (error?: Error) => void;
}

/**
 * One side of a link in a `MemoryNetwork`. Behaves as a TCP socket without half-open connections: at the remote's end it
 * writes out what it has and ends too.
 *
 * @internal
 */
export class MemoryConnection implements Connection {
  /** Where this side's segments go, and who takes them. Set once, when the two sides are joined. */
  #wire!: MemoryWire;
  #other!: MemoryConnection;
  readonly #pending: PendingWrite[] = [];
  readonly #incoming: Uint8Array[] = [];
  #pendingBytes = 0;
  #untakenBytes = 0; // sent, and not yet handed to the receiver on the other side
  #receive: ((chunk: Uint8Array) => void) | undefined;
  #drained: (() => void) | undefined;
  #closed: ((error?: Error) => void) | undefined;
  #paused = false;
  #drainAwaited = false;
  #ending = false;
  #endSent = false;
  #remoteEnded = false;
  #over: { readonly error: Error | undefined } | undefined;
  #isVoid = false;

  /** @param own `windowBytes`: what it takes beyond what the other side has read; `pace`: how fast it reads itself */
  constructor(
    readonly localAddress: Endpoint,
    readonly remoteAddress: Endpoint,
    private readonly own: { readonly windowBytes: number; readonly pace: ReadPace },
    private readonly gone: () => void,
  ) {}

  /** Ties this side to the other one and to the wire that leads there. */
  join(other: MemoryConnection, wire: MemoryWire): void {
    this.#other = other;
    this.#wire = wire;
  }

  write(bytes: Uint8Array, written: (error?: Error) => void): boolean {
    if (this.#over || this.#ending) {
      const cause = this.#over?.error;
      queueMicrotask(() => written(new ConnectionClosedError(cause && { cause })));
      return false;
    }
    this.#pending.push({ bytes: new Uint8Array(bytes), written }); // a copy, as the other side of a socket gets
    this.#pendingBytes += bytes.length;
    this.#transmit();
    this.#drainAwaited ||= this.#pendingBytes >= HIGH_WATER_MARK;
    return this.#pendingBytes < HIGH_WATER_MARK;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#takeSoon();
  }

  end(): void {
    if (this.#over || this.#ending) return;
    this.#ending = true;
    this.#receive ??= () => undefined; // nobody reads: what comes is dropped, so that the remote's end is seen
    this.#transmit();
    this.#takeSoon();
  }

  destroy(): void {
    if (this.#over) return;
    if (this.#incoming.length > 0) this.#wire.send('reset');
    else if (!this.#endSent) this.#wire.send('end');
    this.close(undefined);
  }

  onData(receive: (chunk: Uint8Array) => void): void {
    this.#receive = receive;
    this.#takeSoon();
  }

  onDrain(drained: () => void): void {
    this.#drained = drained;
  }

  onClose(closed: (error?: Error) => void): void {
    this.#closed = closed;
    if (this.#over) this.#tellClosed();
  }

  /** The other side's segments come in here. */
  arrive(segment: Segment): void {
    if (this.#over) {
      if (segment instanceof Uint8Array || (this.#isVoid && segment === 'end')) this.#wire.send('reset');
      return;
    }
    if (segment === 'reset') {
      this.close(new ConnectionResetError('remote'));
      return;
    }
    if (segment === 'end') this.#remoteEnded = true;
    else this.#incoming.push(segment);
    this.#take();
  }

  /** The other side's receiver has had so many bytes more: there is room for new ones. */
  taken(bytes: number): void {
    this.#untakenBytes -= bytes;
    this.#transmit();
  }

  /** More may be taken of what has arrived. */
  resumeTaking(): void {
    this.#takeSoon();
  }

  /**
   * Ends this side as the death of its owner does, who is told nothing any more. Whoever still sends here is told that nobody
   * knows of the connection.
   *
   * @param tells whether the other side is told, as a system does for its processes
   */
  abandon(tells: boolean): void {
    this.#receive = this.#drained = this.#closed = undefined;
    this.#isVoid = true;
    if (this.#over) return;
    this.#pending.length = 0;
    if (tells) this.destroy();
    else this.close(undefined);
  }

  /** Ends this side at once; nothing is sent. */
  close(error: Error | undefined): void {
    if (this.#over) return;
    this.#over = { error };
    this.#incoming.length = 0;
    const unwritten = this.#pending.splice(0);
    this.#pendingBytes = 0;
    this.own.pace.stop();
    this.gone();
    queueMicrotask(() => {
      for (const { written } of unwritten) written(new ConnectionClosedError(error && { cause: error }));
    });
    if (this.#closed) this.#tellClosed();
  }

  #tellClosed(): void {
    const { error } = this.#over!;
    queueMicrotask(() => {
      const closed = this.#closed;
      this.#closed = undefined;
      closed?.(error);
    });
  }

  #takeSoon(): void {
    queueMicrotask(() => this.#take());
  }

  #take(): void {
    const { pace } = this.own;
    while (this.#receive && !this.#paused && !this.#over && this.#incoming.length > 0 && pace.mayTake()) {
      const chunk = this.#incoming.shift()!;
      pace.took(chunk.length);
      this.#other.taken(chunk.length);
      this.#receive(chunk);
    }
    if (!this.#receive || this.#paused || this.#over || !this.#remoteEnded || this.#incoming.length > 0) return;
    this.#ending = true;
    this.#transmit();
  }

  #transmit(): void {
    if (this.#over) return;
    for (let next = this.#pending[0]; next && this.#hasRoomFor(next.bytes.length); next = this.#pending[0]) {
      this.#pending.shift();
      this.#pendingBytes -= next.bytes.length;
      this.#untakenBytes += next.bytes.length;
      if (next.bytes.length > 0) this.#wire.send(next.bytes);
      queueMicrotask(next.written);
    }
    if (this.#pending.length > 0) return;
    if (this.#drainAwaited && !this.#ending) {
      this.#drainAwaited = false;
      queueMicrotask(() => this.#over || this.#drained?.());
    }
    if (this.#ending) this.#finish();
  }

  #hasRoomFor(bytes: number): boolean {
    return this.#untakenBytes === 0 || this.#untakenBytes + bytes <= this.own.windowBytes;
  }

  #finish(): void {
    if (!this.#endSent) {
      this.#endSent = true;
      this.#wire.send('end');
    }
    const allRead = this.#remoteEnded && this.#incoming.length === 0;
    if (allRead) this.close(undefined);
  }
}
