import type { Command } from '../../wire/messages.js';

/**
 * How many requests of a kind are remembered; whoever asks more often without an answer gets none to the rest. An inbox holds
 * 200 by default, and each of them is answered in its turn.
 */
export const MAX_OPEN_REQUESTS = 10_000;

/**
 * What the remote has asked for that may be sent only as an answer: how many requests of each kind are open. Real nodes
 * count in the same way, so one answer goes out for each request, whoever sends it and however late.
 *
 * @internal
 */
export class RemoteRequests {
  readonly #open = new Map<Command, number>();

  /** Takes note of a request. */
  received(request: Command): void {
    const open = this.#open.get(request) ?? 0;
    if (open < MAX_OPEN_REQUESTS) this.#open.set(request, open + 1);
  }

  /** Uses one up. @returns false when none is open */
  answer(request: Command): boolean {
    const open = this.#open.get(request) ?? 0;
    if (open === 0) return false;
    this.#open.set(request, open - 1);
    return true;
  }
}
