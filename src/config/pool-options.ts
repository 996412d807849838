import type { Endpoint } from '../environment/connection.js';
import type { Command } from '../wire/messages.js';

/**
 * How often something may happen: `perSecond` on average, up to `burst` at once.
 *
 * @publicApi
 */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * How the pool finds peers, keeps them, and holds out against bad ones. `pool: {}` turns it on with every default.
 *
 * A group is the /24 of an IPv4 address, the /48 of an IPv6 address: what one operator usually has. One address is an IPv4
 * address or the /64 of an IPv6 address.
 *
 * @publicApi
 */
export interface PoolOptions {
  /** Connections the pool makes by itself and keeps, no two to one group. C# nodes and neo-go want 10 in all. @default 8 */
  readonly outbound?: number;
  /** Connections accepted at a time. Over it, the worst one has to go, or the newcomer is refused. @default 100 */
  readonly maxInbound?: number;
  /** Connections accepted from one address at a time, as in C# nodes. @default 3 */
  readonly maxPerAddress?: number;
  /** Connections accepted from one group at a time. @default 12 */
  readonly maxPerGroup?: number;
  /** Connections accepted a second, on average; up to twice as many at once. One group may use a quarter of it. @default 10 */
  readonly acceptPerSecond?: number;
  /** Dials begun a second, on average; up to twice as many at once. @default 5 */
  readonly dialsPerSecond?: number;
  /** How long a dial may take until the peer is ready, milliseconds. @default 10000 */
  readonly dialTimeoutMs?: number;
  /** Between two feelers: short connections that try an address that was only heard of, also with `outbound: 0`. 0 makes none. @default 120000 */
  readonly feelerMs?: number;
  /**
   * Addresses and CIDRs of one's own: free of the limits per address and group and of the accept rate, never banned
   * automatically, and taken from gossip although they may be private ones. @default none
   */
  readonly exempt?: readonly string[];
  /** Nodes to be connected to at all times, beside {@link outbound}: dialled again and again, never dropped. @default none */
  readonly static?: readonly (`${string}:${number}` | Endpoint)[];
  /** Addresses remembered, in memory and in the database. neo-go remembers 10000. @default 20000 */
  readonly bookRows?: number;
  /** Addresses taken from the gossip of one address. A full answer to getaddr has 200. @default { perSecond: 0.1, burst: 1000 } */
  readonly gossip?: Rate;
  /** Points of misbehaviour at which an address is banned. They halve every hour. @default 100 */
  readonly banScore?: number;
  /** How long an automatic ban holds, milliseconds. @default 86400000 */
  readonly banMs?: number;
  /** Whether automatic bans are only recorded: nobody is cut off or turned away for one. @default false */
  readonly dryRun?: boolean;
  /**
   * When more than this share of all peers would be banned automatically within the window, automatic bans stop for as long
   * as the window: then the fault is rather ours. @default { share: 0.3, windowMs: 600000 }
   */
  readonly brake?: { readonly share: number; readonly windowMs: number };
  /** How often each peer may ask for what costs us something. Above the rate its requests wait. @default see the table in the docs */
  readonly rates?: Partial<Record<Command, Rate>>;
}

/**
 * {@link PoolOptions}, checked, everything filled in.
 *
 * @internal
 */
export type ResolvedPoolOptions = { readonly [K in keyof PoolOptions]-?: NonNullable<PoolOptions[K]> };
