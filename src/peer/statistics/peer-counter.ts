import type { Command } from '../../wire/messages.js';
import { CallCounter } from './call-counter.js';
import type { CommandCounter, Direction } from './command-counter.js';
import type { CommandStatistics } from './peer-statistics.js';

/** What was counted since the last time somebody took it. */
export interface CounterChange {
  readonly command: Command | 'unknown';
  readonly direction: Direction;
  readonly messages: number;
  readonly bytes: number;
  readonly calls: number;
  readonly errors: number;
  readonly refused: number;
  readonly totalMs: number;
  /** Of all calls, not only the new ones: the smaller of two minima stays the same however often it is told. */
  readonly minMs: number | null;
  readonly maxMs: number | null;
  readonly lastAtMs: number;
}

/** The calls of a peer's handlers for one command. */
class PeerCalls extends CallCounter {
  /** The sums when they were last taken. */
  readonly #taken = new CallCounter();

  takeChange(): Pick<CounterChange, 'calls' | 'errors' | 'refused' | 'totalMs' | 'minMs' | 'maxMs'> {
    const { calls, errors, refused, totalMs, minMs, maxMs } = this;
    const change = {
      calls: calls - this.#taken.calls,
      errors: errors - this.#taken.errors,
      refused: refused - this.#taken.refused,
      totalMs: totalMs - this.#taken.totalMs,
      minMs: calls === 0 ? null : minMs,
      maxMs: calls === 0 ? null : maxMs,
    };
    Object.assign(this.#taken, this);
    return change;
  }
}

/** Where there are none; its changes are none either. */
const NO_CALLS = new PeerCalls();

/**
 * One command and direction of a peer, tied to the sums over all peers. There are some ten a peer, so each is small: it
 * counts calls only where there are any, and its time is a small number.
 *
 * @internal
 */
export class PeerCounter {
  messages = 0;
  bytes = 0;
  #takenMessages = 0;
  #takenBytes = 0;
  /** Milliseconds since the total began: V8 keeps it in the field itself, as it doesn't with those since 1970. */
  #lastAt = 0;
  #calls: PeerCalls | undefined;

  constructor(readonly total: CommandCounter) {}

  count(bytes: number, nowMs: number): void {
    this.messages++;
    this.bytes += bytes;
    this.#lastAt = nowMs - this.total.beganAtMs;
    this.total.count(bytes, nowMs);
  }

  called(ms: number): void {
    this.#ownCalls().called(ms);
    this.total.calls.called(ms);
    this.total.durations.add(ms);
  }

  failed(): void {
    this.#ownCalls().errors++;
    this.total.calls.errors++;
  }

  refused(): void {
    this.#ownCalls().refused++;
    this.total.calls.refused++;
  }

  snapshot(): CommandStatistics {
    const { messages, bytes, total, lastAtMs } = this;
    const { command, direction } = total;
    return { command, direction, messages, bytes, ...(this.#calls ?? NO_CALLS).snapshot(), lastAtMs };
  }

  /** Milliseconds since 1970; 0 while nothing was counted. */
  get lastAtMs(): number {
    return this.messages === 0 ? 0 : this.total.beganAtMs + this.#lastAt;
  }

  /** Undefined if nothing was counted. */
  takeChange(): CounterChange | undefined {
    const { messages, bytes, total, lastAtMs } = this;
    const { command, direction } = total;
    const change = {
      command,
      direction,
      messages: messages - this.#takenMessages,
      bytes: bytes - this.#takenBytes,
      ...(this.#calls ?? NO_CALLS).takeChange(),
      lastAtMs,
    };
    this.#takenMessages = messages;
    this.#takenBytes = bytes;
    return change.messages + change.calls + change.errors + change.refused === 0 ? undefined : change;
  }

  #ownCalls(): PeerCalls {
    return (this.#calls ??= new PeerCalls());
  }
}
