import type { Digest } from '../../wire/primitives/hashing.js';
import { UInt256 } from '../../wire/primitives/uint256.js';
import { AlreadyRequestedError } from '../errors/already-requested.error.js';

/**
 * The hashes asked of one connection, so that none is asked twice: C# nodes serve an object once a connection and ignore
 * a repeat. Over the limit the oldest are forgotten, as those nodes do.
 *
 * @internal
 */
export class RequestedHashes {
  readonly #limit: number;
  readonly #keys = new Set<Digest>();
  /** Stands at the oldest: one made anew would step over the places of all that were forgotten before, each time. */
  readonly #oldestFirst = this.#keys.values();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#keys.size;
  }

  /**
   * Remembers all of them, or none.
   *
   * @throws AlreadyRequestedError naming those that are remembered already
   */
  claim(keys: readonly Digest[]): void {
    const repeated = keys.filter((key) => this.#keys.has(key));
    if (repeated.length > 0) throw new AlreadyRequestedError(repeated.map((key) => UInt256.fromDigest(key)));
    for (const key of keys) this.add(key);
  }

  /** Remembers one, whether or not it is remembered already. */
  add(key: Digest): void {
    this.#keys.add(key);
    if (this.#keys.size > this.#limit) this.#keys.delete(this.#oldestFirst.next().value!);
  }

  /** Forgets what was claimed and never asked. */
  disclaim(keys: readonly Digest[]): void {
    for (const key of keys) this.#keys.delete(key);
  }

  clear(): void {
    this.#keys.clear();
  }
}
