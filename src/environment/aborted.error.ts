import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * A call was given up because its `signal` was aborted; the signal's reason is in `cause`.
 *
 * @publicApi
 */
export class AbortedError extends NeoPeerError {
  readonly code = 'NEO_PEER_ABORTED';

  constructor(reason: unknown) {
    super('the call was aborted by its signal', { cause: reason });
  }
}
