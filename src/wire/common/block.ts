import type { UInt256 } from '../primitives/uint256.js';
import type { BlockHeader } from './block-header.js';
import type { DialectName } from './dialect-name.js';
import type { Transaction } from './transaction.js';
import type { View } from './view.js';

/**
 * A header with its transactions.
 *
 * @publicApi
 */
export interface Block<D extends DialectName = DialectName> extends View<D> {
  readonly header: BlockHeader<D>;
  /** The header's hash. */
  readonly hash: UInt256;
  /** The header's height. */
  readonly index: number;
  readonly transactions: readonly Transaction<D>[];
  /**
   * Checks that the transactions are those the header promises and that none stands there twice.
   *
   * @throws DecodeError naming the field and what is wrong
   */
  verify(): void;
}
