import type { Digest } from '../../wire/primitives/hashing.js';
import type { HashList } from '../../wire/primitives/hash-list.js';
import { UInt256 } from '../../wire/primitives/uint256.js';

/** How many are remembered: four full inventories, 64 kB a peer. */
const CAPACITY = 2000;

/**
 * The hashes a remote announced last. Only looked into when it leaves a request for objects without an answer, so they
 * are kept as bytes: remembering costs a copy.
 *
 * @internal
 */
export class AnnouncedHashes {
  #ring: Buffer | undefined;
  #at = 0;

  add(hashes: HashList): void {
    const { bytes } = hashes;
    for (let from = Math.max(0, bytes.length - CAPACITY * UInt256.SIZE); from < bytes.length;) {
      this.#ring ??= Buffer.alloc(CAPACITY * UInt256.SIZE);
      const to = Math.min(bytes.length, from + this.#ring.length - this.#at);
      this.#ring.set(bytes.subarray(from, to), this.#at);
      this.#at = (this.#at + to - from) % this.#ring.length;
      from = to;
    }
  }

  hasAny(keys: Iterable<Digest>): boolean {
    for (const key of keys) if (this.#has(key)) return true;
    return false;
  }

  clear(): void {
    this.#ring = undefined;
    this.#at = 0;
  }

  #has(key: Digest): boolean {
    if (this.#ring === undefined) return false;
    const wanted = Buffer.from(key, 'latin1');
    let at = this.#ring.indexOf(wanted);
    while (at >= 0 && at % UInt256.SIZE !== 0) at = this.#ring.indexOf(wanted, at + 1);
    return at >= 0;
  }
}
