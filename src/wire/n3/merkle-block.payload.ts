import type { ElementFilter } from '../common/element-filter.js';
import { flagBytes, merkleBlockBytes, readTreeHashes, treeOfMatches } from '../common/merkle-block-tree.js';
import { MerkleBlockView, type MerkleBlockParts } from '../common/merkle-block-view.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { toHex } from '../primitives/hex.js';
import type { N3Block } from './block.js';
import { N3BlockHeader } from './block-header.js';
import { MAX_BLOCK_TRANSACTIONS } from './limits.js';
import { matches } from './merkle-block-filter.js';
import type { N3Transaction } from './transaction.js';

/**
 * What a merkleblock is made from.
 *
 * @publicApi
 */
export type MerkleBlockFields = MerkleBlockParts<N3BlockHeader>;

/**
 * The payload of `merkleblock`: what a peer with a filter gets instead of a block. A header, and as much of the Merkle
 * tree as is needed to prove that the transactions which match are in the block.
 *
 * @publicApi
 */
export class MerkleBlockPayload extends MerkleBlockView<'n3', N3BlockHeader> {
  /**
   * Checks the layout, no hashes: see {@link provenLeaves}. Flags that end early say no of the rest. More hashes than
   * transactions are taken where the tree can have them: the C# node sends such lists, though it refuses them itself.
   *
   * @throws DecodeError
   */
  static decode(reader: ByteReader): MerkleBlockPayload {
    const start = reader.offset;
    const header = N3BlockHeader.decode(reader);
    const transactionCount = reader.varint('transactionCount', MAX_BLOCK_TRANSACTIONS);
    const hashes = readTreeHashes(reader, transactionCount);
    const flags = reader.varBytes('flags', flagBytes(Math.max(transactionCount, 1)));
    return new MerkleBlockPayload(reader.bytes, start, reader.offset, header, { transactionCount, hashes, flags });
  }

  /** @throws DecodeError naming the field that breaks a rule */
  static from({ header, transactionCount, hashes, flags }: MerkleBlockFields): MerkleBlockPayload {
    const raw = merkleBlockBytes(header, hashes, transactionCount, flags);
    return MerkleBlockPayload.decode(new ByteReader(raw, 'merkleblock'));
  }

  /** What a peer with that filter gets for that block. */
  static of(block: N3Block, filter: ElementFilter): MerkleBlockPayload {
    return MerkleBlockPayload.ofMatches(block, (transaction) => matches(transaction, filter));
  }

  /** The same, where something else than a filter decides which transactions match. */
  static ofMatches(block: N3Block, isMatch: (transaction: N3Transaction) => boolean): MerkleBlockPayload {
    return MerkleBlockPayload.from({ header: block.header, ...treeOfMatches(block.transactions, isMatch) });
  }

  get dialect(): 'n3' {
    return 'n3';
  }

  toJSON() {
    return {
      header: this.header.toJSON(),
      txCount: this.transactionCount,
      hashes: this.hashes.toJSON(),
      flags: toHex(this.flags),
    };
  }

  protected over(bytes: Uint8Array): this {
    return MerkleBlockPayload.decode(new ByteReader(bytes, 'merkleblock')) as this;
  }
}
