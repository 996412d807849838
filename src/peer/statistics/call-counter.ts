import type { CommandStatistics } from './peer-statistics.js';

/** What {@link CommandStatistics} says of handler calls. */
type CallStatistics = Pick<CommandStatistics, 'calls' | 'errors' | 'refused' | 'minMs' | 'meanMs' | 'maxMs'>;

/**
 * Sums of handler calls.
 *
 * @internal
 */
export class CallCounter {
  calls = 0;
  errors = 0;
  refused = 0;
  totalMs = 0;
  /** Infinity while there was no call. */
  minMs = Infinity;
  maxMs = 0;

  called(ms: number): void {
    this.calls++;
    this.totalMs += ms;
    if (ms < this.minMs) this.minMs = ms;
    if (ms > this.maxMs) this.maxMs = ms;
  }

  snapshot(): CallStatistics {
    const { calls, errors, refused, totalMs, minMs, maxMs } = this;
    return { calls, errors, refused, minMs: calls === 0 ? 0 : minMs, meanMs: calls === 0 ? 0 : totalMs / calls, maxMs };
  }
}
