import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { DecodeError } from '../primitives/decode.error.js';
import { HashList } from '../primitives/hash-list.js';
import { toHex } from '../primitives/hex.js';
import { UInt256 } from '../primitives/uint256.js';
import type { LegacyBlock } from './block.js';
import { LegacyBlockHeader } from './block-header.js';
import { LegacyView } from './legacy-view.js';
import { MAX_BLOCK_TRANSACTIONS } from './limits.js';
import { matches, type ElementFilter } from './merkle-block-filter.js';
import { MerkleShapes, type MerkleLeaf } from './merkle-block-shapes.js';
import { trimmedHashes } from './merkle-block-trim.js';
import type { LegacyTransaction } from './transaction.js';

/**
 * What a merkleblock is made from.
 *
 * @publicApi
 */
export interface MerkleBlockFields {
  readonly header: LegacyBlockHeader;
  /** How many transactions the whole block has. */
  readonly transactionCount: number;
  /** See {@link MerkleBlockPayload.hashes}. */
  readonly hashes: Iterable<UInt256>;
  /** A bit a transaction, least significant first. */
  readonly flags: Uint8Array;
}

/**
 * The payload of `merkleblock`: what a peer with a filter gets instead of a block. A header, and as much of the Merkle
 * tree as is needed to prove that the transactions which match are in the block.
 *
 * @publicApi
 */
export class MerkleBlockPayload extends LegacyView {
  private constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    readonly header: LegacyBlockHeader,
    /** How many transactions the whole block has. */
    readonly transactionCount: number,
    /**
     * From left to right: the leaves of every pair that holds a match, and the roots of what lies between. A part of the
     * tree that is its own sibling appears twice.
     */
    readonly hashes: HashList,
    /**
     * Bit i (least significant first) says that transaction i matches. NEO-ONE doesn't clear the buffer before it sets
     * the bits, so from it there may be others too: see {@link provenLeaves}.
     */
    readonly flags: Uint8Array,
  ) {
    super(bytes, start, end);
  }

  /** Checks the layout, no hashes: see {@link provenLeaves}. @throws DecodeError */
  static decode(reader: ByteReader): MerkleBlockPayload {
    const start = reader.offset;
    const header = LegacyBlockHeader.decode(reader);
    const countAt = reader.offset;
    const count = reader.varint('transactionCount', MAX_BLOCK_TRANSACTIONS);
    if (count === 0) reader.fail('transactionCount', 'value', 'a block has at least one', countAt);
    const hashCount = reader.count('hashes', mostHashes(count), UInt256.SIZE);
    const hashes = new HashList(reader.take(hashCount * UInt256.SIZE, 'hashes'));
    const flagsAt = reader.offset;
    const flags = reader.varBytes('flags', flagBytes(count));
    if (flags.length < flagBytes(count)) {
      reader.fail('flags', 'value', `${flags.length} bytes of flags for ${count} transactions`, flagsAt);
    }
    return new MerkleBlockPayload(reader.bytes, start, reader.offset, header, count, hashes, flags);
  }

  /** @throws DecodeError naming the field that breaks a rule */
  static from({ header, transactionCount, hashes, flags }: MerkleBlockFields): MerkleBlockPayload {
    const list = HashList.of(hashes);
    const writer = new ByteWriter(header.raw.length + list.bytes.length + flags.length + 27)
      .bytes(header.raw)
      .varint(transactionCount)
      .varint(list.length)
      .bytes(list.bytes)
      .varBytes(flags);
    return MerkleBlockPayload.decode(new ByteReader(writer.finish(), 'merkleblock'));
  }

  /** What a peer with that filter gets for that block. */
  static of(block: LegacyBlock, filter: ElementFilter): MerkleBlockPayload {
    return MerkleBlockPayload.ofMatches(block, (transaction) => matches(transaction, filter));
  }

  /** The same, where something else than a filter decides which transactions match. */
  static ofMatches(block: LegacyBlock, isMatch: (transaction: LegacyTransaction) => boolean): MerkleBlockPayload {
    const { header, transactions } = block;
    const flags = new Uint8Array(flagBytes(transactions.length));
    transactions.forEach((transaction, i) => {
      if (isMatch(transaction)) flags[i >> 3]! |= 1 << (i & 7);
    });
    const leaves = transactions.map((transaction) => transaction.hash.key);
    const hashes = HashList.ofKeys(trimmedHashes(leaves, (i) => isSet(flags, i)));
    return MerkleBlockPayload.from({ header, transactionCount: transactions.length, hashes, flags });
  }

  get hash(): UInt256 {
    return this.header.hash;
  }

  get index(): number {
    return this.header.index;
  }

  /** Whether the sender's flags say that transaction `i` matches. Look at {@link provenLeaves} before believing it. */
  isFlagged(i: number): boolean {
    return i >= 0 && i < this.transactionCount && isSet(this.flags, i);
  }

  /**
   * The transactions that {@link hashes} lists, checked against the header's Merkle root: every match of the sender's, and
   * the neighbours of matches. Which of them match tells only the filter: fetch them (getdata) and test them.
   *
   * The list alone doesn't say which part of the tree each hash is. The flags are tried first, then whatever they leave
   * possible, within a bound on the work that grows with the list.
   *
   * @throws DecodeError naming `hashes` when nothing fits the Merkle root, or nothing was found within the bound
   */
  provenLeaves(): readonly MerkleLeaf[] {
    const shapes = new MerkleShapes(this.hashes, this.transactionCount, this.header.merkleRoot.key);
    const leaves = shapes.search((i) => this.isFlagged(i)) ?? shapes.search(() => true);
    if (leaves !== undefined) return leaves;
    throw new DecodeError({
      command: 'merkleblock',
      field: 'hashes',
      offset: this.hashes.bytes.byteOffset - this.bytes.byteOffset - this.start,
      problem: 'value',
      detail: shapes.exhausted ? 'no tree was found that has the Merkle root' : 'no tree of these has the Merkle root',
    });
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

/** Every match, with each own sibling listed twice, fills the tree up to the next power of two. */
function mostHashes(transactionCount: number): number {
  return 2 ** Math.ceil(Math.log2(transactionCount));
}

function flagBytes(transactionCount: number): number {
  return (transactionCount + 7) >> 3;
}

function isSet(flags: Uint8Array, i: number): boolean {
  return (flags[i >> 3]! & (1 << (i & 7))) !== 0;
}
