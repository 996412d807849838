import type { ElementFilter } from '../common/element-filter.js';
import { flagBytes, merkleBlockBytes, readTreeHashes, treeOfMatches } from '../common/merkle-block-tree.js';
import { MerkleBlockView, type MerkleBlockParts } from '../common/merkle-block-view.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { toHex } from '../primitives/hex.js';
import type { LegacyBlock } from './block.js';
import { LegacyBlockHeader } from './block-header.js';
import { MAX_BLOCK_TRANSACTIONS } from './limits.js';
import { matches } from './merkle-block-filter.js';
import type { LegacyTransaction } from './transaction.js';

/**
 * What a merkleblock is made from.
 *
 * @publicApi
 */
export type MerkleBlockFields = MerkleBlockParts<LegacyBlockHeader>;

/**
 * The payload of `merkleblock`: what a peer with a filter gets instead of a block. A header, and as much of the Merkle
 * tree as is needed to prove that the transactions which match are in the block.
 *
 * @publicApi
 */
export class MerkleBlockPayload extends MerkleBlockView<'legacy', LegacyBlockHeader> {
  /** Checks the layout, no hashes: see {@link provenLeaves}. @throws DecodeError */
  static decode(reader: ByteReader): MerkleBlockPayload {
    const start = reader.offset;
    const header = LegacyBlockHeader.decode(reader);
    const countAt = reader.offset;
    const transactionCount = reader.varint('transactionCount', MAX_BLOCK_TRANSACTIONS);
    if (transactionCount === 0) reader.fail('transactionCount', 'value', 'a block has at least one', countAt);
    const hashes = readTreeHashes(reader, transactionCount);
    const flagsAt = reader.offset;
    const flags = reader.varBytes('flags', flagBytes(transactionCount));
    if (flags.length < flagBytes(transactionCount)) {
      reader.fail('flags', 'value', `${flags.length} bytes of flags for ${transactionCount} transactions`, flagsAt);
    }
    return new MerkleBlockPayload(reader.bytes, start, reader.offset, header, { transactionCount, hashes, flags });
  }

  /** @throws DecodeError naming the field that breaks a rule */
  static from({ header, transactionCount, hashes, flags }: MerkleBlockFields): MerkleBlockPayload {
    const raw = merkleBlockBytes(header, hashes, transactionCount, flags);
    return MerkleBlockPayload.decode(new ByteReader(raw, 'merkleblock'));
  }

  /** What a peer with that filter gets for that block. */
  static of(block: LegacyBlock, filter: ElementFilter): MerkleBlockPayload {
    return MerkleBlockPayload.ofMatches(block, (transaction) => matches(transaction, filter));
  }

  /** The same, where something else than a filter decides which transactions match. */
  static ofMatches(block: LegacyBlock, isMatch: (transaction: LegacyTransaction) => boolean): MerkleBlockPayload {
    return MerkleBlockPayload.from({ header: block.header, ...treeOfMatches(block.transactions, isMatch) });
  }

  get dialect(): 'legacy' {
    return 'legacy';
  }

  toJSON() {
    return {
      blockHash: this.header.hash.toJSON(),
      header: this.header.toJSON(),
      txCount: this.transactionCount,
      hashes: this.hashes.toJSON(),
      flags: toHex(this.flags),
      size: this.end - this.start,
    };
  }

  protected over(bytes: Uint8Array): this {
    return MerkleBlockPayload.decode(new ByteReader(bytes, 'merkleblock')) as this;
  }
}
