import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { TokenBucket } from '../../../src/pool/rates/token-bucket.js';

describe('a bucket of tokens', () => {
  it('begins full, gives what it has, and fills up evenly', () => {
    const bucket = new TokenBucket(10, 3, 5000);
    expect(bucket.available(5000)).toBe(3);
    expect([1, 2, 3, 4].map(() => bucket.take(5000))).toEqual([true, true, true, false]);
    expect(bucket.take(5099)).toBe(false);
    expect(bucket.take(5100)).toBe(true);
    expect(bucket.take(5100)).toBe(false);
    expect(bucket.available(5150)).toBe(0.5);
    expect(bucket.available(1_000_000)).toBe(3);
  });

  it('gives several at once or none', () => {
    const bucket = new TokenBucket(1, 200, 0);
    expect(bucket.take(0, 150)).toBe(true);
    expect(bucket.take(0, 51)).toBe(false);
    expect(bucket.available(0)).toBe(50);
    expect(bucket.take(0, 50)).toBe(true);
    expect(bucket.take(1e9, 201)).toBe(false);
  });

  it('takes fractions of a token a second', () => {
    const bucket = new TokenBucket(0.1, 1, 0);
    bucket.take(0);
    expect(bucket.take(9999)).toBe(false);
    expect(bucket.take(10_000)).toBe(true);
  });

  it('lends, and says how long until it is paid back', () => {
    const bucket = new TokenBucket(10, 2, 0);
    expect([1, 2, 3, 4].map(() => bucket.spend(0))).toEqual([0, 0, 100, 200]);
    expect(bucket.available(0)).toBe(-2);
    expect(bucket.take(200)).toBe(false); // it is paid back, no more
    expect(bucket.spend(200, 5)).toBe(500);
    expect(bucket.available(700)).toBe(0);
    expect(new TokenBucket(3, 1, 0).spend(0, 2)).toBe(334);
  });

  it('neither gains nor loses when the clock goes backwards, and goes on from there', () => {
    const bucket = new TokenBucket(10, 10, 10_000);
    bucket.take(10_000, 8);
    expect(bucket.available(0)).toBe(2);
    expect(bucket.available(100)).toBe(3);
    expect(bucket.available(50)).toBe(3);
  });

  it('gives no more than the burst and the rate, and all of that', () => {
    const step = fc.record({ waitMs: fc.nat({ max: 2000 }), count: fc.integer({ min: 1, max: 5 }) });
    const rates = fc.record({ perSecond: fc.integer({ min: 1, max: 50 }), burst: fc.integer({ min: 5, max: 50 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), rates, (steps, { perSecond, burst }) => {
        const bucket = new TokenBucket(perSecond, burst, 0);
        let [nowMs, given] = [0, 0];
        for (const { waitMs, count } of steps) {
          nowMs += waitMs;
          const before = bucket.available(nowMs);
          expect(before).toBeLessThanOrEqual(burst);
          const isGiven = bucket.take(nowMs, count);
          expect(isGiven).toBe(before >= count);
          if (isGiven) given += count;
          expect(given).toBeLessThanOrEqual(burst + (perSecond * nowMs) / 1000);
          expect(bucket.available(nowMs)).toBeCloseTo(isGiven ? before - count : before, 9);
        }
      }),
    );
  });

  it('is out of debt after the wait it told of, and not a millisecond before', () => {
    const rates = fc.record({ perSecond: fc.integer({ min: 1, max: 900 }), burst: fc.integer({ min: 1, max: 50 }) });
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 500 }), ({ perSecond, burst }, count) => {
        const bucket = new TokenBucket(perSecond, burst, 0);
        const waitMs = bucket.spend(0, count);
        fc.pre(waitMs > 0);
        expect(bucket.available(waitMs - 1)).toBeLessThan(0);
        expect(bucket.available(waitMs)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
