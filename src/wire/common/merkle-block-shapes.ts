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

/** Readings tried before a search gives up, however short the list is: about 10 ms of hashing at most. */
const BASE_BUDGET = 10_000;

/**
 * Readings tried besides, for each hash of the list: when the flags are right, each hash, and each of the fewer nodes
 * above, is tried once.
 */
const BUDGET_PER_HASH = 4;

/** One way to read a node of the tree. */
interface Reading {
  readonly hash: Digest;
  /** Where in the list it begins, and where the next node does. */
  readonly at: number;
  readonly next: number;
  /** The readings of its two children; undefined if it is collapsed. */
  readonly children: readonly [Reading, Reading] | undefined;
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
 * trees, so the work has a bound. What was found out about a part of the tree is kept for all trees that have it: blocks
 * of up to 24 transactions stay within the bound whatever the flags are.
 *
 * @internal
 */
export class MerkleShapes {
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
    const end = this.hashes.length;
    const search = new Search(this.hashes, this.leafCount, countsBefore(this.leafCount, mayMatch), () => this.#spend());
    for (const reading of search.readings({ level: this.#height, index: 0, at: 0, earliest: end, latest: end })) {
      if (reading.hash === this.root) return this.#leavesOf(reading);
    }
    return undefined;
  }

  /** Pays for one try. @returns whether there was anything left */
  #spend(): boolean {
    return this.#budget-- > 0;
  }

  #leavesOf(root: Reading): readonly MerkleLeaf[] {
    const leaves = new Map<number, UInt256>();
    const visit = (reading: Reading, level: number, index: number): void => {
      if (level === 0) leaves.set(index, this.hashes.at(reading.at));
      if (reading.children === undefined) return;
      const below = level - 1;
      visit(reading.children[0], below, 2 * index);
      visit(reading.children[1], below, isOwnSibling(below, 2 * index, this.leafCount) ? 2 * index : 2 * index + 1);
    };
    visit(root, this.#height, 0);
    return Array.from(leaves, ([index, hash]) => ({ index, hash }));
  }
}

/** One go through the trees, under one assumption of which leaves may match. */
class Search {
  /** The readings of each place, as far as somebody wanted to know them. */
  readonly #known = new Map<string, Remembered<Reading>>();

  /**
   * @param before for each leaf, how many of those before it may match
   * @param spend pays for one try; false when nothing is left, which ends the search
   */
  constructor(
    private readonly hashes: HashList,
    private readonly leafCount: number,
    private readonly before: Uint32Array,
    private readonly spend: () => boolean,
  ) {}

  /** Every way to read a node: open first, because where matches are possible they are likely. */
  readings(place: Place): Iterable<Reading> {
    const { level, index, at, earliest, latest } = place;
    const key = `${level} ${index} ${at} ${earliest} ${latest}`; // the same node may be its own sibling, with other ends
    let readings = this.#known.get(key);
    if (readings === undefined) this.#known.set(key, (readings = new Remembered(this.#read(place))));
    return readings;
  }

  *#read(place: Place): Generator<Reading, void> {
    const { level, index, at, earliest, latest } = place;
    // An open node lists at least one hash for each level below it, and one more.
    if (level > 0 && at + level + 1 <= latest) {
      const from = index * 2 ** level;
      const to = Math.min(from + 2 ** level, this.leafCount);
      if (this.before[to]! > this.before[from]!) yield* this.#readOpen(place);
    }
    if (at + 1 < earliest || at + 1 > latest || !this.spend()) return;
    yield { hash: this.hashes.keyAt(at), at, next: at + 1, children: undefined };
  }

  *#readOpen({ level, index, at, earliest, latest }: Place): Generator<Reading, void> {
    const below = level - 1;
    const isDouble = isOwnSibling(below, 2 * index, this.leafCount);
    // The right child takes at least one hash, and at most as many as it has places for leaves.
    const left = { level: below, index: 2 * index, at, earliest: earliest - 2 ** below, latest: latest - 1 };
    for (const first of this.readings(left)) {
      const right = { level: below, index: 2 * index + (isDouble ? 0 : 1), at: first.next, earliest, latest };
      for (const second of this.readings(right)) {
        if (!this.spend()) return;
        // Nobody lists two collapsed children: they would be one collapsed parent.
        if (below > 0 && first.children === undefined && second.children === undefined) continue;
        if (isDouble && first.hash !== second.hash) continue;
        yield { hash: hash256Pair(first.hash, second.hash), at, next: second.next, children: [first, second] };
      }
    }
  }
}

/** What a generator gives, made as it is wanted and kept, so that it can be gone through again. */
class Remembered<T> implements Iterable<T> {
  readonly #source: Iterator<T>;
  readonly #items: T[] = [];

  constructor(source: Iterator<T>) {
    this.#source = source;
  }

  *[Symbol.iterator](): Generator<T, void> {
    for (let i = 0; ; i++) {
      if (i === this.#items.length) {
        const next = this.#source.next();
        if (next.done) return;
        this.#items.push(next.value);
      }
      yield this.#items[i]!;
    }
  }
}

/** Whether the node has no neighbour on its right, and is paired with itself. */
function isOwnSibling(level: number, index: number, leafCount: number): boolean {
  return (index + 1) * 2 ** level >= leafCount;
}

/** For each place, how many of the leaves before it may match. */
function countsBefore(leafCount: number, mayMatch: (leaf: number) => boolean): Uint32Array {
  const counts = new Uint32Array(leafCount + 1);
  for (let i = 0; i < leafCount; i++) counts[i + 1] = counts[i]! + (mayMatch(i) ? 1 : 0);
  return counts;
}
