import type { Command } from '../../wire/messages.js';
import type { CommandStatistics } from './peer-statistics.js';

/** Both ways of a message. */
export type Direction = 'in' | 'out';

/**
 * Sums for one command in one direction.
 *
 * @internal
 */
export class CommandCounter {
  messages = 0;
  bytes = 0;
  calls = 0;
  errors = 0;
  refused = 0;
  totalMs = 0;
  /** Infinity while there was no call. */
  minMs = Infinity;
  maxMs = 0;
  lastAtMs = 0;

  constructor(
    readonly command: Command | 'unknown',
    readonly direction: Direction,
  ) {}

  count(bytes: number, nowMs: number): void {
    this.messages++;
    this.bytes += bytes;
    this.lastAtMs = nowMs;
  }

  called(ms: number): void {
    this.calls++;
    this.totalMs += ms;
    if (ms < this.minMs) this.minMs = ms;
    if (ms > this.maxMs) this.maxMs = ms;
  }

  snapshot(): CommandStatistics {
    const { command, direction, messages, bytes, calls, errors, refused, maxMs, lastAtMs } = this;
    const meanMs = calls === 0 ? 0 : this.totalMs / calls;
    return {
      command,
      direction,
      messages,
      bytes,
      calls,
      errors,
      refused,
      minMs: calls === 0 ? 0 : this.minMs,
      meanMs,
      maxMs,
      lastAtMs,
    };
  }
}
