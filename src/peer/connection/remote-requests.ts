import type { Dialect } from '../../wire/common/dialect.js';
import type { Command, Message } from '../../wire/messages.js';
import { NotAskedError } from '../errors/not-asked.error.js';

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
  readonly #dialect: Dialect<Message>;
  /** By the request's command; others are of no interest. */
  readonly #open = new Map<Command, number>();

  constructor(dialect: Dialect<Message>) {
    this.#dialect = dialect;
    for (const command of dialect.commands) {
      const request = dialect.requestFor(command);
      if (request !== undefined) this.#open.set(request, 0);
    }
  }

  /** Takes note of what came from the remote. */
  received(command: Command): void {
    const open = this.#open.get(command);
    if (open !== undefined && open < MAX_OPEN_REQUESTS) this.#open.set(command, open + 1);
  }

  /** Uses up a request, if that command needs one. @throws NotAskedError when none is open */
  answer(command: Command): void {
    const request = this.#dialect.requestFor(command);
    if (request === undefined) return;
    const open = this.#open.get(request)!;
    if (open === 0) throw new NotAskedError(command);
    this.#open.set(request, open - 1);
  }

  /** The answer was not sent after all. */
  reopen(command: Command): void {
    const request = this.#dialect.requestFor(command);
    if (request !== undefined) this.received(request);
  }
}
