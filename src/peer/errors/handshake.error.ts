import type { DisconnectReason } from '../../persistence/disconnect-reason.js';
import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';

/**
 * The connection stood, but the remote is not somebody to talk to; the connection is closed.
 *
 * @publicApi
 */
export class HandshakeError extends NeoPeerError {
  readonly code = 'NEO_PEER_HANDSHAKE';

  constructor(
    /** `host:port` of the remote. */
    readonly address: string,
    readonly reason: DisconnectReason,
    options?: ErrorOptions,
  ) {
    super(`the handshake with ${address} failed: ${reason}`, options);
  }
}
