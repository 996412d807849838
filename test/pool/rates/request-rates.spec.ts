import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { FLOOD_FACTOR, RequestRates } from '../../../src/pool/rates/request-rates.js';

const RATES = { getdata: { perSecond: 10, burst: 4 }, ping: { perSecond: 1, burst: 2 } } as const;

describe('rates of requests', () => {
  it('leave alone what has none', () => {
    expect(new RequestRates(RATES).arrived('verack', 0)).toBeUndefined();
    expect(new RequestRates({}).arrived('getdata', 0)).toBeUndefined();
  });

  it('let a burst pass, and make what comes faster wait its turn', () => {
    const rates = new RequestRates(RATES);
    const waits = Array.from({ length: 7 }, () => rates.arrived('getdata', 0)?.waitMs);
    expect(waits).toEqual([0, 0, 0, 0, 100, 200, 300]);
    expect(rates.arrived('getdata', 300)).toEqual({ waitMs: 100, flood: false });
    expect(rates.arrived('getdata', 10_000)).toEqual({ waitMs: 0, flood: false });
  });

  it('count every command by itself', () => {
    const rates = new RequestRates(RATES);
    for (let i = 0; i < 10; i++) rates.arrived('getdata', 0);
    expect(rates.arrived('ping', 0)).toEqual({ waitMs: 0, flood: false });
    rates.arrived('ping', 0);
    expect(rates.arrived('ping', 0)).toEqual({ waitMs: 1000, flood: false });
  });

  it('serve no more than a debt of three bursts, and call each burst above it a flood', () => {
    const rates = new RequestRates(RATES);
    const { burst } = RATES.getdata;
    const verdicts = Array.from({ length: 30 }, () => rates.arrived('getdata', 0)!);
    const served = burst + FLOOD_FACTOR * burst;
    expect(verdicts.map(({ waitMs }) => waitMs === undefined).indexOf(true)).toBe(served);
    expect(verdicts.slice(served).every(({ waitMs }) => waitMs === undefined)).toBe(true);
    const floods = verdicts.flatMap(({ flood }, i) => (flood ? [i] : []));
    expect(floods).toEqual([served, served + burst, served + 2 * burst, served + 3 * burst]);
  });

  it('let nobody wait for more than that debt, and serve again as it is paid', () => {
    const rates = new RequestRates(RATES);
    const waits = Array.from({ length: 500 }, () => rates.arrived('getdata', 0)!.waitMs ?? 0);
    expect(Math.max(...waits)).toBe(FLOOD_FACTOR * RATES.getdata.burst * 100);
    expect(rates.arrived('getdata', 100)).toEqual({ waitMs: FLOOD_FACTOR * RATES.getdata.burst * 100, flood: false });
    expect(rates.arrived('getdata', 100)).toEqual({ waitMs: undefined, flood: true });
    expect(rates.arrived('getdata', 100)).toEqual({ waitMs: undefined, flood: false });
    expect(rates.arrived('getdata', 100_000)).toEqual({ waitMs: 0, flood: false });
  });

  it('never call it a flood when every request waits as it is told', () => {
    const rate = fc.record({ perSecond: fc.integer({ min: 1, max: 100 }), burst: fc.integer({ min: 1, max: 50 }) });
    fc.assert(
      fc.property(rate, fc.array(fc.nat({ max: 300 }), { maxLength: 100 }), (getdata, pauses) => {
        const rates = new RequestRates({ getdata });
        let nowMs = 0;
        for (const pause of pauses) {
          const { waitMs, flood } = rates.arrived('getdata', nowMs)!;
          expect(flood).toBe(false);
          nowMs += waitMs! + pause;
        }
      }),
    );
  });
});
