import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';

/**
 * A node of a `Simulator` was asked for what it can't do as it is: one that is down has no pool, one that is up can't be started.
 *
 * @publicApi
 */
export class NodeStateError extends NeoPeerError {
  readonly code = 'NEO_PEER_NODE_STATE';

  constructor(
    /** Which node. */
    readonly index: number,
    /** How it is. */
    readonly state: 'up' | 'down',
  ) {
    super(`node ${index} is ${state}`);
  }
}
