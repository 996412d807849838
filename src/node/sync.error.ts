import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * What a sync does, in this order.
 *
 * @internal
 */
export type SyncPhase = 'headers' | 'blocks';

/**
 * The chain can't be had from the peers there are; the last failure is in `cause`.
 *
 * @internal
 */
export class SyncError extends NeoPeerError {
  readonly code = 'NEO_PEER_SYNC';

  constructor(
    readonly phase: SyncPhase,
    /** How many headers or blocks there are already. */
    readonly done: number,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`${phase} stopped after ${done}: ${detail}`, options);
  }
}
