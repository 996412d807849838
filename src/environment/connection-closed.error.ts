import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * Bytes were written to a connection that is over, or it was over before they were taken. What ended it, if there was an
 * error, is in `cause`.
 *
 * @publicApi
 */
export class ConnectionClosedError extends NeoPeerError {
  readonly code = 'NEO_PEER_CONNECTION_CLOSED';

  constructor(options?: ErrorOptions) {
    super('the connection is closed', options);
  }
}
