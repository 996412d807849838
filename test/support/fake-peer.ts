import type { Endpoint } from '../../src/environment/connection.js';
import type { Disconnection } from '../../src/peer/disconnection.js';
import type { Peer, PeerState } from '../../src/peer/peer.js';
import { VersionPayload } from '../../src/wire/legacy/version.payload.js';

/** What {@link fakePeer} can be told. */
export interface FakePeerFacts {
  direction?: 'inbound' | 'outbound';
  remoteAddress?: Endpoint;
  /** The port in its version message. */
  port?: number;
  userAgent?: string;
  services?: bigint;
}

/** The part of a peer that the records look at, with facts that a test can change as they would change. */
export interface FakePeer {
  state: PeerState;
  height: number;
  latencyMs: number | undefined;
  lastSeenAtMs: number;
}

/** A ready peer without a connection. */
export function fakePeer(facts: FakePeerFacts = {}): Peer & FakePeer {
  const remoteAddress = facts.remoteAddress ?? { host: '10.0.0.9', port: 40000 };
  const port = facts.port ?? 20333;
  const version = VersionPayload.from({
    version: 0,
    services: facts.services ?? 1n,
    timestamp: 0,
    port,
    nonce: 1,
    userAgent: facts.userAgent ?? '/NEO:2.12.0/',
    startHeight: 100,
    relay: true,
  });
  const peer = {
    id: 1,
    network: 'legacy-testnet',
    dialect: 'legacy',
    direction: facts.direction ?? 'outbound',
    state: 'ready',
    closed: new Promise<Disconnection>(() => undefined),
    remoteAddress,
    dialAddress: port === 0 ? undefined : { host: remoteAddress.host, port },
    version,
    height: 100,
    latencyMs: undefined,
    createdAtMs: 0,
    lastSeenAtMs: 5000,
    traffic: { in: { messages: 0, bytes: 0 }, out: { messages: 0, bytes: 0 } },
  };
  return peer as unknown as Peer & FakePeer;
}
