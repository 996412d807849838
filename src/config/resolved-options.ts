import type { DataSourceOptions } from 'typeorm';
import type { Limits, ListenOptions, NetworkDefinition, Timeouts } from './options.js';
import type { ResolvedPoolOptions } from './pool-options.js';

/**
 * {@link PersistenceOptions}, checked, everything filled in.
 *
 * @internal
 */
export interface ResolvedPersistenceOptions {
  /** `false`: in memory. */
  readonly dataSource: DataSourceOptions | false;
  /** Undefined: the one shipped for the network, if there is one. */
  readonly seedFile: string | undefined;
  readonly saveIntervalMs: number;
  readonly onStoreFailure: 'throw' | 'degrade';
  readonly tablePrefix: string;
}

/**
 * {@link PeerOptions}, checked, everything filled in. This is what the rooms above read.
 *
 * @internal
 */
export interface ResolvedPeerOptions {
  readonly network: Readonly<NetworkDefinition>;
  readonly userAgent: string;
  /** Undefined: random. */
  readonly nonce: number | undefined;
  readonly protocolVersion: number;
  readonly services: bigint;
  readonly relay: boolean;
  readonly archival: boolean;
  readonly compression: boolean;
  readonly listen: Readonly<ListenOptions> | false;
  /** Undefined: the port of the listener, 0 without one. */
  readonly announcePort: number | undefined;
  readonly timeouts: Readonly<Timeouts>;
  readonly limits: Readonly<Limits>;
  readonly persistence: ResolvedPersistenceOptions;
  /** `false`: nobody is dialled but by the application. */
  readonly pool: false | ResolvedPoolOptions;
}
