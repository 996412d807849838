import type { Peer } from '../../peer/peer.js';
import type { RunEvent } from './run-event.js';

/** Tells somebody how a run goes. */
export interface RunReporter {
  report(event: RunEvent): void;
  /** How often {@link status} wants to be called, milliseconds; undefined: never. */
  readonly statusEveryMs: number | undefined;
  /** Shows the peers there are. */
  status(peers: readonly Peer[]): void;
  /** The run is over: nothing but disconnections and the summary follows. */
  finish(): void;
}
