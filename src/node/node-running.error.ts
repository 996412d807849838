import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * Another process runs a node on this database. Two would overwrite each other's bans and addresses, and a node that runs
 * doesn't see what somebody else writes.
 *
 * @internal
 */
export class NodeRunningError extends NeoPeerError {
  readonly code = 'NEO_PEER_NODE_RUNNING';

  constructor(
    /** Path of the SQLite file. */
    readonly database: string,
    /** The process that uses it. */
    readonly pid: number,
    options?: ErrorOptions,
  ) {
    super(`${database}: a node runs on it, process ${pid}; stop that first, or name another database`, options);
  }
}
