import type { Command } from '../../wire/messages.js';
import { CallCounter } from './call-counter.js';
import { DurationHistogram } from './duration-histogram.js';
import type { CommandStatistics } from './peer-statistics.js';

/** Both ways of a message. */
export type Direction = 'in' | 'out';

/**
 * Sums over all peers for one command in one direction, with the distribution of handler times.
 *
 * @internal
 */
export class CommandCounter {
  messages = 0;
  bytes = 0;
  lastAtMs = 0;
  readonly calls = new CallCounter();
  readonly durations = new DurationHistogram();

  constructor(
    readonly command: Command | 'unknown',
    readonly direction: Direction,
    /** From when on peers count their times, milliseconds since 1970. */
    readonly beganAtMs: number,
  ) {}

  count(bytes: number, nowMs: number): void {
    this.messages++;
    this.bytes += bytes;
    this.lastAtMs = nowMs;
  }

  snapshot(): CommandStatistics & { readonly p50Ms: number; readonly p99Ms: number } {
    const { command, direction, messages, bytes, calls, durations, lastAtMs } = this;
    const sums = calls.snapshot();
    const within = (ms: number): number => Math.min(Math.max(ms, sums.minMs), sums.maxMs);
    const [p50Ms, p99Ms] = [within(durations.percentile(0.5)), within(durations.percentile(0.99))];
    return { command, direction, messages, bytes, ...sums, lastAtMs, p50Ms, p99Ms };
  }
}
