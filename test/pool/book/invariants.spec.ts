import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DAY, HOUR, MINUTE, SECOND } from './book-lab.js';
import { BookModel, type Step, STEPS } from './book-model.js';

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...STEPS),
  n: fc.nat(79),
  source: fc.nat(11),
  answered: fc.boolean(),
  ms: fc.constantFrom(SECOND, MINUTE, 5 * MINUTE, 41 * MINUTE, 5 * HOUR, 8 * DAY, 31 * DAY),
});

/** Mostly what fills a book. */
const filling: fc.Arbitrary<Step> = fc
  .tuple(step, fc.constantFrom('add', 'restore', 'reach', 'fail'))
  .map(([any, kind]) => ({
    ...any,
    kind,
  }));

describe('an address book, whatever happens to it,', () => {
  it.each([2, 3, 7, 50, 200, 20_000])('of %p rows keeps its promises', async (maximum) => {
    const steps = fc.array(fc.oneof({ weight: 3, arbitrary: filling }, { weight: 2, arbitrary: step }), {
      maxLength: 150,
      size: 'max',
    });
    await fc.assert(
      fc.asyncProperty(steps, fc.integer(), async (taken, seed) => {
        const model = new BookModel(maximum, seed);
        for (const next of taken) await model.take(next);
        expect(model.violations).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
