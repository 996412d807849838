import { Logger } from '@nestjs/common';
import type { Clock } from '../../environment/clock.js';
import type { Command } from '../../wire/messages.js';
import type { Peer } from '../peer.js';

/** One line a minute for each handler and class of error: a remote that makes a handler throw must not fill a disk. */
const INTERVAL_MS = 60_000;
/** Kinds of failure that are told apart; over it the oldest is forgotten, and may be logged again. */
const REMEMBERED = 1000;
/** Characters of an error that are logged: it may quote what a remote sent. */
const LONGEST_TEXT = 4000;

interface Silence {
  /** Monotonic milliseconds: whoever sets the clock back must not silence us for a year. */
  untilMs: number;
  /** Failures that were not logged since. */
  left: number;
}

/**
 * Says that a handler failed, but not too often.
 *
 * @internal
 */
export class FailureLog {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #silences = new Map<string, Silence>();

  constructor(context: string, clock: Clock) {
    this.#logger = new Logger(context);
    this.#clock = clock;
  }

  /** @param where the handler, or what of it or of us failed */
  report(where: string, peer: Peer, command: Command | 'frame', error: unknown): void {
    const key = `${where} ${classOf(error)}`;
    const nowMs = this.#clock.monotonic();
    const silence = this.#silences.get(key);
    if (silence !== undefined && nowMs < silence.untilMs) {
      silence.left++;
      return;
    }
    const more = silence === undefined || silence.left === 0 ? '' : ` (${silence.left} more like it were not logged)`;
    this.#silences.delete(key);
    this.#silences.set(key, { untilMs: nowMs + INTERVAL_MS, left: 0 });
    const [oldest] = this.#silences.keys();
    if (this.#silences.size > REMEMBERED) this.#silences.delete(oldest!);
    const { host, port } = peer.remoteAddress;
    this.#logger.error(`${where} failed at ${command} from ${host}:${port}${more}: ${textOf(error)}`, stackOf(error));
  }
}

function classOf(error: unknown): string {
  return error instanceof Error ? error.constructor.name : typeof error;
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.slice(0, LONGEST_TEXT);
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack?.slice(0, LONGEST_TEXT) : undefined;
}
