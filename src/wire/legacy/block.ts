import { blockBytes, BlockView } from '../common/block-view.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { LegacyBlockHeader } from './block-header.js';
import { MAX_BLOCK_TRANSACTIONS } from './limits.js';
import { LegacyTransaction } from './transaction.js';
import { MARKS, MIN_TRANSACTION_SIZE, skipTransaction } from './transaction-layout.js';
import { TransactionType } from './transaction-type.js';

/**
 * What a block is made from. The header's Merkle root is taken as it is: see {@link LegacyBlock.verify}.
 *
 * @publicApi
 */
export interface LegacyBlockFields {
  readonly header: LegacyBlockHeader;
  readonly transactions: readonly LegacyTransaction[];
}

/**
 * A NEO 2.x block.
 *
 * @publicApi
 */
export class LegacyBlock extends BlockView<'legacy', LegacyBlockHeader, LegacyTransaction> {
  /** Checks the layout of the block and of every transaction, but no hashes: see {@link verify}. @throws DecodeError */
  static decode(reader: ByteReader): LegacyBlock {
    const start = reader.offset;
    const header = LegacyBlockHeader.decode(reader);
    const marks = skipTransactions(reader, start);
    return new LegacyBlock(reader.bytes, start, reader.offset, header, marks);
  }

  /** @throws DecodeError naming the field that breaks a rule */
  static from({ header, transactions }: LegacyBlockFields): LegacyBlock {
    return LegacyBlock.decode(new ByteReader(blockBytes(header, transactions), 'block'));
  }

  get dialect(): 'legacy' {
    return 'legacy';
  }

  toJSON() {
    return {
      ...this.header.toJSON(),
      size: this.size,
      transactionCount: this.marks.length / MARKS,
      transactions: this.transactions.map((transaction) => transaction.toJSON()),
    };
  }

  protected over(bytes: Uint8Array): this {
    const header = LegacyBlockHeader.decode(new ByteReader(bytes, 'block'));
    return new LegacyBlock(bytes, 0, bytes.length, header, this.marks) as this;
  }

  protected get marksEach(): number {
    return MARKS;
  }

  protected viewTransaction(start: number, end: number, at: number): LegacyTransaction {
    return LegacyTransaction.ofMarks(this.bytes, start, end, this.marks, at);
  }
}

function skipTransactions(reader: ByteReader, base: number): Uint32Array {
  const countAt = reader.offset;
  const count = reader.count('transactions', MAX_BLOCK_TRANSACTIONS, MIN_TRANSACTION_SIZE);
  if (count === 0) reader.fail('transactions', 'value', 'a block has at least one', countAt);
  const marks = new Uint32Array(count * MARKS);
  reader.enter('transactions');
  for (let i = 0; i < count; i++) {
    reader.at(i);
    if (reader.remaining > 0 && (reader.bytes[reader.offset] === TransactionType.Miner) !== (i === 0)) {
      reader.fail('type', 'value', 'the first transaction, and no other, is a Miner');
    }
    skipTransaction(reader, marks, i * MARKS, base);
  }
  reader.leave();
  return marks;
}
