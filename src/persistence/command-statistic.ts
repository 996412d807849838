/**
 * Sums for one peer, command and direction that add up over runs.
 *
 * @publicApi
 */
export interface CommandStatistic {
  readonly network: string;
  readonly host: string;
  readonly port: number;
  /** Common command name, or `unknown`. */
  readonly command: string;
  readonly direction: 'in' | 'out';
  readonly messages: number;
  readonly bytes: number;
  /** Handler calls. */
  readonly calls: number;
  /** Handler calls that threw. */
  readonly errors: number;
  /** Messages a guard refused. */
  readonly refused: number;
  /** Shortest, summed and longest handler time, milliseconds; null where there was no call. */
  readonly minMs: number | null;
  readonly totalMs: number;
  readonly maxMs: number | null;
  /** When the last one came or went, milliseconds since 1970. */
  readonly lastAtMs: number;
}
