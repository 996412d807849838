import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * What is wrong with the store:
 * - `open`: it can't be opened or isn't a database
 * - `read-only`, `locked`, `full`: it can't be written
 * - `damaged`: it is a database but not a sound one
 * - `schema`: its tables aren't those of this version
 * - `query`: anything else the driver reported
 *
 * @publicApi
 */
export type StoreProblem = 'open' | 'read-only' | 'locked' | 'full' | 'damaged' | 'schema' | 'query';

/**
 * The database can't be used. It is never deleted or overwritten; the driver's error is in `cause`.
 *
 * @publicApi
 */
export class StoreError extends NeoPeerError {
  readonly code = 'NEO_PEER_STORE';

  constructor(
    /** File path or connection name, without credentials. */
    readonly database: string,
    readonly problem: StoreProblem,
    /** What happened and what to do. */
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`${database}: ${detail}`, options);
  }
}
