import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../../src/testing/seeded-random.js';

function sequenceOf(seed: number): number[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: 20 }, () => random.integer(1_000_000));
}

describe('SeededRandom', () => {
  it('gives the same sequence for the same seed', () => {
    expect(sequenceOf(1)).toEqual(sequenceOf(1));
    expect(new SeededRandom(5).bytes(100)).toEqual(new SeededRandom(5).bytes(100));
  });

  it('gives a sequence that never changes from version to version', () => {
    const random = new SeededRandom(2026);
    expect(Array.from({ length: 4 }, () => random.integer(2 ** 32))).toMatchInlineSnapshot(`
      [
        722227619,
        1092446364,
        2607986962,
        1313446435,
      ]
    `);
    expect(Buffer.from(random.bytes(8)).toString('hex')).toMatchInlineSnapshot(`"07ada3a1ac950647"`);
  });

  it('gives another sequence for each of a thousand seeds that are near to each other', () => {
    const sequences = new Set(Array.from({ length: 1000 }, (_, seed) => sequenceOf(seed).slice(0, 2).join()));
    expect(sequences.size).toBe(1000);
  });

  it('runs apart from any other with the same seed', () => {
    const [one, other] = [new SeededRandom(1), new SeededRandom(1)];
    one.integer(10);
    one.integer(10);
    expect(other.integer(1_000_000)).toBe(sequenceOf(1)[0]);
  });
});
