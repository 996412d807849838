import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * A seed file that can't be used.
 *
 * @publicApi
 */
export class SeedFileError extends NeoPeerError {
  readonly code = 'NEO_PEER_SEED_FILE';

  constructor(
    /** Its path. */
    readonly file: string,
    /** Where it is wrong, counted from 1; 0 for the file as a whole. */
    readonly line: number,
    /** In that line, counted from 1 in UTF-16 units; 0 for the file as a whole. */
    readonly column: number,
    /** What is wrong, for example `seeds[3]`; empty for the file as a whole or its syntax. */
    readonly field: string,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`${[file, ...(line > 0 ? [line, column] : [])].join(':')}: ${field && `${field}: `}${detail}`, options);
  }
}
