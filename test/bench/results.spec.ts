import { describe, expect, it } from '@jest/globals';

interface Result {
  readonly name: string;
  readonly baseline: string;
  readonly ratio: number;
  readonly better: 'higher' | 'lower';
}

interface Results {
  gotWorse(
    before: readonly Result[],
    now: readonly Result[],
    entries: readonly { readonly name: string; readonly baseline: string; readonly step?: number }[],
  ): readonly { readonly now: Result }[];
  merged(old: readonly Result[], measured: readonly Result[], entries: readonly object[]): readonly Result[];
}

const script = '../../bench/results.mjs';
const { gotWorse, merged } = (await import(script)) as Results;

const higher = (name: string, ratio: number): Result => ({ name, baseline: 'floor', ratio, better: 'higher' });
const lower = (name: string, ratio: number): Result => ({ name, baseline: 'none', ratio, better: 'lower' });

describe('a comparison with the committed results', () => {
  it.each([
    ['less than a quarter down, where higher is better', higher('a', 1), higher('a', 0.8), false],
    ['more than a quarter down', higher('a', 1), higher('a', 0.7), true],
    ['up, where higher is better', higher('a', 1), higher('a', 9), false],
    ['less than a quarter up, where lower is better', lower('a', 1), lower('a', 1.2), false],
    ['more than a quarter up', lower('a', 1), lower('a', 1.3), true],
    ['down, where lower is better', lower('a', 1), lower('a', 0.1), false],
  ])('finds what got worse: %s', (_, before, now, isWorse) => {
    expect(gotWorse([before], [now], [now]).map((found) => found.now)).toEqual(isWorse ? [now] : []);
  });

  it('lets a row differ by its step, whatever the quarter', () => {
    expect(gotWorse([lower('a', 2)], [lower('a', 3.9)], [{ name: 'a', baseline: 'none', step: 2 }])).toEqual([]);
    expect(gotWorse([lower('a', 2)], [lower('a', 4.1)], [{ name: 'a', baseline: 'none', step: 2 }])).toHaveLength(1);
  });

  it('says nothing of a row that is new', () => {
    expect(gotWorse([], [higher('a', 1)], [])).toEqual([]);
  });
});

describe('results of some rows', () => {
  it('take the place of the old ones, in the order of the table; rows that are gone go', () => {
    const entries = [higher('a', 0), higher('b', 0), higher('c', 0)];
    const old = [higher('b', 1), higher('a', 1), higher('gone', 1)];
    expect(merged(old, [higher('b', 2)], entries)).toEqual([higher('a', 1), higher('b', 2)]);
  });
});
