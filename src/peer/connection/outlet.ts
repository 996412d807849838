import type { CallOptions } from '../../environment/call-options.js';
import type { Connection } from '../../environment/connection.js';
import type { Command, Outgoing } from '../../wire/messages.js';
import { UnsupportedByRemoteError } from '../errors/unsupported-by-remote.error.js';
import { Outbox, type OutboxEvents, type Parcel } from './outbox.js';
import type { PeerRuntime } from './peer-runtime.js';
import type { RemoteIdentity } from './remote-identity.js';
import { RemoteRequests } from './remote-requests.js';

/**
 * The way out: messages become frames and go through the outbox. What this remote is known to close the connection for
 * doesn't, nor what it would have to ask for first.
 *
 * @internal
 */
export class Outlet {
  readonly outbox: Outbox;
  readonly #runtime: PeerRuntime;
  readonly #remote: RemoteIdentity;
  readonly #requests: RemoteRequests;
  /** Whether we take compressed payloads ourselves: who doesn't, sends none. */
  #compresses = false;

  constructor(runtime: PeerRuntime, connection: Connection, remote: RemoteIdentity, events: OutboxEvents) {
    this.#runtime = runtime;
    this.#remote = remote;
    this.#requests = new RemoteRequests(runtime.dialect);
    this.outbox = new Outbox(connection, runtime.limits, runtime.clock, events);
  }

  /** Takes note of what came from the remote: it may be a request, without which its answer may not be sent. */
  received(command: Command): void {
    this.#requests.received(command);
  }

  /** Sends a message of the handshake. */
  open(message: Outgoing): void {
    this.outbox.writeFirst(this.#runtime.encoder.encode(message, false));
    if (message.command !== 'version') return;
    this.#compresses = this.#runtime.dialect.remoteFacts(message.payload).acceptsCompression;
  }

  /** Sends a message ahead of all that wait. False when the remote evidently doesn't read. @throws as {@link send} rejects */
  hurry(message: Outgoing): boolean {
    return this.#queue(message, (parcel) => this.outbox.hurry(parcel));
  }

  /** Queues a message if there is room and it may be sent. */
  post(message: Outgoing): boolean {
    try {
      return this.#queue(message, (parcel) => this.outbox.offer(parcel));
    } catch (error) {
      this.#runtime.logger.debug(`${message.command} was not posted: ${String(error)}`);
      return false;
    }
  }

  /**
   * Sends a message in its turn; resolves when the connection has taken it.
   *
   * @param handedOver called when its bytes go to the connection
   * @throws UnsupportedByDialectError, UnsupportedByRemoteError, EmptyMessageError, NotAskedError; DecodeError when the
   * payload is larger than a frame may be
   */
  async send(message: Outgoing, options?: CallOptions, handedOver?: () => void): Promise<void> {
    const parcel = this.#encode(message);
    this.#requests.answer(message.command);
    let left = false;
    const leaves = (): void => {
      left = true;
      handedOver?.();
    };
    try {
      await this.outbox.put(parcel, options, leaves);
    } catch (error) {
      if (!left) this.#requests.reopen(message.command);
      throw error;
    }
  }

  /** Whether bytes are on their way, or wait to be. */
  isBusy(): boolean {
    return !this.outbox.isEmpty;
  }

  #queue(message: Outgoing, enter: (parcel: Parcel) => boolean): boolean {
    const parcel = this.#encode(message);
    this.#requests.answer(message.command);
    const queued = enter(parcel);
    if (!queued) this.#requests.reopen(message.command);
    return queued;
  }

  #encode(message: Outgoing): Parcel {
    const { dialect, encoder, local } = this.#runtime;
    const { profile, acceptsCompression } = this.#remote;
    encoder.check(message);
    if (isOfHandshake(message) || dialect.closesOn(profile, message, local.network.magic)) {
      throw new UnsupportedByRemoteError(profile.implementation, message.command);
    }
    return encoder.encode(message, this.#compresses && acceptsCompression);
  }
}

/** Every node closes the connection on a second one. */
function isOfHandshake({ command }: Outgoing): boolean {
  return command === 'version' || command === 'verack';
}
