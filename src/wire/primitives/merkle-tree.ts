import { hash256Pair, type Digest } from './hashing.js';

/** Hashes two nodes of a tree into their parent. */
export type PairHash = (left: Digest, right: Digest) => Digest;

const NOTHING: Digest = '\0'.repeat(32);

/**
 * The root of a Merkle tree. An odd last node is paired with itself; one leaf is its own root; no leaves give zero.
 *
 * Two different lists can have one root (a list, and the same list with its tail repeated), so whoever checks a root
 * must also refuse repeated leaves.
 *
 * @param leaves digests in wire order; not changed
 */
export function merkleRoot(leaves: readonly Digest[], hashPair: PairHash = hash256Pair): Digest {
  if (leaves.length === 0) return NOTHING;
  const level = leaves.slice();
  while (level.length > 1) {
    const parents = (level.length + 1) >> 1;
    for (let i = 0; i < parents; i++) {
      const left = level[2 * i]!;
      level[i] = hashPair(left, level[2 * i + 1] ?? left);
    }
    level.length = parents;
  }
  return level[0]!;
}
