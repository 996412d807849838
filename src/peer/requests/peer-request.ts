import type { Command, Message, Outgoing } from '../../wire/messages.js';
import { RequestTimeoutError } from '../errors/request-timeout.error.js';

/** A request whose answer's type doesn't matter. */
export interface OpenRequest {
  readonly message: Outgoing;
  readonly command: Command;
  readonly isSettled: boolean;
  isSent: boolean;
  readonly unsent: AbortController;
  sentAt: number;
  handedOver(): void;
  sent(): void;
  settled(answered: boolean): void;
  accept(message: Message): boolean;
  couldBeMet(): boolean;
  expire(timeoutMs: number): boolean;
  reject(error: Error): void;
}

/**
 * A question to the remote that waits for its turn, or for its answer. Settles once.
 *
 * @internal
 */
export abstract class PeerRequest<T> implements OpenRequest {
  readonly promise: Promise<T>;
  /** Its bytes went to the connection. */
  isSent = false;
  /** Aborted when it has settled before it was sent: the remote would ignore the next of its kind while it holds this one. */
  readonly unsent = new AbortController();
  /** On the clock of `ReadGate.readingMs`. */
  sentAt = 0;
  /** Called when its bytes have gone to the connection. */
  handedOver: () => void = () => undefined;
  /** The same, unless it has settled by then. */
  sent: () => void = () => undefined;
  /** Called once, when it settles: whether it was answered. */
  settled: (answered: boolean) => void = () => undefined;
  #isSettled = false;
  #resolve!: (value: T) => void;
  #reject!: (error: Error) => void;

  constructor(readonly message: Outgoing) {
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get command(): Command {
    return this.message.command;
  }

  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Takes a message that may answer it. @returns whether it belongs to the answer */
  abstract accept(message: Message): boolean;

  /** Whether the remote could be expected to answer: it said that it has what is asked for. */
  abstract couldBeMet(): boolean;

  /** The time is out. @returns whether it ended without an answer */
  expire(timeoutMs: number): boolean {
    this.reject(new RequestTimeoutError(this.command, timeoutMs));
    return true;
  }

  reject(error: Error): void {
    if (this.#settle(false)) this.#reject(error);
  }

  protected resolve(value: T): void {
    if (this.#settle(true)) this.#resolve(value);
  }

  #settle(answered: boolean): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    this.settled(answered);
    return true;
  }
}
