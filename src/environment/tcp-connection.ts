import type { Socket } from 'node:net';
import { plainHost } from './address.js';
import { ConnectionClosedError } from './connection-closed.error.js';
import type { Connection, Endpoint } from './connection.js';

/**
 * A connected TCP socket. Nothing is read from it before there is a receiver, so early bytes wait in the socket.
 *
 * @internal
 */
export class TcpConnection implements Connection {
  readonly remoteAddress: Endpoint;
  readonly localAddress: Endpoint;
  readonly #socket: Socket;
  #receive: ((chunk: Uint8Array) => void) | undefined;
  #drained: (() => void) | undefined;
  #closed: ((error?: Error) => void) | undefined;
  #paused = false;
  #over = false;
  #error: Error | undefined;

  /** @param socket connected; nobody else may listen to it or write to it from now on */
  constructor(socket: Socket) {
    socket.on('error', (error) => (this.#error ??= error)); // first of all, and for good: an error may come after the end
    this.#socket = socket;
    this.remoteAddress = endpoint(socket.remoteAddress, socket.remotePort);
    this.localAddress = endpoint(socket.localAddress, socket.localPort);
    socket.on('drain', () => this.#drained?.());
    socket.once('close', () => {
      this.#over = true;
      this.#tellClosed();
    });
  }

  write(bytes: Uint8Array, written: (error?: Error) => void): boolean {
    if (!this.#socket.writable) {
      queueMicrotask(() => written(this.#closedError()));
      return false;
    }
    return this.#socket.write(bytes, (error) => {
      // A socket destroyed in the middle of a write reports it as done.
      if (error || this.#socket.destroyed) written(this.#closedError(error));
      else written();
    });
  }

  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#paused = false;
    if (this.#receive) this.#socket.resume(); // without a receiver it would throw bytes away
  }

  end(): void {
    if (!this.#socket.writable) return;
    this.#socket.end();
    if (!this.#receive) this.onData(() => undefined); // nobody reads: drop what comes, so that the remote's end is seen
  }

  destroy(): void {
    this.#socket.destroy();
  }

  onData(receive: (chunk: Uint8Array) => void): void {
    const first = this.#receive === undefined;
    this.#receive = receive;
    if (!first) return;
    this.#socket.on('data', (chunk) => this.#receive?.(chunk));
    if (!this.#paused) this.#socket.resume();
  }

  onDrain(drained: () => void): void {
    this.#drained = drained;
  }

  onClose(closed: (error?: Error) => void): void {
    this.#closed = closed;
    if (this.#over) queueMicrotask(() => this.#tellClosed());
  }

  #tellClosed(): void {
    const closed = this.#closed;
    this.#closed = undefined;
    closed?.(this.#error);
  }

  #closedError(error: Error | null | undefined = this.#error): ConnectionClosedError {
    return new ConnectionClosedError(error ? { cause: error } : undefined);
  }
}

function endpoint(host: string | undefined, port: number | undefined): Endpoint {
  return Object.freeze({ host: plainHost(host ?? ''), port: port ?? 0 });
}
