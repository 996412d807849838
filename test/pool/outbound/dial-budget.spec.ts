import { describe, expect, it } from '@jest/globals';
import { DialBudget } from '../../../src/pool/outbound/dial-budget.js';
import { VirtualClock } from '../../../src/testing/index.js';

describe('the budget of dials', () => {
  it.each([
    [5, 10],
    [1, 2],
    [0.5, 1],
    [0.1, 1],
  ])('of %d a second allows %d at once', (perSecond, burst) => {
    const budget = new DialBudget(new VirtualClock(), perSecond);
    let taken = 0;
    while (budget.take()) taken++;
    expect(taken).toBe(burst);
  });

  it.each([5, 1, 0.5, 0.1, 3])('of %d a second says exactly how long it is until the next one', async (perSecond) => {
    const clock = new VirtualClock();
    const budget = new DialBudget(clock, perSecond);
    expect(budget.waitMs).toBe(0);
    while (budget.take());
    for (let i = 0; i < 5; i++) {
      const { waitMs } = budget;
      expect(waitMs).toBeGreaterThan(0);
      await clock.advance(waitMs - 1);
      expect(budget.take()).toBe(false);
      await clock.advance(1);
      expect(budget.waitMs).toBe(0);
      expect(budget.take()).toBe(true);
    }
  });
});
