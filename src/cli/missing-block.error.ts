import { formatAddress } from '../environment/address.js';
import type { Peer } from '../peer/peer.js';
import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';
import type { BlockName } from './arguments.js';

/**
 * A node was asked for a block, and doesn't have it: it says so, or sends nothing, or something else than the block.
 *
 * @internal
 */
export class MissingBlockError extends NeoPeerError {
  readonly code = 'NEO_PEER_MISSING_BLOCK';
  /** Who was asked. */
  readonly address: string;
  /** The block's hash, or its index where it was asked for by index. */
  readonly block: string;
  /** The height that the node told. */
  readonly height: number;

  constructor(peer: Peer, block: BlockName, options?: ErrorOptions) {
    const address = formatAddress(peer.remoteAddress);
    super(`${address} (height ${peer.height}) doesn't give block ${block.toString()}`, options);
    this.address = address;
    this.block = block.toString();
    this.height = peer.height;
  }
}
