import type { BlockHeader } from '../wire/common/block-header.js';
import type { Block } from '../wire/common/block.js';
import type { UInt256 } from '../wire/primitives/uint256.js';

/**
 * A chain that can be served: every block from 0 up to its height.
 *
 * @internal
 */
export abstract class Chain {
  /** Index of the newest block. */
  abstract readonly height: number;
  /** @throws RangeError when there is no such block */
  abstract blockAt(index: number): Block;
  /** @throws RangeError when there is no such block */
  abstract headerAt(index: number): BlockHeader;
  /** @throws RangeError when there is no such block */
  abstract hashAt(index: number): UInt256;
  /** The index of a block; undefined if it isn't in the chain. */
  abstract indexOf(hash: UInt256): number | undefined;
}
