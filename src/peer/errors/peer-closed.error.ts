import type { DisconnectReason } from '../../persistence/disconnect-reason.js';
import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';

/**
 * The peer was closed before the call was done, or before it began.
 *
 * @publicApi
 */
export class PeerClosedError extends NeoPeerError {
  readonly code = 'NEO_PEER_PEER_CLOSED';

  constructor(
    readonly reason: DisconnectReason,
    options?: ErrorOptions,
  ) {
    super(`the peer is closed: ${reason}`, options);
  }
}
