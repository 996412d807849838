import type { Clock } from '../../environment/clock.js';
import type { Connection } from '../../environment/connection.js';
import type { DisconnectReason } from '../../persistence/disconnect-reason.js';
import type { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';
import type { Disconnection } from '../disconnection.js';

/**
 * How a connection ends: once, for the first reason that comes up.
 *
 * @internal
 */
export class Ending {
  readonly #connection: Connection;
  readonly #clock: Clock;
  #cause: Omit<Disconnection, 'atMs'> | undefined;
  #disconnection: Disconnection | undefined;
  /** Made when somebody asks for it. */
  #closed: Promise<Disconnection> | undefined;
  #resolve: ((disconnection: Disconnection) => void) | undefined;

  constructor(connection: Connection, clock: Clock) {
    this.#connection = connection;
    this.#clock = clock;
  }

  /** Resolves when the connection is over. */
  get closed(): Promise<Disconnection> {
    return (this.#closed ??=
      this.#disconnection === undefined
        ? new Promise((resolve) => (this.#resolve = resolve))
        : Promise.resolve(this.#disconnection));
  }

  /** Why it ends or has ended; undefined while it lives. */
  get cause(): Omit<Disconnection, 'atMs'> | undefined {
    return this.#cause;
  }

  /** Gives a reason. @returns false when there is one already */
  begin(reason: DisconnectReason, by: Disconnection['by'], error?: NeoPeerError): boolean {
    if (this.#cause !== undefined) return false;
    this.#cause = { reason, by, ...(error && { error }) };
    return true;
  }

  /** Drops the connection. */
  cut(): void {
    this.#connection.destroy();
  }

  /**
   * Says goodbye when everything was written, and drops the connection if it isn't over by then.
   *
   * @param written resolves when everything was written
   */
  async leave(written: Promise<void>, withinMs: number): Promise<void> {
    const timer = this.#clock.setTimeout(() => this.cut(), withinMs);
    try {
      await written;
      this.#connection.end();
      this.#connection.resume(); // the remote's end is behind what we haven't read
      await this.closed;
    } finally {
      timer.cancel();
    }
  }

  /** The connection is over. */
  finish(cause: Omit<Disconnection, 'atMs'>): Disconnection {
    const disconnection = Object.freeze({ ...cause, atMs: this.#clock.now() });
    this.#disconnection = disconnection;
    this.#resolve?.(disconnection);
    return disconnection;
  }
}
