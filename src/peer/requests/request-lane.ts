import type { Message } from '../../wire/messages.js';
import type { OpenRequest } from './peer-request.js';

/** Who has {@link RequestLane}s. */
export interface RequestLaneOwner {
  /** Sends a request: its turn has come. */
  start(request: OpenRequest): void;
}

/**
 * The requests of one kind, of which only one is under way: C# nodes silently drop a second request of a kind while the
 * first waits in their inbox.
 *
 * @internal
 */
export class RequestLane {
  readonly #owner: RequestLaneOwner;
  readonly #waiting: OpenRequest[] = [];
  #current: OpenRequest | undefined;

  constructor(owner: RequestLaneOwner) {
    this.#owner = owner;
  }

  /** Whether a request is under way. */
  get isBusy(): boolean {
    return this.#current !== undefined;
  }

  submit(request: OpenRequest): void {
    if (this.#current !== undefined) {
      this.#waiting.push(request);
      return;
    }
    this.#current = request;
    this.#owner.start(request);
  }

  /** Frees the place of a request that has settled, and begins with the next. */
  leave(request: OpenRequest): void {
    if (this.#current !== request) {
      const place = this.#waiting.indexOf(request);
      if (place >= 0) this.#waiting.splice(place, 1);
      return;
    }
    this.#current = this.#waiting.shift();
    if (this.#current !== undefined) this.#owner.start(this.#current);
  }

  /** @returns whether the message belongs to the answer of the request under way */
  accept(message: Message): boolean {
    return this.#current?.accept(message) ?? false;
  }

  /** Rejects all of them. */
  close(error: Error): void {
    const all = this.#waiting.splice(0);
    if (this.#current !== undefined) all.unshift(this.#current);
    for (const request of all) request.reject(error);
  }
}
