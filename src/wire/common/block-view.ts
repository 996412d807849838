import { ByteWriter } from '../primitives/byte-writer.js';
import { DecodeError } from '../primitives/decode.error.js';
import type { Digest } from '../primitives/hashing.js';
import { merkleRoot } from '../primitives/merkle-tree.js';
import type { UInt256 } from '../primitives/uint256.js';
import type { BlockHeader } from './block-header.js';
import type { Block } from './block.js';
import { ByteView } from './byte-view.js';
import type { DialectName } from './dialect-name.js';
import type { Transaction } from './transaction.js';

/** Where every dialect's header has its Merkle root, in bytes: after a version and a hash. */
const MERKLE_ROOT_AT = 36;

/**
 * A view of a block whose transactions were stepped over when it was made. They are not viewed until somebody asks.
 *
 * @internal
 */
export abstract class BlockView<D extends DialectName, H extends BlockHeader<D>, T extends Transaction<D>>
  extends ByteView<D>
  implements Block<D>
{
  #transactions: readonly T[] | undefined;

  /**
   * @param marks where the transactions and their parts begin, counted from the block's start: {@link marksEach} numbers
   *   a transaction, the first of which is its own
   */
  protected constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    readonly header: H,
    protected readonly marks: Uint32Array,
  ) {
    super(bytes, start, end);
  }

  get hash(): UInt256 {
    return this.header.hash;
  }

  get index(): number {
    return this.header.index;
  }

  get transactions(): readonly T[] {
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
      if (seen.size !== seen.add(leaf).size) return;
      refuse(`transactions[${i}]`, this.marks[i * this.marksEach]!, 'it stands there twice');
    });
    if (merkleRoot(leaves) !== this.header.merkleRoot.key) {
      refuse('merkleRoot', MERKLE_ROOT_AT, 'it is not that of the transactions');
    }
  }

  protected abstract get marksEach(): number;

  /** The transaction whose marks begin at `at`. */
  protected abstract viewTransaction(start: number, end: number, at: number): T;

  #viewTransactions(): readonly T[] {
    const { marks, marksEach } = this;
    const transactions: T[] = [];
    for (let at = 0; at < marks.length; at += marksEach) {
      const next = at + marksEach;
      const end = next < marks.length ? this.start + marks[next]! : this.end;
      transactions.push(this.viewTransaction(this.start + marks[at]!, end, at));
    }
    return transactions;
  }
}

/** The bytes of a block of any dialect. @internal */
export function blockBytes(header: BlockHeader, transactions: readonly Transaction[]): Uint8Array {
  const size = transactions.reduce((sum, transaction) => sum + transaction.size, 0);
  const writer = new ByteWriter(header.raw.length + 9 + size).bytes(header.raw).varint(transactions.length);
  for (const transaction of transactions) writer.bytes(transaction.raw);
  return writer.finish();
}

function refuse(field: string, offset: number, detail: string): never {
  throw new DecodeError({ command: 'block', field, offset, problem: 'value', detail });
}
