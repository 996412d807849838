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
  /** Service bits; 1 is a full node. */
  readonly services: bigint;
}
