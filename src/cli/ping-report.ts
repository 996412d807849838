import { formatAddress } from '../environment/address.js';
import { RequestTimeoutError } from '../peer/errors/request-timeout.error.js';
import { UnsupportedByRemoteError } from '../peer/errors/unsupported-by-remote.error.js';
import type { Peer } from '../peer/peer.js';
import type { Capability } from '../wire/common/capability.js';
import type { DialectName } from '../wire/common/dialect-name.js';
import { dialectOf } from '../wire/messages.js';
import type { DialledPeer } from './with-peer.js';

/** What is found out about a node. */
export interface PingReport {
  readonly address: string;
  readonly dialect: DialectName;
  /** Protocol version. */
  readonly version: number;
  readonly userAgent: string;
  readonly height: number;
  /** Empty on Legacy. */
  readonly capabilities: readonly Capability[];
  readonly connectMs: number;
  readonly handshakeMs: number;
  /** Null where the remote answers no pings. */
  readonly pingMs: number | null;
}

/** How long a pong may take, milliseconds; a node that answers at all does so within a round trip. */
const PONG_WITHIN_MS = 10_000;

/**
 * Pings a node once, and says what is known of it then.
 *
 * @throws PeerClosedError, AbortedError
 * @internal
 */
export async function pingReport(
  { peer, connectMs, handshakeMs }: Omit<DialledPeer, 'verifier'>,
  signal: AbortSignal,
): Promise<PingReport> {
  const pingMs = await pingOf(peer, signal);
  const { protocolVersion, userAgent, capabilities } = dialectOf(peer.dialect).remoteFacts(peer.version!);
  return {
    address: formatAddress(peer.remoteAddress),
    dialect: peer.dialect,
    version: protocolVersion,
    userAgent,
    height: peer.height,
    capabilities,
    connectMs,
    handshakeMs,
    pingMs,
  };
}

/** A round trip in milliseconds; null where the remote answers no pings. @throws PeerClosedError, AbortedError */
export async function pingOf(peer: Peer, signal: AbortSignal): Promise<number | null> {
  try {
    return await peer.ping({ signal, timeoutMs: PONG_WITHIN_MS });
  } catch (error) {
    if (error instanceof RequestTimeoutError || error instanceof UnsupportedByRemoteError) return null;
    throw error;
  }
}
