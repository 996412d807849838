import { DecodeError } from './decode.error.js';
import type { Digest } from './hashing.js';
import { latin1, latin1Bytes } from './latin1.js';
import { UInt256 } from './uint256.js';

/**
 * Hashes one after the other in one byte array. A {@link UInt256} is made only when an item is read, so a list of
 * 500 costs as much as one until somebody looks inside.
 *
 * @publicApi
 */
export class HashList implements Iterable<UInt256> {
  static readonly EMPTY = new HashList(new Uint8Array(0));

  readonly length: number;

  /** @param bytes 32 bytes a hash, in wire order. Kept, not copied: see {@link detach} */
  constructor(readonly bytes: Uint8Array) {
    if (bytes.length % UInt256.SIZE !== 0) {
      throw new DecodeError({
        command: 'hashlist',
        field: 'bytes',
        offset: 0,
        problem: 'truncated',
        detail: `${bytes.length} bytes are not a multiple of ${UInt256.SIZE}`,
      });
    }
    this.length = bytes.length / UInt256.SIZE;
  }

  /** A packed list of these hashes; a `HashList` is given back as it is. */
  static of(hashes: Iterable<UInt256>): HashList {
    if (hashes instanceof HashList) return hashes;
    return HashList.ofKeys(keysOf(hashes));
  }

  /** @internal a packed list from digests */
  static ofKeys(keys: readonly Digest[]): HashList {
    return new HashList(latin1Bytes(keys.join('')));
  }

  /**
   * The hash at that place, counted from 0.
   *
   * @throws RangeError when there is none
   */
  at(i: number): UInt256 {
    return UInt256.fromDigest(this.keyAt(i));
  }

  /** The {@link UInt256.key} of the hash at that place, for maps, without making the object. */
  keyAt(i: number): Digest {
    if (!Number.isInteger(i) || i < 0 || i >= this.length) {
      throw new RangeError(`no hash at ${i}: the list has ${this.length}`);
    }
    const start = i * UInt256.SIZE;
    return latin1(this.bytes, start, start + UInt256.SIZE);
  }

  [Symbol.iterator](): Iterator<UInt256> {
    return new HashIterator(this);
  }

  /** A copy that doesn't keep the frame it came from alive. */
  detach(): HashList {
    return new HashList(Uint8Array.from(this.bytes));
  }

  /** Display texts, in order. */
  toJSON(): string[] {
    return Array.from(this, String);
  }
}

/** A generator would take longer for each hash than making the hash does. */
class HashIterator implements Iterator<UInt256, undefined> {
  #next = 0;

  constructor(private readonly hashes: HashList) {}

  next(): IteratorResult<UInt256, undefined> {
    const i = this.#next;
    if (i >= this.hashes.length) return { done: true, value: undefined };
    this.#next = i + 1;
    return { done: false, value: this.hashes.at(i) };
  }
}

/** The keys of hashes, in order. To write many, join them: one long text is written faster than many short ones. @internal */
export function keysOf(hashes: Iterable<UInt256>): Digest[] {
  const list: readonly UInt256[] = Array.isArray(hashes) ? hashes : [...hashes];
  return list.map(({ key }) => key);
}
