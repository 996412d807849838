import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { BucketTable } from '../../../src/pool/book/bucket-table.js';
import { SeededRandom } from '../../../src/testing/seeded-random.js';

function tableOf(placesPerBucket: number, places: Iterable<number>): BucketTable<number> {
  const table = new BucketTable<number>(placesPerBucket);
  for (const place of places) table.put(place, place);
  return table;
}

describe('a table of buckets', () => {
  it('is a map of places', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(39), { maxLength: 200 }), (places) => {
        const table = new BucketTable<string>(4);
        const expected = new Map<number, string>();
        for (const [i, place] of places.entries()) {
          if (expected.delete(place)) table.free(place);
          else {
            expected.set(place, `${i}`);
            table.put(place, `${i}`);
          }
          expect(table.taken).toBe(expected.size);
          for (let other = 0; other < 40; other++) expect(table.at(other)).toBe(expected.get(other));
        }
        const found: string[] = [];
        table.search(new SeededRandom(1), 1000, (value) => found.push(value) < 0);
        expect(found.toSorted()).toEqual([...expected.values()].toSorted());
      }),
    );
  });

  it('knows the bucket of a place, and its other places', () => {
    const table = tableOf(4, []);
    expect(table.locate(10)).toEqual({ bucket: 2, position: 2 });
    expect(table.around(10)).toEqual([10, 11, 8, 9]);
  });

  it('draws the bucket first, however crowded it is, then one in it', () => {
    const table = tableOf(64, [0, ...Array.from({ length: 64 }, (_, i) => 64 + i), 128, 129]);
    const random = new SeededRandom(6);
    const buckets = [0, 0, 0];
    const last = [0, 0];
    for (let i = 0; i < 9000; i++) {
      const drawn = table.draw(random)!;
      buckets[Math.floor(drawn / 64)]!++;
      if (drawn >= 128) last[drawn - 128]!++;
    }
    for (const count of buckets) expect(Math.abs(count - 3000)).toBeLessThan(200);
    for (const count of last) expect(Math.abs(count - 1500)).toBeLessThan(150);
  });

  it('draws nobody when it is empty, and none of those who left', () => {
    const random = new SeededRandom(6);
    const table = tableOf(2, [0, 1, 2, 4]);
    for (const place of [2, 0, 4]) table.free(place);
    expect(Array.from({ length: 20 }, () => table.draw(random))).toEqual(Array.from({ length: 20 }, () => 1));
    table.free(1);
    expect(table.draw(random)).toBeUndefined();
    expect(table.search(random, 100, () => true)).toBeUndefined();
  });

  it('searches whole buckets up to a limit, and goes on there the next time', () => {
    const table = tableOf(
      4,
      Array.from({ length: 40 }, (_, i) => i),
    );
    const random = new SeededRandom(6);
    const looks = [0, 1, 2].map(() => {
      const seen: number[] = [];
      table.search(random, 13, (value) => seen.push(value) < 0);
      return seen;
    });
    expect(looks.map((seen) => seen.length)).toEqual([16, 16, 16]);
    expect(new Set(looks.flat()).size).toBe(40);
    expect(table.search(random, 1000, (value) => value === 17)).toBe(17);
  });

  it('begins in a bucket with anybody', () => {
    const table = tableOf(4, [0, 1, 2, 3]);
    const random = new SeededRandom(6);
    const first = new Set(Array.from({ length: 100 }, () => table.search(random, 1, () => true)));
    expect(first.size).toBe(4);
  });
});
