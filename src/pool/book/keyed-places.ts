import { recordKey } from '../../persistence/stored-rows.js';
import { sha256 } from '../../wire/primitives/hashing.js';
import type { BookPlan, TablePlan } from './book-plan.js';
import type { BookRecord } from './book-record.js';

/** Bytes: a shorter secret could be guessed. */
export const SHORTEST_SECRET = 16;

/**
 * Says where in the tables an address may stand. The places follow from a secret, so that nobody else knows who would
 * meet whom there, and from groups of addresses, which cost money, rather than from addresses, which don't:
 *
 * - in `new`, the group of who tells it leads to a few buckets, and the group of the address to one of those;
 * - in `tried`, the group of the address leads to a few buckets, and the address itself to one of those.
 *
 * A place is a number: that of its bucket times the places a bucket, plus the position in it.
 *
 * @internal
 */
export class KeyedPlaces {
  readonly #secret: string;

  /**
   * @param secret at least {@link SHORTEST_SECRET} bytes
   * @param group the network group of a host, as text
   * @throws RangeError when the secret is too short
   */
  constructor(
    secret: Uint8Array,
    private readonly plan: BookPlan,
    private readonly group: (host: string) => string,
  ) {
    if (secret.length < SHORTEST_SECRET) {
      throw new RangeError(`the secret has ${secret.length} bytes, it needs ${SHORTEST_SECRET}`);
    }
    this.#secret = Buffer.from(secret).toString('hex');
  }

  /** The place in `new` of an address that this host told of. */
  fresh(record: BookRecord, source: string): number {
    const sourceGroup = this.group(source);
    const way = this.#number('new, way', this.group(record.host), sourceGroup) % this.plan.fresh.reach;
    const bucket = this.#number('new, bucket', sourceGroup, way) % this.plan.fresh.buckets;
    return this.#placeIn(this.plan.fresh, bucket, this.#number('new, place', addressOf(record), bucket));
  }

  /** The one place in `tried` of an address. */
  tried(record: BookRecord): number {
    const way = this.#number('tried, way', addressOf(record), '') % this.plan.tried.reach;
    const bucket = this.#number('tried, bucket', this.group(record.host), way) % this.plan.tried.buckets;
    return this.#placeIn(this.plan.tried, bucket, this.#number('tried, place', addressOf(record), bucket));
  }

  #placeIn({ placesPerBucket }: TablePlan, bucket: number, hash: number): number {
    return bucket * placesPerBucket + (hash % placesPerBucket);
  }

  /** 32 bits that depend on the secret and the facts. The length keeps these apart, whatever stands in them. */
  #number(purpose: string, first: string, second: string | number): number {
    const digest = sha256(Buffer.from(`${this.#secret} ${purpose}: ${first.length} ${first} ${second}`));
    return (
      (digest.charCodeAt(0) |
        (digest.charCodeAt(1) << 8) |
        (digest.charCodeAt(2) << 16) |
        (digest.charCodeAt(3) << 24)) >>>
      0
    );
  }
}

function addressOf({ host, port }: BookRecord): string {
  return recordKey(host, port);
}
