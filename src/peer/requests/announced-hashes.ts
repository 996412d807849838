import type { Digest } from '../../wire/primitives/hashing.js';
import type { HashList } from '../../wire/primitives/hash-list.js';
import { latin1 } from '../../wire/primitives/latin1.js';
import { UInt256 } from '../../wire/primitives/uint256.js';

/** How much is remembered: 2000 hashes, which is four full inventories. 64 kB a peer, if it announces as many. */
const CAPACITY_BYTES = 2000 * UInt256.SIZE;

/**
 * The hashes a remote announced last. Only looked into when it leaves a request for objects without an answer, so they
 * are kept as bytes: remembering costs a copy.
 *
 * @internal
 */
export class AnnouncedHashes {
  #ring = Buffer.alloc(0);
  /** Where the next one goes. */
  #at = 0;
  /** Bytes in use. */
  #length = 0;

  add({ bytes }: HashList): void {
    let from = Math.max(0, bytes.length - CAPACITY_BYTES);
    this.#makeRoom(bytes.length - from);
    while (from < bytes.length) {
      const to = Math.min(bytes.length, from + this.#ring.length - this.#at);
      this.#ring.set(bytes.subarray(from, to), this.#at);
      this.#length = Math.max(this.#length, this.#at + to - from);
      this.#at = (this.#at + to - from) % CAPACITY_BYTES;
      from = to;
    }
  }

  hasAny(keys: Iterable<Digest>): boolean {
    const wanted = new Set(keys);
    for (let at = 0; at < this.#length; at += UInt256.SIZE) {
      if (wanted.has(latin1(this.#ring, at, at + UInt256.SIZE))) return true;
    }
    return false;
  }

  clear(): void {
    this.#ring = Buffer.alloc(0);
    this.#at = this.#length = 0;
  }

  /** The memory follows what has come: most who announce anything announce little. */
  #makeRoom(size: number): void {
    const needed = Math.min(CAPACITY_BYTES, this.#at + size);
    if (needed <= this.#ring.length) return;
    const grown = Buffer.alloc(Math.min(CAPACITY_BYTES, Math.max(needed, this.#ring.length * 2)));
    grown.set(this.#ring);
    this.#ring = grown;
  }
}
