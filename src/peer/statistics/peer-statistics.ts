import type { Command } from '../../wire/messages.js';
import type { Peer } from '../peer.js';

/**
 * What happened with one command in one direction. Times are of handlers, in milliseconds with fractions; 0 where
 * there was no call.
 *
 * @publicApi
 */
export interface CommandStatistics {
  readonly command: Command | 'unknown';
  readonly direction: 'in' | 'out';
  /** Whole messages. */
  readonly messages: number;
  /** Bytes of those messages, frame headers included. */
  readonly bytes: number;
  /** Handler calls; always 0 for `out`. */
  readonly calls: number;
  /** Calls that threw or rejected. */
  readonly errors: number;
  /** Calls that a guard refused. */
  readonly refused: number;
  readonly minMs: number;
  readonly meanMs: number;
  readonly maxMs: number;
  /** When the last one came or went, milliseconds since 1970. */
  readonly lastAtMs: number;
}

/**
 * Messages, bytes and handler times, kept as they happen.
 *
 * @publicApi
 */
export abstract class PeerStatistics {
  /** Over all peers since the module started, those that are gone included. */
  abstract totals(): readonly (CommandStatistics & { readonly p50Ms: number; readonly p99Ms: number })[];
  /** Of one peer; still there after it closed, for as long as somebody holds the peer. */
  abstract of(peer: Peer): readonly CommandStatistics[];
}
