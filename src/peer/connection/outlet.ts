import type { CallOptions } from '../../environment/call-options.js';
import type { Connection } from '../../environment/connection.js';
import type { Outgoing } from '../../wire/messages.js';
import type { MessageEncoder } from './message-encoder.js';
import { Outbox, type OutboxEvents } from './outbox.js';
import type { PeerRuntime } from './peer-runtime.js';

/**
 * The way out: messages become frames and go through the outbox.
 *
 * @internal
 */
export class Outlet {
  readonly outbox: Outbox;
  readonly #encoder: MessageEncoder;

  constructor({ encoder, limits, clock }: PeerRuntime, connection: Connection, events: OutboxEvents) {
    this.#encoder = encoder;
    this.outbox = new Outbox(connection, limits, clock, events);
  }

  /** Sends a message of the handshake. */
  open(message: Outgoing): void {
    this.outbox.writeFirst(this.#encoder.encode(message));
  }

  /** Sends a message ahead of all that wait. False when the remote evidently doesn't read. */
  hurry(message: Outgoing): boolean {
    return this.outbox.hurry(this.#encoder.encode(message));
  }

  /** Queues a message if there is room. @throws what {@link MessageEncoder.encode} throws */
  post(message: Outgoing): boolean {
    return this.outbox.offer(this.#encoder.encode(message));
  }

  /**
   * Sends a message in its turn; resolves when the connection has taken it.
   *
   * @param handedOver called when its bytes go to the connection
   */
  async send(message: Outgoing, options?: CallOptions, handedOver?: () => void): Promise<void> {
    await this.outbox.put(this.#encoder.encode(message), options, handedOver);
  }

  /** Whether bytes are on their way, or wait to be. */
  isBusy(): boolean {
    return !this.outbox.isEmpty;
  }
}
