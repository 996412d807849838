import { Socket, createServer } from 'node:net';
import { Injectable } from '@nestjs/common';
import { AbortedError } from './aborted.error.js';
import { formatAddress } from './address.js';
import { watchLimits } from './call-limits.js';
import type { CallOptions } from './call-options.js';
import { Clock } from './clock.js';
import type { Connection, Endpoint, PeerListener } from './connection.js';
import { DialError } from './dial.error.js';
import { ListenError } from './listen.error.js';
import { systemCodeOf } from './system-error.js';
import { TcpConnection } from './tcp-connection.js';
import { TcpListener } from './tcp-listener.js';
import { Transport } from './transport.js';

const DIAL_DETAILS: ReadonlyMap<string | undefined, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ECONNRESET', 'the connection was cut at once'],
  ['EHOSTUNREACH', 'no way to that host'],
  ['ENETUNREACH', 'no way to that network'],
  ['ETIMEDOUT', 'no answer'],
  ['ENOTFOUND', 'its name has no address'],
  ['EMFILE', 'the process has too many files open'],
  ['ERR_SOCKET_BAD_PORT', 'the port is not in 1..65535'],
]);

const LISTEN_DETAILS: ReadonlyMap<string | undefined, string> = new Map([
  ['EADDRINUSE', 'the port is taken: choose another, or 0 for any that is free'],
  ['EADDRNOTAVAIL', 'no interface of this machine has that address: choose one it has, or none for all'],
  ['EACCES', 'not allowed: ports below 1024 need rights, choose a higher one'],
  ['EAFNOSUPPORT', 'this machine has no addresses of that family'],
  ['ENOTFOUND', 'the name has no address: give an IP address'],
  ['ERR_SOCKET_BAD_PORT', 'the port is not in 0..65535'],
]);

/**
 * TCP by the system. Small writes go out at once (no Nagle delay): a message shall not wait for the next.
 *
 * @internal
 */
@Injectable()
export class SystemTransport extends Transport {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
  }

  async connect(address: Endpoint, options: CallOptions): Promise<Connection> {
    if (options.signal?.aborted) throw new AbortedError(options.signal.reason);
    const socket = new Socket({ allowHalfOpen: false });
    socket.setNoDelay(true); // as an option of `connect` Node ignores it on a socket that was made before
    return await new Promise<Connection>((resolve, reject) => {
      let failure: Error | undefined;
      const fail = (error: Error): void => {
        failure ??= error;
        socket.destroy();
      };
      const timedOut = (): Error => new DialError(formatAddress(address), `no answer within ${options.timeoutMs} ms`);
      const stopWatching = watchLimits(this.#clock, options, timedOut, fail);
      const failed = (error: Error): void => fail(dialError(address, error));
      const closed = (): void => {
        stopWatching();
        reject(failure ?? new DialError(formatAddress(address), 'the connection was closed at once'));
      };
      socket.on('error', failed);
      socket.once('close', closed); // rejects only here: by then the system has the socket back
      socket.once('connect', () => {
        stopWatching();
        if (failure) return; // given up already, 'close' follows
        const connection = new TcpConnection(socket);
        socket.off('error', failed);
        socket.off('close', closed);
        resolve(connection);
      });
      try {
        socket.connect({ host: address.host, port: address.port });
      } catch (error) {
        failed(error as Error); // a port that is none is thrown
      }
    });
  }

  async listen(
    on: { readonly host?: string; readonly port: number },
    accept: (connection: Connection) => void,
  ): Promise<PeerListener> {
    const server = createServer({ allowHalfOpen: false, noDelay: true }, (socket) => {
      const connection = new TcpConnection(socket);
      // One that was reset before it was accepted has no address any more, and nothing to say.
      if (socket.remoteAddress === undefined) connection.destroy();
      else accept(connection);
    });
    await new Promise<void>((resolve, reject) => {
      const failed = (error: Error): void => reject(listenError(on, error));
      server.once('error', failed);
      server.once('listening', () => {
        server.off('error', failed);
        resolve();
      });
      try {
        server.listen({ port: on.port, ...(on.host === undefined ? {} : { host: on.host }) });
      } catch (error) {
        failed(error as Error); // as above
      }
    });
    return new TcpListener(server, this.#clock);
  }
}

function dialError(address: Endpoint, error: Error): DialError {
  const code = systemCodeOf(error);
  return new DialError(formatAddress(address), DIAL_DETAILS.get(code) ?? error.message, { cause: error });
}

function listenError(on: { readonly host?: string; readonly port: number }, error: Error): ListenError {
  const code = systemCodeOf(error);
  const address = formatAddress({ host: on.host ?? '*', port: on.port });
  return new ListenError(address, LISTEN_DETAILS.get(code) ?? error.message, { cause: error });
}
