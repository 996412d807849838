import { hash256Pair, type Digest } from '../primitives/hashing.js';

/**
 * The hashes that a merkleblock lists: the leaves of every pair that holds a match, and the roots of what lies between,
 * from left to right. A node that is its own sibling is gone through twice.
 *
 * @internal
 */
export function trimmedHashes(leaves: readonly Digest[], isMatch: (leaf: number) => boolean): readonly Digest[] {
  let nodes = leaves.map((hash, i) => ({ hash, list: [hash] as readonly Digest[], hasMatch: isMatch(i) }));
  while (nodes.length > 1) {
    const children = nodes;
    nodes = Array.from({ length: (children.length + 1) >> 1 }, (_, i) => {
      const left = children[2 * i]!;
      const right = children[2 * i + 1] ?? left;
      const hash = hash256Pair(left.hash, right.hash);
      const hasMatch = left.hasMatch || right.hasMatch;
      return { hash, list: hasMatch ? [...left.list, ...right.list] : [hash], hasMatch };
    });
  }
  return nodes[0]?.list ?? [];
}
