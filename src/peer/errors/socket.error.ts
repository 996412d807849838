import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';

/**
 * The connection broke. The system's error is in `cause`.
 *
 * @publicApi
 */
export class SocketError extends NeoPeerError {
  readonly code = 'NEO_PEER_SOCKET';

  constructor(
    /** `host:port` of the remote. */
    readonly address: string,
    cause: Error,
  ) {
    super(`the connection with ${address} broke: ${cause.message}`, { cause });
  }
}
