import type { DisconnectReason } from './disconnect-reason.js';

/**
 * How an address came to be known.
 *
 * @publicApi
 */
export type PeerSource = 'seed' | 'gossip' | 'inbound' | 'manual';

/**
 * Whose row a {@link PeerRecord} is.
 *
 * @publicApi
 */
export interface PeerKey {
  /** `NetworkDefinition.name`. */
  readonly network: string;
  /** IP address, or a host name as the seed file has it. */
  readonly host: string;
  /** The port it announced; 0 = it doesn't listen, one row a host. */
  readonly port: number;
}

/**
 * What is remembered of one address. Times are milliseconds since 1970, null = never.
 *
 * @publicApi
 */
export interface PeerRecord extends PeerKey {
  readonly services: bigint;
  readonly userAgent: string | null;
  readonly protocolVersion: number | null;
  /** The last height it told. */
  readonly lastHeight: number | null;
  readonly firstSeenAtMs: number;
  /** The last byte received from it. */
  readonly lastSeenAtMs: number | null;
  readonly lastAttemptAtMs: number | null;
  /**
   * The last handshake of a connection that we dialled: a dial of ours led there. One that the remote dialled leaves it alone,
   * for it doesn't tell that the address can be reached, and costs whoever claims an address nothing.
   */
  readonly lastSuccessAtMs: number | null;
  /** Dials in all. */
  readonly attempts: number;
  /** Dials that failed since the last that didn't; those that we gave up don't count. */
  readonly failuresInARow: number;
  /** Round trip of the last ping that could be timed, milliseconds. */
  readonly latencyMs: number | null;
  readonly lastDisconnectReason: DisconnectReason | null;
  readonly source: PeerSource;
  /** Not to be dialled before; null = at any time. Rows that a store gives always have it. @default null */
  readonly nextDialAtMs?: number | null;
  /** Host of the peer that told of it first; null = no peer did. Rows that a store gives always have it. @default null */
  readonly learntFrom?: string | null;
  /** How many peers have told of it; null = not counted. Rows that a store gives always have it. @default null */
  readonly sources?: number | null;
}
