import { blockBytes, BlockView } from '../common/block-view.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { N3BlockHeader } from './block-header.js';
import { MAX_BLOCK_TRANSACTIONS } from './limits.js';
import { N3Transaction } from './transaction.js';
import { MARKS, MIN_TRANSACTION_SIZE, skipTransaction } from './transaction-layout.js';

/**
 * What a block is made from. The header's Merkle root is taken as it is: see {@link N3Block.verify}.
 *
 * @publicApi
 */
export interface N3BlockFields {
  readonly header: N3BlockHeader;
  /** May be none: then the Merkle root is zero. */
  readonly transactions: readonly N3Transaction[];
}

/**
 * A NEO N3 block.
 *
 * @publicApi
 */
export class N3Block extends BlockView<'n3', N3BlockHeader, N3Transaction> {
  /** Checks the layout of the block and of every transaction, but no hashes: see {@link verify}. @throws DecodeError */
  static decode(reader: ByteReader): N3Block {
    const start = reader.offset;
    const header = N3BlockHeader.decode(reader);
    const marks = skipTransactions(reader, start);
    return new N3Block(reader.bytes, start, reader.offset, header, marks);
  }

  /** @throws DecodeError naming the field that breaks a rule */
  static from({ header, transactions }: N3BlockFields): N3Block {
    return N3Block.decode(new ByteReader(blockBytes(header, transactions), 'block'));
  }

  get dialect(): 'n3' {
    return 'n3';
  }

  toJSON() {
    return {
      header: this.header.toJSON(),
      transactions: this.transactions.map((transaction) => transaction.toJSON()),
      size: this.size,
    };
  }

  protected over(bytes: Uint8Array): this {
    const header = N3BlockHeader.decode(new ByteReader(bytes, 'block'));
    return new N3Block(bytes, 0, bytes.length, header, this.marks) as this;
  }

  protected get marksEach(): number {
    return MARKS;
  }

  protected viewTransaction(start: number, end: number, at: number): N3Transaction {
    return N3Transaction.ofMarks(this.bytes, start, end, this.marks, at);
  }
}

function skipTransactions(reader: ByteReader, base: number): Uint32Array {
  const count = reader.count('transactions', MAX_BLOCK_TRANSACTIONS, MIN_TRANSACTION_SIZE);
  const marks = new Uint32Array(count * MARKS);
  reader.enter('transactions');
  for (let i = 0; i < count; i++) {
    reader.at(i);
    skipTransaction(reader, marks, i * MARKS, base);
  }
  reader.leave();
  return marks;
}
