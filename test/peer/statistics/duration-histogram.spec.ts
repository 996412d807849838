import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DurationHistogram } from '../../../src/peer/statistics/duration-histogram.js';

function histogramOf(durations: readonly number[]): DurationHistogram {
  const histogram = new DurationHistogram();
  for (const ms of durations) histogram.add(ms);
  return histogram;
}

describe('a histogram of durations', () => {
  it('has percentiles of 0 while it is empty', () => {
    expect(histogramOf([]).percentile(0.99)).toBe(0);
  });

  it.each([0.5, 0.9, 0.99, 1])('gives the percentile %p within 5 percent', (share) => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.002, max: 1_000_000, noNaN: true }), { minLength: 1, maxLength: 200 }),
        (durations) => {
          const exact = durations.toSorted((a, b) => a - b)[Math.ceil(durations.length * share) - 1]!;
          const found = histogramOf(durations).percentile(share);
          expect(found / exact).toBeGreaterThan(0.95);
          expect(found / exact).toBeLessThan(1.05);
        },
      ),
    );
  });

  it.each([0, -1, Number.NaN, 0.0000001])('takes %p as very short', (ms) => {
    expect(histogramOf([ms]).percentile(0.5)).toBeLessThan(0.002);
  });

  it('takes what is longer than a day as very long', () => {
    expect(histogramOf([1e12]).percentile(0.5)).toBeGreaterThan(1_000_000);
  });
});
