import type { CallOptions } from '../../environment/call-options.js';
import type { Connection } from '../../environment/connection.js';
import type { Outgoing } from '../../wire/messages.js';
import { UnsupportedByRemoteError } from '../errors/unsupported-by-remote.error.js';
import { Outbox, type OutboxEvents, type Parcel } from './outbox.js';
import type { PeerRuntime } from './peer-runtime.js';
import type { RemoteIdentity } from './remote-identity.js';

/**
 * The way out: messages become frames and go through the outbox. What this remote is known to close the connection for
 * doesn't.
 *
 * @internal
 */
export class Outlet {
  readonly outbox: Outbox;
  readonly #runtime: PeerRuntime;
  readonly #remote: RemoteIdentity;

  constructor(runtime: PeerRuntime, connection: Connection, remote: RemoteIdentity, events: OutboxEvents) {
    this.#runtime = runtime;
    this.#remote = remote;
    this.outbox = new Outbox(connection, runtime.limits, runtime.clock, events);
  }

  /** Sends a message of the handshake. */
  open(message: Outgoing): void {
    this.outbox.writeFirst(this.#encode(message));
  }

  /** Sends a message ahead of all that wait. False when the remote evidently doesn't read. */
  hurry(message: Outgoing): boolean {
    return this.outbox.hurry(this.#encode(message));
  }

  /** Queues a message if there is room. @throws as {@link send} rejects */
  post(message: Outgoing): boolean {
    return this.outbox.offer(this.#encode(message));
  }

  /**
   * Sends a message in its turn; resolves when the connection has taken it.
   *
   * @param handedOver called when its bytes go to the connection
   * @throws UnsupportedByRemoteError, EmptyMessageError; DecodeError when the payload is larger than a frame may be
   */
  async send(message: Outgoing, options?: CallOptions, handedOver?: () => void): Promise<void> {
    await this.outbox.put(this.#encode(message), options, handedOver);
  }

  /** Whether bytes are on their way, or wait to be. */
  isBusy(): boolean {
    return !this.outbox.isEmpty;
  }

  #encode(message: Outgoing): Parcel {
    const { dialect, encoder } = this.#runtime;
    const { profile } = this.#remote;
    if (dialect.closesOn(profile, message)) {
      throw new UnsupportedByRemoteError(profile.implementation, message.command);
    }
    return encoder.encode(message);
  }
}
