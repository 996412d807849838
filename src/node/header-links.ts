import type { BlockHeader } from '../wire/common/block-header.js';
import type { UInt256 } from '../wire/primitives/uint256.js';
import { HeaderLinkError } from './header-link.error.js';

/**
 * Where a chain of headers hangs: the hash before the first one, and what else is known of that block.
 *
 * @internal
 */
export interface Anchor {
  readonly hash: UInt256;
  /** Undefined: the first header may have any index. */
  readonly index?: number;
  /** As on the wire. Undefined: the first header may have any. */
  readonly timestamp?: number;
}

/**
 * Checks header after header that each follows the one before. Hashes are computed from the bytes, so a header that
 * passes is the one its successor names.
 *
 * @internal
 */
export class HeaderLinks {
  #tip: Anchor;

  constructor(anchor: Anchor) {
    this.#tip = anchor;
  }

  /** The last header that passed, or the anchor. */
  get tip(): Anchor {
    return this.#tip;
  }

  /** @throws HeaderLinkError; the tip is left where it was */
  append(header: BlockHeader): void {
    const { index, prevHash, timestamp } = header;
    const tip = this.#tip;
    if (tip.index !== undefined && index !== tip.index + 1) {
      throw new HeaderLinkError(index, 'index', `${tip.index + 1} is next`);
    }
    if (!prevHash.equals(tip.hash)) {
      throw new HeaderLinkError(
        index,
        'previous-hash',
        `it follows ${prevHash.toString()}, not ${tip.hash.toString()}`,
      );
    }
    if (tip.timestamp !== undefined && timestamp <= tip.timestamp) {
      throw new HeaderLinkError(index, 'timestamp', `its time ${timestamp} is not after ${tip.timestamp}`);
    }
    this.#tip = { hash: header.hash, index, timestamp };
  }
}
