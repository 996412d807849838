import type { Message } from '../../wire/messages.js';
import type { OpenRequest } from './peer-request.js';

/**
 * The requests of one kind, of which only one is under way: C# nodes silently drop a second request of a kind while the
 * first waits in their inbox.
 *
 * @internal
 */
export class RequestLane {
  readonly #start: (request: OpenRequest) => void;
  readonly #waiting: OpenRequest[] = [];
  #current: OpenRequest | undefined;

  /** @param start sends a request, when its turn has come */
  constructor(start: (request: OpenRequest) => void) {
    this.#start = start;
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
    this.#start(request);
  }

  /** Frees the place of a request that has settled, and begins with the next. */
  leave(request: OpenRequest): void {
    if (this.#current !== request) {
      const place = this.#waiting.indexOf(request);
      if (place >= 0) this.#waiting.splice(place, 1);
      return;
    }
    this.#current = this.#waiting.shift();
    if (this.#current !== undefined) this.#start(this.#current);
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
