import type { DisconnectReason } from './disconnect-reason.js';

/**
 * How an address came to be known.
 *
 * @publicApi
 */
export type PeerSource = 'seed' | 'gossip' | 'inbound' | 'manual';

/**
 * What is remembered of one address. Keyed by `network`, `host` and `port`; times are milliseconds since 1970, null = never.
 *
 * @publicApi
 */
export interface PeerRecord {
  /** `NetworkDefinition.name`. */
  readonly network: string;
  /** IP address, or a host name as the seed file has it. */
  readonly host: string;
  /** The port it announced; 0 = it doesn't listen, one row a host. */
  readonly port: number;
  readonly services: bigint;
  readonly userAgent: string | null;
  readonly protocolVersion: number | null;
  /** The last height it told. */
  readonly lastHeight: number | null;
  readonly firstSeenAtMs: number;
  /** The last byte received from it. */
  readonly lastSeenAtMs: number | null;
  readonly lastAttemptAtMs: number | null;
  /** The last handshake that was completed. */
  readonly lastSuccessAtMs: number | null;
  /** Dials in all. */
  readonly attempts: number;
  /** Dials that failed since the last that didn't; those that we gave up don't count. */
  readonly failuresInARow: number;
  /** Round trip of the last ping that could be timed, milliseconds. */
  readonly latencyMs: number | null;
  readonly lastDisconnectReason: DisconnectReason | null;
  readonly source: PeerSource;
}
