import type { UInt160 } from '../primitives/uint160.js';
import type { UInt256 } from '../primitives/uint256.js';
import type { DialectName } from './dialect-name.js';
import type { View } from './view.js';
import type { Witness } from './witness.js';

/**
 * What a block says of itself, without its transactions.
 *
 * @publicApi
 */
export interface BlockHeader<D extends DialectName = DialectName> extends View<D> {
  /** Computed from the bytes on first use, then kept. */
  readonly hash: UInt256;
  /** Height: 0 is the genesis block. */
  readonly index: number;
  /** Hash of the block before; all zero in the genesis block. */
  readonly prevHash: UInt256;
  readonly merkleRoot: UInt256;
  /** As on the wire: seconds since 1970 in Legacy. */
  readonly timestamp: number;
  /** Milliseconds since 1970, in every dialect. */
  readonly timeMs: number;
  /** Script hash of those who may sign the next block. */
  readonly nextConsensus: UInt160;
  readonly witness: Witness;
}
