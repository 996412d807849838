import { formatAddress } from '../environment/address.js';
import type { Peer } from '../peer/peer.js';
import type { ChainPosition } from '../wire/common/dialect.js';
import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * A node was asked for headers or blocks and sends none. No dialect has a word for "I have nothing there": real nodes say
 * nothing.
 *
 * @internal
 */
export class SilentNodeError extends NeoPeerError {
  readonly code = 'NEO_PEER_SILENT_NODE';
  /** Who was asked. */
  readonly address: string;
  /** The block after which they were wanted; undefined where they were asked for by index. */
  readonly after: string | undefined;
  /** The index of the first one; undefined where they were asked for by hash. */
  readonly index: number | undefined;
  /** The height that the node told. */
  readonly height: number;

  constructor(peer: Peer, what: 'headers' | 'blocks', from: ChainPosition, options?: ErrorOptions) {
    const address = formatAddress(peer.remoteAddress);
    const silence = `${address} (height ${peer.height}) sends no ${what}`;
    super(
      'after' in from
        ? `${silence} after ${from.after.toString()}: it doesn't have that block, or nothing after it`
        : `${silence} from index ${from.index} on: it doesn't have them`,
      options,
    );
    this.address = address;
    this.after = 'after' in from ? from.after.toString() : undefined;
    this.index = 'index' in from ? from.index : undefined;
    this.height = peer.height;
  }
}
