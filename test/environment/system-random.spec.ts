import { describe, expect, it } from '@jest/globals';
import type { RandomSource } from '../../src/environment/random-source.js';
import { SystemRandom } from '../../src/environment/system-random.js';
import { SeededRandom } from '../../src/testing/seeded-random.js';

describe.each<[string, () => RandomSource]>([
  ['SystemRandom', () => new SystemRandom()],
  ['SeededRandom', () => new SeededRandom(42)],
])('%s', (_, make) => {
  it.each([0, 1, 7, 1000])('gives %i bytes', (size) => {
    const bytes = make().bytes(size);
    expect(bytes).toBeInstanceOf(Uint8Array);
    expect(bytes).toHaveLength(size);
  });

  it('gives every byte value, about as often', () => {
    const counts = new Uint32Array(256);
    for (const byte of make().bytes(256_000)) counts[byte]! += 1;
    expect(Math.min(...counts)).toBeGreaterThan(800); // expected 1000, deviation 32
    expect(Math.max(...counts)).toBeLessThan(1200);
  });

  it.each([1, 2, 3, 10, 1000])('gives every whole number below %i, and no other', (below) => {
    const random = make();
    const seen = new Set(Array.from({ length: below * 20 }, () => random.integer(below)));
    expect([...seen].toSorted((a, b) => a - b)).toEqual(Array.from({ length: below }, (_unused, i) => i));
  });

  it('reaches both ends of 32 bits', () => {
    const random = make();
    const drawn = Array.from({ length: 1000 }, () => random.integer(2 ** 32));
    expect(drawn.every((number) => Number.isInteger(number) && number >= 0 && number < 2 ** 32)).toBe(true);
    expect(Math.max(...drawn)).toBeGreaterThan(2 ** 31);
    expect(Math.min(...drawn)).toBeLessThan(2 ** 31);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses numbers below %p', (below) => {
    expect(() => make().integer(below)).toThrow(/below|range|integer/);
  });
});
