import type { Endpoint } from '../../environment/connection.js';
import type { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';
import type { Peer } from '../peer.js';

/**
 * Told by `PeerFactory` how its dials go. For every dial: `attempted`, then `connected` if a connection stood, then
 * exactly one of `succeeded` and `failed`. No method throws.
 *
 * @internal
 */
export abstract class DialObserver {
  /** A dial begins. @param address as it was asked for: host names are names */
  abstract attempted(address: Endpoint): void;
  /** The connection stands and `peer` was made for it; called before `peer.run()`, so before its `ready` event. */
  abstract connected(address: Endpoint, peer: Peer): void;
  /** The peer is ready. */
  abstract succeeded(address: Endpoint, peer: Peer): void;
  /** There was no connection, or no handshake. */
  abstract failed(address: Endpoint, error: NeoPeerError): void;
}
