import type { Clock } from '../environment/clock.js';
import type { Readable } from 'node:stream';
import type { Output } from './output.js';

/** What every command gets. */
export interface CommandContext {
  readonly stdin: Readable;
  readonly out: Output;
  readonly err: Output;
  readonly clock: Clock;
  /** Aborted by Ctrl-C, and when nobody reads the output any more. */
  readonly signal: AbortSignal;
}
