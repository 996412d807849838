import type { Command } from '../../wire/messages.js';
import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';

/**
 * An `addr`, `inv`, `getdata` or (N3) `notfound` with nothing in it; nothing was sent. C# nodes close the connection for
 * an empty addr, neo-go for the others.
 *
 * @publicApi
 */
export class EmptyMessageError extends NeoPeerError {
  readonly code = 'NEO_PEER_EMPTY_MESSAGE';

  constructor(
    readonly command: Command,
    options?: ErrorOptions,
  ) {
    super(`an empty ${command} is never sent: real nodes close the connection for it`, options);
  }
}
