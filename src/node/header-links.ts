import type { BlockHeader } from '../wire/common/block-header.js';
import { checkLink, type Predecessor } from '../wire/common/header-link.js';

/**
 * Where a chain of headers hangs: the hash before the first one, and what else is known of that block.
 *
 * @internal
 */
export type Anchor = Predecessor;

/**
 * Checks header after header that each follows the one before.
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

  /** @throws HeaderVerificationError; the tip is left where it was */
  append(header: BlockHeader): void {
    checkLink(header, this.#tip);
    const { hash, index, timestamp } = header;
    this.#tip = { hash, index, timestamp };
  }
}
