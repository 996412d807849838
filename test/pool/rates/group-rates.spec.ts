import { describe, expect, it } from '@jest/globals';
import { GroupRates } from '../../../src/pool/rates/group-rates.js';

describe('rates of groups', () => {
  it('are one for each group', () => {
    const rates = new GroupRates(10, 2);
    expect([1, 2, 3].map(() => rates.take('a', 0))).toEqual([true, true, false]);
    expect(rates.take('b', 0)).toBe(true);
    expect(rates.take('a', 100)).toBe(true);
    expect(rates.take('a', 100)).toBe(false);
  });

  it('forget the group that was not used for longest when there are more than a thousand', () => {
    const rates = new GroupRates(0.001, 1);
    rates.take('kept', 0);
    rates.take('forgotten', 0);
    rates.take('kept', 0);
    for (let i = 0; i < 999; i++) rates.take(`other ${i}`, 0);
    expect(rates.take('kept', 0)).toBe(false);
    expect(rates.take('forgotten', 0)).toBe(true);
  });
});
