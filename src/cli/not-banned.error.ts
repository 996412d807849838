import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * There is no ban to be lifted.
 *
 * @internal
 */
export class NotBannedError extends NeoPeerError {
  readonly code = 'NEO_PEER_NOT_BANNED';

  constructor(
    /** IP address or subnet, in canonical text. */
    readonly subject: string,
    readonly network: string,
    options?: ErrorOptions,
  ) {
    super(`${subject} is not banned on ${network}, nor is a part of it; see neo-peer bans`, options);
  }
}
