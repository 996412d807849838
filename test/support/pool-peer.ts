import type { Disconnection } from '../../src/peer/disconnection.js';
import type { DisconnectReason } from '../../src/persistence/disconnect-reason.js';
import type { Peer } from '../../src/peer/peer.js';
import { fakePeer, type FakePeer } from './fake-peer.js';

/** A peer without a connection that the pool may end. */
export interface PoolPeer extends FakePeer {
  createdAtMs: number;
  /** Why it was told to go, in order. */
  readonly ended: DisconnectReason[];
  closed: Promise<Disconnection>;
}

/** What {@link poolPeer} can be told. */
export interface PoolPeerFacts {
  readonly direction?: 'inbound' | 'outbound';
  readonly host?: string;
  readonly port?: number;
  /** Where it listens; 0: nowhere. Default: 10333. */
  readonly listens?: number;
  readonly latencyMs?: number;
  readonly height?: number;
}

/** A ready peer without a connection: it is closed as soon as somebody disconnects it. */
export function poolPeer(facts: PoolPeerFacts = {}): Peer & PoolPeer {
  const { direction = 'inbound', host = '20.1.0.1', port = 50_000, listens = 10_333 } = facts;
  const peer = fakePeer({ direction, remoteAddress: { host, port }, port: listens }) as Peer & PoolPeer;
  const ended: DisconnectReason[] = [];
  return Object.assign(peer, {
    latencyMs: facts.latencyMs,
    height: facts.height ?? 0,
    ended,
    disconnect: (reason: DisconnectReason = 'local'): Promise<void> => {
      ended.push(reason);
      peer.state = 'closed';
      return Promise.resolve();
    },
  });
}
