import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * A connection of a `MemoryNetwork` ended in disorder, as a TCP connection does with ECONNRESET.
 *
 * @publicApi
 */
export class ConnectionResetError extends NeoPeerError {
  readonly code = 'NEO_PEER_CONNECTION_RESET';

  constructor(
    /** `remote`: the other side had dropped it with bytes unread. `network`: the simulated network broke it. */
    readonly by: 'remote' | 'network',
  ) {
    super(by === 'remote' ? 'the remote reset the connection' : 'the network broke the connection');
  }
}
