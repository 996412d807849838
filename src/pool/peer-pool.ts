import type { CallOptions } from '../environment/call-options.js';
import type { Ban } from '../persistence/ban.js';
import type { InboundRefusal } from '../peer/connection/inbound-refusal.js';
import type { Address } from '../peer/peer-factory.js';
import type { Peer } from '../peer/peer.js';
import type { Outgoing } from '../wire/messages.js';
import type { Misbehaviour } from './misbehaviour/misbehaviour.js';

/**
 * Whether an address is dialled, and why it is or isn't.
 *
 * @publicApi
 */
export interface DialExplanation {
  /** It is being dialled or connected, or could be picked for the next free slot. */
  readonly dialled: boolean;
  /** For humans. */
  readonly why: string;
}

/**
 * How the pool is doing.
 *
 * @publicApi
 */
export interface PoolStatus {
  /** Automatic outbound peers: how many there shall be, how many are ready, how many dials are under way. */
  readonly outbound: { readonly wanted: number; readonly ready: number; readonly dialling: number };
  /** Addresses to be connected to at all times (`static`, `connect()`), and how many are. */
  readonly kept: { readonly wanted: number; readonly ready: number };
  /** Connections that were accepted, those in the handshake included, and how many there may be. */
  readonly inbound: { readonly connected: number; readonly allowed: number };
  /** Distinct network groups of ready peers. */
  readonly groups: number;
  /** Addresses in the book, and how many of them were reached. */
  readonly book: { readonly known: number; readonly tried: number };
  /** Bans that hold. */
  readonly bans: number;
  /** Since when nobody whom we dialled is left, milliseconds since 1970; undefined while there is somebody. */
  readonly starvedSinceMs: number | undefined;
  /** Until when automatic bans are frozen, milliseconds since 1970; undefined while they are not. */
  readonly bansFrozenUntilMs: number | undefined;
  /** Connections that were turned away so far, by reason. */
  readonly refused: Readonly<Record<InboundRefusal, number>>;
  /** Inbound peers that had to go for others so far. */
  readonly evicted: number;
}

/**
 * Finds peers and keeps them, and holds out against bad ones. With `pool: false` it does nothing, and every method throws, or
 * rejects with, `OptionsError` of path `pool`.
 *
 * @publicApi
 */
export abstract class PeerPool {
  /** Peers that are ready, whoever dialled, those that became so first at the front. */
  abstract peers(): readonly Peer[];

  /**
   * Stays connected to an address from now on: it is dialled again and again, with growing waits of at most five minutes,
   * beside the automatic peers. A second call changes nothing.
   *
   * @returns when the first dial is over, whatever came of it: see {@link explain}
   * @throws OptionsError for something that is no address
   */
  abstract connect(address: Address): Promise<void>;

  /** Stays connected to it no longer, and ends its connection. The pool may still choose it for a slot later. @throws OptionsError */
  abstract disconnect(address: Address): Promise<void>;

  /**
   * Bans an address or subnet (`10.0.0.1`, `10.0.0.0/8`): who is connected from there is cut off, nobody from there gets in, and
   * nobody there is dialled.
   *
   * @throws BanSubjectError
   */
  abstract ban(subject: string, options: { readonly reason: string; readonly forMs: number }): Promise<void>;

  /** Lifts every ban of an address or subnet; wider bans stay for the rest of what they covered. @throws BanSubjectError */
  abstract unban(subject: string): Promise<void>;

  /** The bans that hold, those of a dry run too, in order of their subjects. */
  abstract bans(): readonly Ban[];

  /** Why an address is dialled, or isn't. @throws OptionsError for something that is no address */
  abstract explain(address: Address): DialExplanation;

  /**
   * Queues a message at every ready peer, without waiting for any: one that doesn't read gets nothing.
   *
   * @param options `to`: which of them
   * @returns at how many it was queued
   */
  abstract broadcast(message: Outgoing, options?: { readonly to?: (peer: Peer) => boolean }): number;

  /**
   * Asks one ready peer, and the next one when it doesn't answer in its share of the time, or closes. Waits for somebody to be
   * ready where nobody is.
   *
   * @param request asks one peer, within the limits it is given
   * @param options `timeoutMs` is for all of it. Default `timeouts.requestMs`
   * @throws NoPeerError when nobody was ready in time
   * @throws what the last peer's request threw, when all have failed or the time ran out
   */
  abstract requestFromAny<T>(
    request: (peer: Peer, options: CallOptions) => Promise<T>,
    options?: CallOptions,
  ): Promise<T>;

  /**
   * Reports what the application found a peer to do wrong: it gets points, and at last a ban.
   *
   * @param evidence what was seen, for humans
   * @throws OptionsError for something that is no {@link Misbehaviour}
   */
  abstract report(peer: Peer, misbehaviour: Misbehaviour, evidence?: string): void;

  /** How the pool is doing. */
  abstract status(): PoolStatus;
}
