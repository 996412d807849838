import type { UInt256 } from '../primitives/uint256.js';
import type { BlockHeader } from './block-header.js';
import { HeaderVerificationError } from './header-verification.error.js';

/**
 * What is known of the block that a header should follow.
 *
 * @internal
 */
export interface Predecessor {
  readonly hash: UInt256;
  /** Undefined: the header may have any index. */
  readonly index?: number;
  /** As on the wire. Undefined: the header may have any. */
  readonly timestamp?: number;
}

/**
 * Checks that a header follows another block: an index one more, its hash named, a time strictly later. Hashes are
 * computed from the bytes, so a header that passes is the one its successor names.
 *
 * @throws HeaderVerificationError
 *
 * @internal
 */
export function checkLink({ index, prevHash, timestamp }: BlockHeader, previous: Predecessor): void {
  if (previous.index !== undefined && index !== previous.index + 1) {
    throw new HeaderVerificationError(index, 'index', `${previous.index + 1} is next`);
  }
  if (!prevHash.equals(previous.hash)) {
    const detail = `it follows ${prevHash.toString()}, not ${previous.hash.toString()}`;
    throw new HeaderVerificationError(index, 'previous-hash', detail);
  }
  if (previous.timestamp !== undefined && timestamp <= previous.timestamp) {
    const detail = `its time ${timestamp} is not after ${previous.timestamp}`;
    throw new HeaderVerificationError(index, 'timestamp', detail);
  }
}
