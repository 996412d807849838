import type { Command } from '../../wire/messages.js';
import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';

/**
 * No answer in time. The peer stays: real nodes are silent when they have nothing. Ask another one.
 *
 * @publicApi
 */
export class RequestTimeoutError extends NeoPeerError {
  readonly code = 'NEO_PEER_REQUEST_TIMEOUT';

  constructor(
    /** The command of the request. */
    readonly command: Command,
    readonly timeoutMs: number,
    options?: ErrorOptions,
  ) {
    super(`no answer to ${command} within ${timeoutMs} ms`, options);
  }
}
