import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';
import type { PeerState } from '../peer.js';

/**
 * The handshake isn't over, so nothing may be sent yet: real nodes close the connection for anything but version and
 * verack. Await `run()`, or the event `ready`.
 *
 * @publicApi
 */
export class PeerNotReadyError extends NeoPeerError {
  readonly code = 'NEO_PEER_PEER_NOT_READY';

  constructor(
    readonly state: PeerState,
    options?: ErrorOptions,
  ) {
    super(`the peer is not ready but ${state}`, options);
  }
}
