import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { distinctIndexes, removeAt } from '../../../src/pool/book/dense-list.js';
import { SeededRandom } from '../../../src/testing/seeded-random.js';

describe('a list without order', () => {
  it('loses the one at an index, and tells who moved there', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(19), (size, index) => {
        fc.pre(index < size);
        const list = Array.from({ length: size }, (_, i) => i);
        expect(removeAt(list, index)).toBe(index === size - 1 ? undefined : size - 1);
        expect(list.toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: size }, (_, i) => i).filter((i) => i !== index),
        );
      }),
    );
  });

  it('that is empty has nobody to lose', () => {
    expect(removeAt([], 0)).toBeUndefined();
  });
});

describe('distinct indexes', () => {
  it('are as many as wanted, all different, all below the size', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(80), fc.integer(), (size, most, seed) => {
        const random = new SeededRandom(seed);
        const indexes = [...distinctIndexes(size, most, (below) => random.integer(below))];
        expect(indexes).toHaveLength(Math.min(size, most));
        expect(new Set(indexes).size).toBe(indexes.length);
        expect(indexes.every((index) => index >= 0 && index < size)).toBe(true);
      }),
    );
  });

  it('come in any order, equally likely', () => {
    const random = new SeededRandom(2);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = [...distinctIndexes(4, 2, (below) => random.integer(below))].join(' ');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(12);
    for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(90);
  });
});
