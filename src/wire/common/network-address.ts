import type { Capability } from './capability.js';

/**
 * Where a peer says somebody listens.
 *
 * @publicApi
 */
export interface NetworkAddress {
  /** IP address as text: dotted for IPv4 (mapped or not), else IPv6 without brackets. */
  readonly host: string;
  /** TCP port; 0 means it doesn't listen. */
  readonly port: number;
  /** When it was last seen, Unix seconds. */
  readonly timestamp: number;
  /** Service bits; 1 is a full node. N3 has no such field: there it is 1 for whoever announces FullNode, else 0. */
  readonly services: bigint;
  /** N3 only: what the node said of itself. Left out when we send one, they follow from `port` and `services`. */
  readonly capabilities?: readonly Capability[];
}
