import type { Ban } from '../../persistence/ban.js';
import type { StoreError } from '../../persistence/store.error.js';
import type { Command, Message } from '../../wire/messages.js';
import type { InboundRefusal } from '../connection/inbound-refusal.js';
import type { Disconnection } from '../disconnection.js';
import type { Peer } from '../peer.js';

/**
 * What can be listened to, with the arguments listeners get.
 *
 * @publicApi
 */
export interface PeerEventMap {
  /** A connection stands; the handshake begins. */
  connected: [peer: Peer];
  /** The handshake is over. */
  ready: [peer: Peer];
  /** A message came from a ready peer, before any handler has seen it. */
  message: [peer: Peer, message: Message];
  /** A request stayed without an answer for so long that the peer is given up; `disconnected` follows. */
  stalled: [peer: Peer, command: Command];
  disconnected: [peer: Peer, disconnection: Disconnection];
  /** An incoming connection was turned away before it became a peer. */
  refusedInbound: [refusal: { readonly host: string; readonly reason: InboundRefusal }];
  /** Nobody whom we dialled is left, for half a minute now. Only where there is a pool, as all below but the last two. */
  starved: [];
  /** There is somebody again. */
  healed: [];
  /** An address or subnet was banned, by an operator or for misbehaviour. */
  banned: [ban: Ban];
  /** A ban was lifted, or is over. */
  unbanned: [ban: Ban];
  /** So large a share of all peers would have been banned that automatic bans are frozen for a while. */
  banBrake: [brake: { readonly share: number }];
  /** An inbound peer has to go for a newcomer; `disconnected` follows. */
  evicted: [peer: Peer];
  /** The database can't be used; with `onStoreFailure: 'degrade'` the module goes on in memory. */
  storeFailed: [error: StoreError];
  /** The database is back and has all that was kept in memory. */
  storeRecovered: [];
}

/**
 * Facts as they happen, in the past tense.
 *
 * @publicApi
 */
export abstract class PeerEvents {
  /**
   * Calls `listener` at every such event, at once and in order of registration. One that throws is logged, no more.
   *
   * @returns the off switch
   */
  abstract on<K extends keyof PeerEventMap>(event: K, listener: (...args: PeerEventMap[K]) => void): () => void;
}
