import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * Fewer came than were asked for; what came was printed.
 *
 * @internal
 */
export class IncompleteError extends NeoPeerError {
  readonly code = 'NEO_PEER_INCOMPLETE';

  constructor(
    readonly expected: number,
    readonly received: number,
    what: string,
    options?: ErrorOptions,
  ) {
    super(`${received} of ${expected} ${what} came`, options);
  }
}
