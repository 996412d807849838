import { hash256Pair, type Digest } from '../primitives/hashing.js';
import type { HashList } from '../primitives/hash-list.js';
import type { UInt256 } from '../primitives/uint256.js';

/**
 * A transaction whose hash a merkleblock lists.
 *
 * @publicApi
 */
export interface MerkleLeaf {
  /** Its place in the block, counted from 0. */
  readonly index: number;
  readonly hash: UInt256;
}

/** Nodes looked at before a search gives up, however short the list is: about 10 ms of hashing at most. */
const BASE_BUDGET = 10_000;

/**
 * Nodes looked at besides, for each hash of the list: when the flags are right, each hash, and each of the fewer nodes
 * above, is looked at once.
 */
const BUDGET_PER_HASH = 4;

/** What was read for one node of the tree. */
interface Reading {
  readonly hash: Digest;
  /** Where in the list the next node begins. */
  readonly next: number;
  readonly isOpen: boolean;
}

/** A node of the tree, 0 = leaves, and between which places of the list its reading may end. */
interface Place {
  readonly level: number;
  readonly index: number;
  readonly at: number;
  readonly earliest: number;
  readonly latest: number;
}

/**
 * Finds which part of the Merkle tree each hash of a merkleblock is, by trying: every node is either collapsed (one hash
 * of the list) or open (its two children), and only the root tells whether all was right. There are exponentially many
 * trees, so the work has a bound.
 *
 * @internal
 */
export class MerkleShapes {
  /** The leaves listed in the tree that is being tried: index, and place in the list. A double stands there twice. */
  readonly #listed: (readonly [index: number, at: number])[] = [];
  /** Levels above the leaves. */
  readonly #height: number;
  #budget: number;

  constructor(
    private readonly hashes: HashList,
    private readonly leafCount: number,
    private readonly root: Digest,
  ) {
    this.#height = Math.ceil(Math.log2(leafCount));
    this.#budget = BASE_BUDGET + BUDGET_PER_HASH * hashes.length;
  }

  /** Whether the bound was reached, so that not finding anything proves nothing. */
  get exhausted(): boolean {
    return this.#budget <= 0;
  }

  /**
   * The leaves of the first tree with the right root, without the doubles; undefined if none was found.
   *
   * @param mayMatch which leaves may be matches: only their pairs are opened
   */
  search(mayMatch: (leaf: number) => boolean): readonly MerkleLeaf[] | undefined {
    const before = countsBefore(this.leafCount, mayMatch);
    const end = this.hashes.length;
    this.#listed.length = 0;
    for (const { hash } of this.#readings(
      { level: this.#height, index: 0, at: 0, earliest: end, latest: end },
      before,
    )) {
      if (hash === this.root) return this.#leaves();
    }
    return undefined;
  }

  /** Every way to read a node: open first, because where matches are possible they are likely. */
  *#readings(place: Place, before: Uint32Array): Generator<Reading, void> {
    if (this.#budget-- <= 0) return;
    const { level, index, at, earliest, latest } = place;
    // An open node lists at least one hash for each level below it, and one more.
    if (level > 0 && at + level + 1 <= latest) {
      const from = index * 2 ** level;
      const to = Math.min(from + 2 ** level, this.leafCount);
      if (before[to]! > before[from]!) yield* this.#openReadings(place, before);
    }
    if (at + 1 < earliest || at + 1 > latest) return;
    if (level === 0) this.#listed.push([index, at]);
    yield { hash: this.hashes.keyAt(at), next: at + 1, isOpen: false };
    if (level === 0) this.#listed.pop();
  }

  *#openReadings({ level, index, at, earliest, latest }: Place, before: Uint32Array): Generator<Reading, void> {
    const below = level - 1;
    const isOwnSibling = (2 * index + 1) * 2 ** below >= this.leafCount;
    // The right child takes at least one hash, and at most as many as it has places for leaves.
    const left = { level: below, index: 2 * index, at, earliest: earliest - 2 ** below, latest: latest - 1 };
    for (const first of this.#readings(left, before)) {
      const right = { level: below, index: 2 * index + (isOwnSibling ? 0 : 1), at: first.next, earliest, latest };
      for (const second of this.#readings(right, before)) {
        // Nobody lists two collapsed children: they would be one collapsed parent.
        if (below > 0 && !first.isOpen && !second.isOpen) continue;
        if (isOwnSibling && first.hash !== second.hash) continue;
        yield { hash: hash256Pair(first.hash, second.hash), next: second.next, isOpen: true };
      }
    }
  }

  #leaves(): readonly MerkleLeaf[] {
    return Array.from(new Map(this.#listed), ([index, at]) => ({ index, hash: this.hashes.at(at) }));
  }
}

/** For each place, how many of the leaves before it may match. */
function countsBefore(leafCount: number, mayMatch: (leaf: number) => boolean): Uint32Array {
  const counts = new Uint32Array(leafCount + 1);
  for (let i = 0; i < leafCount; i++) counts[i + 1] = counts[i]! + (mayMatch(i) ? 1 : 0);
  return counts;
}
