import type { Command } from '../../wire/messages.js';
import { CommandCounter, type Direction } from './command-counter.js';
import { CounterTable } from './counter-table.js';
import type { DurationHistogram } from './duration-histogram.js';

/** Sums over all peers, with the distribution of handler times. */
export interface TotalCounter {
  readonly counter: CommandCounter;
  readonly durations: DurationHistogram;
}

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

/** One command and direction of a peer, tied to the sums over all peers. */
export class PeerCounter {
  /** The sums when they were last taken. */
  #taken: CommandCounter;

  constructor(
    readonly own: CommandCounter,
    readonly total: TotalCounter,
  ) {
    this.#taken = new CommandCounter(own.command, own.direction);
  }

  count(bytes: number, nowMs: number): void {
    this.own.count(bytes, nowMs);
    this.total.counter.count(bytes, nowMs);
  }

  called(ms: number): void {
    this.own.called(ms);
    this.total.counter.called(ms);
    this.total.durations.add(ms);
  }

  failed(): void {
    this.own.errors++;
    this.total.counter.errors++;
  }

  refused(): void {
    this.own.refused++;
    this.total.counter.refused++;
  }

  /** Undefined if nothing was counted. */
  takeChange(): CounterChange | undefined {
    const { own } = this;
    const taken = this.#taken;
    if (
      own.messages + own.calls + own.errors + own.refused ===
      taken.messages + taken.calls + taken.errors + taken.refused
    ) {
      return undefined;
    }
    this.#taken = Object.assign(new CommandCounter(own.command, own.direction), own);
    return {
      command: own.command,
      direction: own.direction,
      messages: own.messages - taken.messages,
      bytes: own.bytes - taken.bytes,
      calls: own.calls - taken.calls,
      errors: own.errors - taken.errors,
      refused: own.refused - taken.refused,
      totalMs: own.totalMs - taken.totalMs,
      minMs: own.calls === 0 ? null : own.minMs,
      maxMs: own.calls === 0 ? null : own.maxMs,
      lastAtMs: own.lastAtMs,
    };
  }
}

/**
 * Everything counted of one peer.
 *
 * @internal
 */
export class PeerCounters extends CounterTable<PeerCounter> {
  /** Whether anything was counted since it was last taken. */
  changed = false;

  constructor(totals: CounterTable<TotalCounter>) {
    super(
      (command, direction) => new PeerCounter(new CommandCounter(command, direction), totals.of(command, direction)),
    );
  }
}
