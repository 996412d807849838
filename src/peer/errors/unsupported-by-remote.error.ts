import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';

/**
 * This node closes the connection when it is sent that; nothing was sent.
 *
 * @publicApi
 */
export class UnsupportedByRemoteError extends NeoPeerError {
  readonly code = 'NEO_PEER_UNSUPPORTED_BY_REMOTE';

  constructor(
    /** `RemoteProfile.implementation`. */
    readonly implementation: string,
    readonly request: string,
    options?: ErrorOptions,
  ) {
    super(`${implementation} closes the connection on ${request}`, options);
  }
}
