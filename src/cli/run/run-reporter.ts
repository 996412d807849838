import type { Peer } from '../../peer/peer.js';
import type { PoolStatus } from '../../pool/peer-pool.js';
import type { RunEvent } from './run-event.js';

/** Tells somebody how a run goes. */
export interface RunReporter {
  report(event: RunEvent): void;
  /** How often {@link status} wants to be called, milliseconds; undefined: never. */
  readonly statusEveryMs: number | undefined;
  /** Shows the peers there are, and how the pool is doing. */
  status(peers: readonly Peer[], pool: PoolStatus): void;
  /** Somebody else is about to write a line where this one may have drawn something. */
  makeWay(): void;
  /** The run is over: nothing but disconnections and the summary follows. */
  finish(): void;
}
