import type { RandomSource } from '../../environment/random-source.js';
import { removeAt } from './dense-list.js';

/** The taken places of a bucket, without gaps: who stands in `places[i]` is `values[i]`. */
interface Bucket<T> {
  readonly places: number[];
  readonly values: T[];
  /** Where it stands among the buckets that have somebody. */
  index: number;
}

/**
 * Places in buckets, each with one value or none. Only what is taken costs memory. All is O(1), for a bucket is small.
 *
 * @internal
 */
export class BucketTable<T> {
  readonly #byNumber = new Map<number, Bucket<T>>();
  readonly #buckets: Bucket<T>[] = [];
  #taken = 0;
  #searched = 0;

  /** @param placesPerBucket place `n` is in bucket `n / placesPerBucket` */
  constructor(private readonly placesPerBucket: number) {}

  /** How many places are taken. */
  get taken(): number {
    return this.#taken;
  }

  /** Who stands in a place. */
  at(place: number): T | undefined {
    const bucket = this.#byNumber.get(this.#numberOf(place));
    return bucket?.values[bucket.places.indexOf(place)];
  }

  /** A place as its bucket and the position in it. */
  locate(place: number): { readonly bucket: number; readonly position: number } {
    return { bucket: this.#numberOf(place), position: place % this.placesPerBucket };
  }

  /** All places of a place's bucket, in order from it on. */
  around(place: number): readonly number[] {
    const first = this.#numberOf(place) * this.placesPerBucket;
    return Array.from({ length: this.placesPerBucket }, (_, i) => first + ((place - first + i) % this.placesPerBucket));
  }

  /** Takes a place, which must be free. */
  put(place: number, value: T): void {
    const bucket = this.#bucket(this.#numberOf(place));
    bucket.places.push(place);
    bucket.values.push(value);
    this.#taken++;
  }

  /** Frees a place, which must be taken. */
  free(place: number): void {
    const number = this.#numberOf(place);
    const bucket = this.#bucket(number);
    const index = bucket.places.indexOf(place);
    removeAt(bucket.places, index);
    removeAt(bucket.values, index);
    this.#taken--;
    if (bucket.places.length > 0) return;
    this.#byNumber.delete(number);
    const moved = removeAt(this.#buckets, bucket.index);
    if (moved !== undefined) moved.index = bucket.index;
  }

  /** Somebody in a random place of a random bucket, so that a crowded bucket counts no more than others. */
  draw(random: RandomSource): T | undefined {
    if (this.#taken === 0) return undefined;
    const { values } = this.#buckets[random.integer(this.#buckets.length)]!;
    return values[random.integer(values.length)];
  }

  /**
   * The first that is accepted, looking at whole buckets, one after the other, each from a random place on. It goes on
   * where the last search ended, and gives up when it has looked at `most` or a bucket more, or at all.
   */
  search(random: RandomSource, most: number, accepts: (value: T) => boolean): T | undefined {
    let looked = 0;
    for (let gone = this.#buckets.length; gone > 0 && looked < most; gone--) {
      this.#searched = (this.#searched + 1) % this.#buckets.length;
      const { values } = this.#buckets[this.#searched]!;
      const start = random.integer(values.length);
      const found = [...values.slice(start), ...values.slice(0, start)].find(accepts);
      if (found !== undefined) return found;
      looked += values.length;
    }
    return undefined;
  }

  #numberOf(place: number): number {
    return Math.floor(place / this.placesPerBucket);
  }

  #bucket(number: number): Bucket<T> {
    let bucket = this.#byNumber.get(number);
    if (bucket === undefined) {
      bucket = { places: [], values: [], index: this.#buckets.length };
      this.#byNumber.set(number, bucket);
      this.#buckets.push(bucket);
    }
    return bucket;
  }
}
