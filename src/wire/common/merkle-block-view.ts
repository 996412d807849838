import type { HashList } from '../primitives/hash-list.js';
import type { UInt256 } from '../primitives/uint256.js';
import type { BlockHeader } from './block-header.js';
import { ByteView } from './byte-view.js';
import type { DialectName } from './dialect-name.js';
import type { MerkleLeaf } from './merkle-block-shapes.js';
import { isFlagged, provenLeaves, type MerkleBlockTree } from './merkle-block-tree.js';

/**
 * What a merkleblock of a dialect with these headers is made from.
 *
 * @internal
 */
export interface MerkleBlockParts<H extends BlockHeader> {
  readonly header: H;
  /** How many transactions the whole block has. */
  readonly transactionCount: number;
  /** See {@link MerkleBlockView.hashes}. */
  readonly hashes: Iterable<UInt256>;
  /** A bit a transaction, least significant first. */
  readonly flags: Uint8Array;
}

/**
 * A view of what a peer with a filter gets instead of a block: a header, and as much of the Merkle tree as is needed to
 * prove that the transactions which match are in the block.
 *
 * @internal
 */
export abstract class MerkleBlockView<D extends DialectName, H extends BlockHeader<D>> extends ByteView<D> {
  /** How many transactions the whole block has. */
  readonly transactionCount: number;
  /**
   * From left to right: the leaves of every pair that holds a match, and the roots of what lies between. A part of the
   * tree that is its own sibling appears twice, so there may be more hashes than transactions.
   */
  readonly hashes: HashList;
  /**
   * Bit i (least significant first) says that transaction i matches. NEO-ONE doesn't clear the buffer before it sets
   * the bits, so from it there may be others too: see {@link provenLeaves}.
   */
  readonly flags: Uint8Array;

  protected constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    readonly header: H,
    tree: MerkleBlockTree,
  ) {
    super(bytes, start, end);
    ({ transactionCount: this.transactionCount, hashes: this.hashes, flags: this.flags } = tree);
  }

  get hash(): UInt256 {
    return this.header.hash;
  }

  get index(): number {
    return this.header.index;
  }

  /** Whether the sender's flags say that transaction `i` matches. Look at {@link provenLeaves} before believing it. */
  isFlagged(i: number): boolean {
    return isFlagged(this, i);
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
    const hashesAt = this.hashes.bytes.byteOffset - this.bytes.byteOffset - this.start;
    return provenLeaves(this, this.header.merkleRoot.key, hashesAt);
  }
}
