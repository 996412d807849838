import type { Clock } from '../../environment/clock.js';
import type { Command } from '../../wire/messages.js';
import { Deadline } from '../connection/deadline.js';
import type { OpenRequest } from './peer-request.js';

/** So many requests in a row that the remote could have met and didn't, and it is given up. */
const MAX_EXPIRED = 3;

/** The time a {@link StallWatch} goes by; see `ReadGate`. */
export interface ReadingTime {
  /** Milliseconds on a clock that stands still while we don't read. */
  readonly readingMs: number;
  readonly isOpen: boolean;
}

/** Who has a {@link StallWatch}. */
export interface StallWatchOwner {
  /** The remote has stopped answering; this is what it left unanswered. */
  stalled(command: Command): void;
}

/** No byte has come since then, although this was asked. */
interface Silence {
  readonly command: Command;
  readonly since: number;
}

/**
 * Notices a remote that has stopped answering. Silence alone is no fault: real nodes are silent when they have nothing. So
 * only requests count that it could have met: when no byte comes for `stalledMs` after one of them, whether it is still
 * open or has expired since, or when three in a row expire.
 *
 * @internal
 */
export class StallWatch {
  readonly #time: ReadingTime;
  readonly #owner: StallWatchOwner;
  readonly #deadline: Deadline;
  readonly #open = new Set<OpenRequest>();
  /** The first request that expired since the last byte came. */
  #unanswered: Silence | undefined;
  #expiredInARow = 0;
  #lastByteAt = 0;

  constructor(clock: Clock, stalledMs: number, time: ReadingTime, owner: StallWatchOwner) {
    this.#time = time;
    this.#owner = owner;
    this.#deadline = new Deadline(
      clock,
      stalledMs,
      () => time.readingMs,
      () => this.#silent()?.since,
      () => {
        const silent = this.#silent();
        if (silent !== undefined) owner.stalled(silent.command);
      },
    );
  }

  byteCame(): void {
    this.#lastByteAt = this.#time.readingMs;
    this.#unanswered = undefined;
  }

  sent(request: OpenRequest): void {
    request.sentAt = this.#time.readingMs;
    this.#open.add(request);
    this.#deadline.start();
  }

  /** It was answered. */
  answered(request: OpenRequest): void {
    if (this.#open.delete(request)) this.#expiredInARow = 0;
  }

  /** Its caller gave it up. */
  withdrawn(request: OpenRequest): void {
    if (this.#open.delete(request) && request.couldBeMet()) this.#leaveUnanswered(request);
  }

  expired(request: OpenRequest): void {
    if (!this.#open.delete(request) || !request.couldBeMet()) return;
    this.#leaveUnanswered(request);
    if (!this.#time.isOpen) return; // its answer may have come: we don't look
    if (++this.#expiredInARow >= MAX_EXPIRED) this.#owner.stalled(request.command);
  }

  /** We read again after a pause. */
  resumed(): void {
    this.#deadline.start();
  }

  stop(): void {
    this.#deadline.stop();
    this.#open.clear();
  }

  #leaveUnanswered({ command, sentAt }: OpenRequest): void {
    this.#unanswered ??= { command, since: Math.max(sentAt, this.#lastByteAt) };
  }

  #silent(): Silence | undefined {
    if (!this.#time.isOpen) return undefined;
    let silent = this.#unanswered;
    for (const request of this.#open) {
      const since = Math.max(request.sentAt, this.#lastByteAt);
      if ((silent === undefined || since < silent.since) && request.couldBeMet()) {
        silent = { command: request.command, since };
      }
    }
    return silent;
  }
}
