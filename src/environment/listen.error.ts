import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * The address to listen on can't be had: taken, not ours, or not allowed. The system's error is in `cause`.
 *
 * @publicApi
 */
export class ListenError extends NeoPeerError {
  readonly code = 'NEO_PEER_LISTEN';

  constructor(
    /** `host:port` as it was asked for. */
    readonly address: string,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`can't listen on ${address}: ${detail}`, options);
  }
}
