import type { NetworkDefinition } from '../../config/options.js';
import type { Endpoint } from '../../environment/connection.js';

/** What `run` was asked to do. */
export interface RunPlan {
  readonly network: NetworkDefinition;
  /** Whether to start a local network in this process and sync its chain. */
  readonly embedded: boolean;
  /** Nodes to stay connected to. */
  readonly connect: readonly Endpoint[];
  /** Path of the SQLite file. */
  readonly database: string;
  /** End after the sync. */
  readonly exit: boolean;
  /** Accept connections there. */
  readonly listen?: number;
}
