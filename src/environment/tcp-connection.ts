import type { Socket } from 'node:net';
import { plainHost } from './address.js';
import { ConnectionClosedError } from './connection-closed.error.js';
import type { Connection, Endpoint } from './connection.js';

/** Where a socket's connection is found. */
const CONNECTION = Symbol('connection');

interface ConnectedSocket extends Socket {
  [CONNECTION]: TcpConnection;
}

/**
 * A connected TCP socket. Nothing is read from it before there is a receiver, so early bytes wait in the socket.
 *
 * All sockets share their listeners, and what is seldom needed is listened to when it is: an idle connection shall take little
 * more than its socket.
 *
 * @internal
 */
export class TcpConnection implements Connection {
  readonly remoteAddress: Endpoint;
  readonly #socket: Socket;
  #localAddress: Endpoint | undefined;
  #receive: ((chunk: Uint8Array) => void) | undefined;
  #drained: (() => void) | undefined;
  #closed: ((error?: Error) => void) | undefined;
  #paused = false;
  #over = false;
  #error: Error | undefined;

  /** @param socket connected; nobody else may listen to it or write to it from now on */
  constructor(socket: Socket) {
    (socket as ConnectedSocket)[CONNECTION] = this;
    socket.on('error', errorCame); // first of all, and for good: an error may come after the end
    socket.on('close', closeCame);
    this.#socket = socket;
    this.remoteAddress = endpoint(socket.remoteAddress, socket.remotePort);
  }

  /** The system knows it only while the connection lasts. */
  get localAddress(): Endpoint {
    return (this.#localAddress ??= endpoint(this.#socket.localAddress, this.#socket.localPort));
  }

  write(bytes: Uint8Array, written: (error?: Error) => void): boolean {
    if (!this.#socket.writable) {
      queueMicrotask(() => written(this.#closedError()));
      return false;
    }
    const more = this.#socket.write(bytes, (error) => {
      // A socket destroyed in the middle of a write reports it as done.
      if (error || this.#socket.destroyed) written(this.#closedError(error));
      else written();
    });
    if (!more && this.#socket.listenerCount('drain') === 0) this.#socket.once('drain', drainCame);
    return more;
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
    this.#socket.on('data', dataCame);
    if (!this.#paused) this.#socket.resume();
  }

  onDrain(drained: () => void): void {
    this.#drained = drained;
  }

  onClose(closed: (error?: Error) => void): void {
    this.#closed = closed;
    if (this.#over) queueMicrotask(() => this.#tellClosed());
  }

  /** From the socket's listeners. @internal */
  received(chunk: Uint8Array): void {
    this.#receive?.(chunk);
  }

  /** @internal */
  hasDrained(): void {
    this.#drained?.();
  }

  /** @internal */
  failed(error: Error): void {
    this.#error ??= error;
  }

  /** @internal */
  isOver(): void {
    this.#over = true;
    this.#tellClosed();
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

function dataCame(this: ConnectedSocket, chunk: Uint8Array): void {
  this[CONNECTION].received(chunk);
}

function drainCame(this: ConnectedSocket): void {
  this[CONNECTION].hasDrained();
}

function errorCame(this: ConnectedSocket, error: Error): void {
  this[CONNECTION].failed(error);
}

function closeCame(this: ConnectedSocket): void {
  this[CONNECTION].isOver();
}

function endpoint(host: string | undefined, port: number | undefined): Endpoint {
  return Object.freeze({ host: plainHost(host ?? ''), port: port ?? 0 });
}
