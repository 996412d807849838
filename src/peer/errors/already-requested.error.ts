import type { UInt256 } from '../../wire/primitives/uint256.js';
import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';

/**
 * These hashes were asked of this connection before; nothing was sent. C# nodes serve an object once per connection
 * and ignore a repeat, so ask another peer or connect anew.
 *
 * @publicApi
 */
export class AlreadyRequestedError extends NeoPeerError {
  readonly code = 'NEO_PEER_ALREADY_REQUESTED';

  constructor(
    readonly hashes: readonly UInt256[],
    options?: ErrorOptions,
  ) {
    super(
      `${hashes.length} of the hashes were requested on this connection before, first ${String(hashes[0])}`,
      options,
    );
  }
}
