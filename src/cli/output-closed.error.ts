import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * Nobody reads our output any more (`neo-peer headers | head`).
 *
 * @internal
 */
export class OutputClosedError extends NeoPeerError {
  readonly code = 'NEO_PEER_OUTPUT_CLOSED';

  constructor(options?: ErrorOptions) {
    super('the output was closed', options);
  }
}
