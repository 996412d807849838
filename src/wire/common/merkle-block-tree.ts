import type { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { DecodeError } from '../primitives/decode.error.js';
import type { Digest } from '../primitives/hashing.js';
import { HashList } from '../primitives/hash-list.js';
import { merkleRoot } from '../primitives/merkle-tree.js';
import { UInt256 } from '../primitives/uint256.js';
import type { BlockHeader } from './block-header.js';
import { MerkleShapes, type MerkleLeaf } from './merkle-block-shapes.js';
import { trimmedHashes } from './merkle-block-trim.js';
import type { Transaction } from './transaction.js';

/**
 * What a merkleblock says of the transactions of its block: as much of the Merkle tree as is needed to prove that those
 * which match are in the block.
 *
 * @internal
 */
export interface MerkleBlockTree {
  /** How many transactions the whole block has. */
  readonly transactionCount: number;
  /** The leaves of every pair that holds a match, and the roots of what lies between, from left to right. */
  readonly hashes: HashList;
  /** A bit a transaction, least significant first. */
  readonly flags: Uint8Array;
}

/** The tree for a block of which these transactions match. @internal */
export function treeOfMatches<T extends Transaction>(
  transactions: readonly T[],
  isMatch: (transaction: T) => boolean,
): MerkleBlockTree {
  const flags = new Uint8Array(flagBytes(transactions.length));
  transactions.forEach((transaction, i) => {
    if (isMatch(transaction)) flags[i >> 3]! |= 1 << (i & 7);
  });
  const leaves = transactions.map((transaction) => transaction.hash.key);
  const hashes = HashList.ofKeys(trimmedHashes(leaves, (i) => isSet(flags, i)));
  return { transactionCount: transactions.length, hashes, flags };
}

/** Reads the hashes, no more than a tree of so many leaves can list. @internal */
export function readTreeHashes(reader: ByteReader, transactionCount: number): HashList {
  const count = reader.count('hashes', mostHashes(transactionCount), UInt256.SIZE);
  return new HashList(reader.take(count * UInt256.SIZE, 'hashes'));
}

/** The bytes of a merkleblock of any dialect. @internal */
export function merkleBlockBytes(
  header: BlockHeader,
  given: Iterable<UInt256>,
  count: number,
  flags: Uint8Array,
): Uint8Array {
  const hashes = HashList.of(given);
  return new ByteWriter(header.raw.length + hashes.bytes.length + flags.length + 27)
    .bytes(header.raw)
    .varint(count)
    .varint(hashes.length)
    .bytes(hashes.bytes)
    .varBytes(flags)
    .finish();
}

/** Whether the flags say that transaction `i` matches. @internal */
export function isFlagged({ transactionCount, flags }: MerkleBlockTree, i: number): boolean {
  return i >= 0 && i < transactionCount && isSet(flags, i);
}

/** Bytes that flags for so many transactions take. @internal */
export function flagBytes(transactionCount: number): number {
  return (transactionCount + 7) >> 3;
}

/**
 * The transactions that the tree lists, checked against the Merkle root.
 *
 * @param hashesAt where the hashes begin in the payload, for the error
 * @throws DecodeError naming `hashes` when nothing fits the Merkle root, or nothing was found within the bound
 *
 * @internal
 */
export function provenLeaves(tree: MerkleBlockTree, root: Digest, hashesAt: number): readonly MerkleLeaf[] {
  if (tree.transactionCount === 0 && root === merkleRoot([])) return [];
  const shapes = tree.transactionCount === 0 ? undefined : new MerkleShapes(tree.hashes, tree.transactionCount, root);
  const leaves = shapes?.search((i) => isFlagged(tree, i)) ?? shapes?.search(() => true);
  if (leaves !== undefined) return leaves;
  throw new DecodeError({
    command: 'merkleblock',
    field: 'hashes',
    offset: hashesAt,
    problem: 'value',
    detail: shapes?.exhausted ? 'no tree was found that has the Merkle root' : 'no tree of these has the Merkle root',
  });
}

/** Every match, with each own sibling listed twice, fills the tree up to the next power of two. */
function mostHashes(transactionCount: number): number {
  return transactionCount === 0 ? 0 : 2 ** Math.ceil(Math.log2(transactionCount));
}

/** Flags that end early are not set. */
function isSet(flags: Uint8Array, i: number): boolean {
  return ((flags[i >> 3] ?? 0) & (1 << (i & 7))) !== 0;
}
