import type { CallOptions } from '../../environment/call-options.js';
import type { Timer } from '../../environment/clock.js';
import type { Connection } from '../../environment/connection.js';
import type { Command, Outgoing } from '../../wire/messages.js';
import { NotAskedError } from '../errors/not-asked.error.js';
import { UnsupportedByRemoteError } from '../errors/unsupported-by-remote.error.js';
import { Outbox, type OutboxOwner } from './outbox.js';
import type { Parcel } from './outbox-content.js';
import type { PeerRuntime } from './peer-runtime.js';
import type { RemoteIdentity } from './remote-identity.js';
import { RemoteRequests } from './remote-requests.js';

/**
 * How long a remote that reverses reads gets after the handshake before anything else is sent, milliseconds: enough for
 * our verack to be read alone.
 */
export const FIRST_MESSAGE_DELAY_MS = 20;

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
  /** Made when it has asked for something whose answer has to be asked for. */
  #requests: RemoteRequests | undefined;
  /** Whether we take compressed payloads ourselves: who doesn't, sends none. */
  #compresses = false;
  #delay: Timer | undefined;

  constructor(runtime: PeerRuntime, connection: Connection, remote: RemoteIdentity, owner: OutboxOwner) {
    this.#runtime = runtime;
    this.#remote = remote;
    this.outbox = new Outbox(connection, runtime.limits, runtime.clock, owner);
  }

  /** Takes note of what came from the remote: it may be a request, without which its answer may not be sent. */
  received(command: Command): void {
    if (this.#runtime.answerable.has(command)) (this.#requests ??= new RemoteRequests()).received(command);
  }

  /** Sends a message of the handshake. */
  open(message: Outgoing): void {
    this.outbox.writeFirst(this.#runtime.encoder.encode(message, false));
    if (message.command !== 'version') return;
    this.#compresses = this.#runtime.dialect.remoteFacts(message.payload).acceptsCompression;
  }

  /** The handshake is over: everything else may flow. */
  ready(): void {
    if (!this.#remote.profile.reversesReads) return this.outbox.release();
    this.outbox.oneFrameAWrite = true;
    this.#delay = this.#runtime.clock.setTimeout(() => this.outbox.release(), FIRST_MESSAGE_DELAY_MS);
  }

  /** The peer is over: what is queued may still be written. */
  stop(): void {
    this.#delay?.cancel();
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
    this.#answer(message.command);
    let left = false;
    const leaves = (): void => {
      left = true;
      handedOver?.();
    };
    try {
      await this.outbox.put(parcel, options, leaves);
    } catch (error) {
      if (!left) this.#reopen(message.command);
      throw error;
    }
  }

  /** Whether bytes are on their way, or wait to be. */
  isBusy(): boolean {
    return !this.outbox.isEmpty;
  }

  #queue(message: Outgoing, enter: (parcel: Parcel) => boolean): boolean {
    const parcel = this.#encode(message);
    this.#answer(message.command);
    const queued = enter(parcel);
    if (!queued) this.#reopen(message.command);
    return queued;
  }

  /** Uses up a request, if that command needs one. @throws NotAskedError when none is open */
  #answer(command: Command): void {
    const request = this.#runtime.dialect.requestFor(command);
    if (request !== undefined && !this.#requests?.answer(request)) throw new NotAskedError(command);
  }

  /** The answer was not sent after all. */
  #reopen(command: Command): void {
    const request = this.#runtime.dialect.requestFor(command);
    if (request !== undefined) this.#requests?.received(request);
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
