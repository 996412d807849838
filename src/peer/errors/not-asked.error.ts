import type { Command } from '../../wire/messages.js';
import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';

/**
 * This may only be sent as an answer, and the remote has asked for none, or has it already; nothing was sent. neo-go closes
 * the connection for an `addr`, `headers` or `pong` that it didn't ask for. N3 only.
 *
 * @publicApi
 */
export class NotAskedError extends NeoPeerError {
  readonly code = 'NEO_PEER_NOT_ASKED';

  constructor(
    readonly command: Command,
    options?: ErrorOptions,
  ) {
    super(`the remote has not asked for ${command}: real nodes close the connection for an unasked one`, options);
  }
}
