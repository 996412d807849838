import type { CallOptions } from '../../environment/call-options.js';
import type { Digest } from '../../wire/primitives/hashing.js';
import { UInt256 } from '../../wire/primitives/uint256.js';
import { RequestTimeoutError } from '../errors/request-timeout.error.js';
import type { Found } from '../peer.js';
import type { ObjectsAnswer, ObjectsRequest } from './objects-request.js';
import type { RequestedHashes } from './requested-hashes.js';
import { withTimeLeft } from './time-left.js';

/** What an {@link ObjectFetch} works with. */
export interface ObjectSource<T extends { readonly hash: UInt256 }> {
  readonly requested: RequestedHashes;
  /** Most hashes in one request. */
  readonly batchSize: number;
  /** Monotonic milliseconds. */
  now(): number;
  /** @throws UnsupportedByDialectError */
  request(keys: readonly Digest[], room: number): ObjectsRequest<T>;
  ask(request: ObjectsRequest<T>, options: CallOptions): Promise<ObjectsAnswer<T>>;
}

/**
 * Most bytes of memory that one call collects; with the object that goes beyond it ends. Five hundred blocks of MainNet are a
 * hundredth of that, but a remote that wants to can make 16 GB of them, and compress them to 64 MB.
 */
export const MAX_FETCH_BYTES = 268_435_456;

/**
 * Any number of objects by hash: in requests of as many as one may hold, one after the other. The first of them that
 * runs out of time or room ends it; what has not been asked for then may be asked again.
 *
 * @internal
 */
export class ObjectFetch<T extends { readonly hash: UInt256 }> {
  readonly #source: ObjectSource<T>;

  constructor(source: ObjectSource<T>) {
    this.#source = source;
  }

  /**
   * @throws AlreadyRequestedError, with nothing sent, when one of the hashes was asked of this connection before
   * @throws RequestTimeoutError when none came
   */
  async run(hashes: Iterable<UInt256>, options: CallOptions): Promise<Found<T>> {
    const keys = [...new Set(Array.from(hashes, ({ key }) => key))];
    if (keys.length === 0) return { found: [], missing: [] };
    this.#source.requested.claim(keys);
    const found = await this.#fetch(keys, options);
    return {
      found: keys.flatMap((key) => found.get(key) ?? []),
      missing: keys.filter((key) => !found.has(key)).map((key) => UInt256.fromDigest(key)),
    };
  }

  async #fetch(keys: readonly Digest[], options: CallOptions): Promise<ReadonlyMap<Digest, T>> {
    const { requested, batchSize } = this.#source;
    const found = new Map<Digest, T>();
    const beganAt = this.#source.now();
    let asked = 0;
    let room = MAX_FETCH_BYTES;
    try {
      while (asked < keys.length) {
        const batch = keys.slice(asked, asked + batchSize);
        const request = this.#source.request(batch, room);
        request.handedOver = () => (asked += batch.length);
        const answer = await this.#source.ask(request, withTimeLeft(options, this.#source.now() - beganAt));
        for (const [key, object] of answer.found) found.set(key, object);
        room -= answer.bytes;
        if (answer.isCut || room <= 0) break;
      }
    } catch (error) {
      if (found.size === 0 || !(error instanceof RequestTimeoutError)) throw error;
    } finally {
      requested.disclaim(keys.slice(asked));
    }
    return found;
  }
}
