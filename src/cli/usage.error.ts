import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * The command line makes no sense: exit code 2.
 *
 * @internal
 */
export class UsageError extends NeoPeerError {
  readonly code = 'NEO_PEER_USAGE';
}
