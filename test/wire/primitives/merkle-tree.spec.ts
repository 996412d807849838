import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { hash256Pair, type Digest } from '../../../src/wire/primitives/hashing.js';
import { merkleRoot } from '../../../src/wire/primitives/merkle-tree.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { bytes, loadVectors } from '../../support/vectors.js';

interface MerkleVector {
  readonly name: string;
  /** Display order. */
  readonly hashes?: readonly string[];
  readonly leavesWireOrder?: readonly string[];
  readonly root: string;
}

function leavesOf({ hashes, leavesWireOrder }: MerkleVector): Digest[] {
  if (hashes !== undefined) return hashes.map((text) => UInt256.from(text).key);
  return leavesWireOrder!.map((hex) => UInt256.fromBytes(bytes(hex)).key);
}

describe('merkleRoot', () => {
  it.each(loadVectors<MerkleVector[]>('merkle.json'))('$name', (vector) => {
    const root = UInt256.fromDigest(merkleRoot(leavesOf(vector)));
    expect([root.toString(), Buffer.from(root.bytes).toString('hex')]).toContainEqual(
      expect.stringMatching(new RegExp(`^(0x)?${vector.root}$`)),
    );
  });

  it('is the leaf itself for one leaf, and zero for none', () => {
    expect(merkleRoot(['leaf'])).toBe('leaf');
    expect(UInt256.fromDigest(merkleRoot([])).equals(UInt256.ZERO)).toBe(true);
  });

  it('pairs an odd last node with itself, on every level', () => {
    expect(merkleRoot(['a', 'b', 'c'], pair)).toBe('((ab)(cc))');
    expect(merkleRoot(['a', 'b', 'c', 'd', 'e'], pair)).toBe('(((ab)(cd))((ee)(ee)))');
  });

  it('leaves the list alone and is the same as a tree built by halves', () => {
    const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((raw) => Buffer.from(raw).toString('latin1'));
    fc.assert(
      fc.property(fc.array(digest, { minLength: 1, maxLength: 40 }), (leaves) => {
        const before = leaves.slice();
        expect(merkleRoot(leaves)).toBe(rootByHalves(leaves, depthOf(leaves.length)));
        expect(leaves).toEqual(before);
      }),
    );
  });
});

/** Shows how a tree was built. */
function pair(left: string, right: string): string {
  return `(${left}${right})`;
}

/** The definition, top down: a tree of that depth whose right edge repeats what is to its left. */
function rootByHalves(leaves: readonly Digest[], depth: number): Digest {
  if (depth === 0) return leaves[0]!;
  const half = 2 ** (depth - 1);
  const left = rootByHalves(leaves.slice(0, half), depth - 1);
  return hash256Pair(left, leaves.length > half ? rootByHalves(leaves.slice(half), depth - 1) : left);
}

function depthOf(count: number): number {
  return Math.ceil(Math.log2(count));
}
