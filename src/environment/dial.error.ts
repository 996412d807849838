import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * No connection to that address: its name has no address, nothing listens, or it didn't answer in time. The system's
 * error is in `cause`.
 *
 * @publicApi
 */
export class DialError extends NeoPeerError {
  readonly code = 'NEO_PEER_DIAL';

  constructor(
    /** `host:port` as it was dialled. */
    readonly address: string,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`can't connect to ${address}: ${detail}`, options);
  }
}
