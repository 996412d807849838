import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { planOf } from '../../../src/pool/book/book-plan.js';

describe('the plan of a book', () => {
  it.each([
    [2, { buckets: 1, placesPerBucket: 1, reach: 1 }, { buckets: 1, placesPerBucket: 1, reach: 1 }],
    [50, { buckets: 20, placesPerBucket: 2, reach: 4 }, { buckets: 10, placesPerBucket: 1, reach: 4 }],
    [1000, { buckets: 16, placesPerBucket: 50, reach: 4 }, { buckets: 16, placesPerBucket: 12, reach: 4 }],
    [20_000, { buckets: 250, placesPerBucket: 64, reach: 15 }, { buckets: 62, placesPerBucket: 64, reach: 4 }],
    [1_000_000, { buckets: 12_500, placesPerBucket: 64, reach: 64 }, { buckets: 3125, placesPerBucket: 64, reach: 8 }],
  ])('for %p rows', (maximum, fresh, tried) => {
    expect(planOf(maximum)).toEqual({ fresh, tried });
  });

  it('has no more places than rows, nearly as many, and a fifth of them in tried', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1_000_000 }), (maximum) => {
        const { fresh, tried } = planOf(maximum);
        const places = fresh.buckets * fresh.placesPerBucket + tried.buckets * tried.placesPerBucket;
        expect(places).toBeLessThanOrEqual(maximum);
        expect(places).toBeGreaterThan(maximum - 128);
        expect(places).toBeGreaterThan(maximum * 0.9);
        for (const { buckets, placesPerBucket, reach } of [fresh, tried]) {
          expect(placesPerBucket).toBeGreaterThanOrEqual(1);
          expect(placesPerBucket).toBeLessThanOrEqual(64);
          expect(reach).toBeGreaterThanOrEqual(Math.min(buckets, 4));
          expect(reach).toBeLessThanOrEqual(Math.max(Math.min(buckets, 4), buckets / 16));
        }
        expect(Math.abs(tried.buckets * tried.placesPerBucket - maximum / 5)).toBeLessThan(64);
      }),
    );
  });

  it.each([1, 0, -5, 2.5, Number.NaN, Infinity])('refuses %p rows', (maximum) => {
    expect(() => planOf(maximum)).toThrow(RangeError);
  });
});
