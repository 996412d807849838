import type { AddressInfo, Server } from 'node:net';
import { Logger } from '@nestjs/common';
import { plainHost } from './address.js';
import type { Clock } from './clock.js';
import type { Endpoint, PeerListener } from './connection.js';

/** When the process has too many files open, accepting fails thousands of times a second: one line in this time tells it. */
const WARNING_INTERVAL_MS = 60_000;

/**
 * A TCP server that listens. A connection that can't be accepted is the system's affair; it ends neither the listener nor
 * the process.
 *
 * @internal
 */
export class TcpListener implements PeerListener {
  readonly address: Endpoint;
  readonly #server: Server;
  readonly #clock: Clock;
  readonly #logger = new Logger(TcpListener.name);
  #warnedAt = -Infinity;

  /** @param server listening on a TCP port */
  constructor(server: Server, clock: Clock) {
    const { address, port } = server.address() as AddressInfo; // only a pipe's is a string, only an idle server's null
    this.address = Object.freeze({ host: plainHost(address), port });
    this.#server = server;
    this.#clock = clock;
    server.on('error', (error) => this.#warn(error));
  }

  async close(): Promise<void> {
    // The port is free when this returns. The server's own 'close' event would wait for all accepted connections.
    if (this.#server.listening) this.#server.close();
  }

  #warn(error: Error): void {
    const now = this.#clock.monotonic();
    if (now - this.#warnedAt < WARNING_INTERVAL_MS) return;
    this.#warnedAt = now;
    this.#logger.warn(`A connection to port ${this.address.port} could not be accepted: ${error.message}`);
  }
}
