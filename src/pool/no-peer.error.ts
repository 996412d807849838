import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * Nobody was there to be asked within the time.
 *
 * @publicApi
 */
export class NoPeerError extends NeoPeerError {
  readonly code = 'NEO_PEER_NO_PEER';

  constructor(
    /** How long it was waited, milliseconds. */
    readonly timeoutMs: number,
    options?: ErrorOptions,
  ) {
    super(`no peer was ready within ${timeoutMs} ms`, options);
  }
}
