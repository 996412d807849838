import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * A chain file that can't be read or is damaged.
 *
 * @internal
 */
export class ChainFileError extends NeoPeerError {
  readonly code = 'NEO_PEER_CHAIN_FILE';

  constructor(
    /** Path of the file, as it was given. */
    readonly file: string,
    /** Bytes from the start of the file to the place that is wrong. */
    readonly offset: number,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`${file} at byte ${offset}: ${detail}`, options);
  }
}
