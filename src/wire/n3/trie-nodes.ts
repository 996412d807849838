import { ByteReader } from '../primitives/byte-reader.js';
import { toHex } from '../primitives/hex.js';
import { MAX_TRIE_NODE_SIZE } from './limits.js';

/**
 * Nodes of the state trie, packed one after the other. A node is made only when somebody comes to it, each time the list
 * is walked through: one byte on the wire is enough for an empty one, so a single message may hold 16 million. Look at
 * {@link count} before collecting them.
 *
 * @publicApi
 */
export class TrieNodes implements Iterable<Uint8Array> {
  /** How many there are. */
  readonly count: number;
  readonly #array: Uint8Array;

  /**
   * @param array a varint count, then a varint length and so many bytes for each: checked before, kept, not copied
   *
   * @internal
   */
  constructor(array: Uint8Array) {
    this.#array = array;
    this.count = countOf(this.#reader());
  }

  /** Each as it is stored, opaque here. Windows, not copies. */
  *[Symbol.iterator](): Generator<Uint8Array, void, undefined> {
    const reader = this.#reader();
    const count = countOf(reader);
    for (let i = 0; i < count; i++) yield reader.varBytes('nodes', MAX_TRIE_NODE_SIZE);
  }

  /** All of them as hex, in order. */
  toJSON(): string[] {
    return Array.from(this, toHex);
  }

  #reader(): ByteReader {
    return new ByteReader(this.#array, 'mptdata');
  }
}

function countOf(reader: ByteReader): number {
  return reader.varint('nodes');
}
