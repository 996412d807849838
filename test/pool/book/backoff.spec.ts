import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { RandomSource } from '../../../src/environment/random-source.js';
import { backoffMs, LONGEST_BACKOFF_MS } from '../../../src/pool/book/backoff.js';
import { SystemRandom } from '../../../src/environment/system-random.js';
import { SeededRandom } from '../../../src/testing/seeded-random.js';

/** Always draws the largest number it may. */
class HighRandom extends RandomSource {
  bytes(size: number): Uint8Array {
    return new Uint8Array(size).fill(255);
  }

  integer(below: number): number {
    return below - 1;
  }
}

const LIMITS = { baseMs: 30_000, capMs: 3_600_000 };

describe('the backoff of an address', () => {
  it.each([
    [0, 0],
    [-1, 0],
    [1, 30_000],
    [2, 60_000],
    [7, 1_920_000],
    [8, 3_600_000],
    [5000, 3_600_000],
  ])('after %p failures is at most %p ms', (failures, expected) => {
    expect(backoffMs(failures, new HighRandom(), LIMITS)).toBe(expected);
  });

  it('is at least a second, once something failed', () => {
    const random = new SeededRandom(3);
    const waits = Array.from({ length: 500 }, () => backoffMs(1, random, { baseMs: 2000, capMs: 60_000 }));
    expect(Math.min(...waits)).toBe(1000);
    expect(Math.max(...waits)).toBeGreaterThan(1900);
    expect(backoffMs(1, random, { baseMs: 0, capMs: 0 })).toBe(1000);
  });

  it('is anything up to the limit, equally likely', () => {
    const random = new SeededRandom(4);
    const quarters = [0, 0, 0, 0];
    for (let i = 0; i < 4000; i++) quarters[Math.floor(backoffMs(3, random, LIMITS) / 30_000)]!++;
    for (const count of quarters) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });

  it('is a whole number within the limits, however large these are', () => {
    const random = new SystemRandom();
    const limit = fc.double({ min: 1, max: 1e15, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), limit, limit, (failures, baseMs, capMs) => {
        const wait = backoffMs(failures, random, { baseMs, capMs });
        expect(Number.isInteger(wait)).toBe(true);
        expect(wait).toBeGreaterThanOrEqual(1000);
        expect(wait).toBeLessThanOrEqual(Math.max(1000, Math.min(capMs, LONGEST_BACKOFF_MS)));
      }),
    );
  });
});
