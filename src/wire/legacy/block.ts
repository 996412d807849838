import type { Block } from '../common/block.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { DecodeError } from '../primitives/decode.error.js';
import type { Digest } from '../primitives/hashing.js';
import { merkleRoot } from '../primitives/merkle-tree.js';
import type { UInt256 } from '../primitives/uint256.js';
import { LegacyBlockHeader, MERKLE_ROOT_AT } from './block-header.js';
import { LegacyView } from './legacy-view.js';
import { MAX_BLOCK_TRANSACTIONS } from './limits.js';
import { LegacyTransaction } from './transaction.js';
import { MARKS, MIN_TRANSACTION_SIZE, skipTransaction, START } from './transaction-layout.js';
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
export class LegacyBlock extends LegacyView implements Block {
  readonly header: LegacyBlockHeader;
  /** Where the transactions and their parts begin, counted from the block's start. */
  readonly #marks: Uint32Array;
  #transactions: readonly LegacyTransaction[] | undefined;

  private constructor(bytes: Uint8Array, start: number, end: number, header: LegacyBlockHeader, marks: Uint32Array) {
    super(bytes, start, end);
    this.header = header;
    this.#marks = marks;
  }

  /** Checks the layout of the block and of every transaction, but no hashes: see {@link verify}. @throws DecodeError */
  static decode(reader: ByteReader): LegacyBlock {
    const start = reader.offset;
    const header = LegacyBlockHeader.decode(reader);
    const marks = skipTransactions(reader, start);
    return new LegacyBlock(reader.bytes, start, reader.offset, header, marks);
  }

  /** @throws DecodeError naming the field that breaks a rule */
  static from({ header, transactions }: LegacyBlockFields): LegacyBlock {
    const size = transactions.reduce((sum, transaction) => sum + transaction.size, 0);
    const writer = new ByteWriter(header.raw.length + 9 + size).bytes(header.raw).varint(transactions.length);
    for (const transaction of transactions) writer.bytes(transaction.raw);
    return LegacyBlock.decode(new ByteReader(writer.finish(), 'block'));
  }

  get hash(): UInt256 {
    return this.header.hash;
  }

  get index(): number {
    return this.header.index;
  }

  get transactions(): readonly LegacyTransaction[] {
    return (this.#transactions ??= this.#viewTransactions());
  }

  /** Bytes on the wire. */
  get size(): number {
    return this.end - this.start;
  }

  /** @throws DecodeError naming `merkleRoot`, or `transactions[i]` if it stands there before */
  verify(): void {
    const leaves = this.transactions.map((transaction) => transaction.hash.key);
    const seen = new Set<Digest>();
    leaves.forEach((leaf, i) => {
      if (seen.size === seen.add(leaf).size)
        this.#fail(`transactions[${i}]`, this.#marks[i * MARKS]!, 'it stands there twice');
    });
    if (merkleRoot(leaves) !== this.header.merkleRoot.key) {
      this.#fail('merkleRoot', MERKLE_ROOT_AT, 'it is not that of the transactions');
    }
  }

  toJSON() {
    return {
      ...this.header.toJSON(),
      size: this.size,
      transactionCount: this.#marks.length / MARKS,
      transactions: this.transactions.map((transaction) => transaction.toJSON()),
    };
  }

  protected over(bytes: Uint8Array): this {
    const header = LegacyBlockHeader.decode(new ByteReader(bytes, 'block'));
    return new LegacyBlock(bytes, 0, bytes.length, header, this.#marks) as this;
  }

  #viewTransactions(): readonly LegacyTransaction[] {
    const marks = this.#marks;
    const transactions: LegacyTransaction[] = [];
    for (let at = 0; at < marks.length; at += MARKS) {
      const end = at + MARKS < marks.length ? this.start + marks[at + MARKS + START]! : this.end;
      transactions.push(LegacyTransaction.ofMarks(this.bytes, this.start + marks[at + START]!, end, marks, at));
    }
    return transactions;
  }

  #fail(field: string, offset: number, detail: string): never {
    throw new DecodeError({ command: 'block', field, offset, problem: 'value', detail });
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
