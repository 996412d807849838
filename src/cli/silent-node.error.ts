import { formatAddress } from '../environment/address.js';
import type { Peer } from '../peer/peer.js';
import type { UInt256 } from '../wire/primitives/uint256.js';
import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * A node was asked for headers and sends none. NEO Legacy has no word for "I don't know that block": real nodes say nothing.
 *
 * @internal
 */
export class SilentNodeError extends NeoPeerError {
  readonly code = 'NEO_PEER_SILENT_NODE';
  /** Who was asked. */
  readonly address: string;
  /** The block after which headers were wanted. */
  readonly after: string;
  /** The height that the node told. */
  readonly height: number;

  constructor(peer: Peer, after: UInt256, options?: ErrorOptions) {
    const address = formatAddress(peer.remoteAddress);
    super(
      `${address} (height ${peer.height}) sends no headers after ${after.toString()}: it doesn't have that block, or nothing after it`,
      options,
    );
    this.address = address;
    this.after = after.toString();
    this.height = peer.height;
  }
}
