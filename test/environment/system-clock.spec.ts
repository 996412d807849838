import { describe, expect, it } from '@jest/globals';
import { SystemClock } from '../../src/environment/system-clock.js';
import { eventually } from '../support/transport-conformance.js';

/** Timers that would keep the process alive. */
function holding(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

describe('SystemClock', () => {
  const clock = new SystemClock();

  /** Lets time pass while no timer can fire, however busy the machine is. */
  function hold(ms: number): void {
    const end = clock.monotonic() + ms;
    while (clock.monotonic() < end);
  }

  it('tells the time of day', () => {
    const before = Date.now();
    const now = clock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  it('measures durations that never go back', () => {
    const times = Array.from({ length: 1000 }, () => clock.monotonic());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('fires a timer once, not before its time, and again after a refresh', async () => {
    const begin = clock.monotonic();
    const times: number[] = [];
    const timer = clock.setTimeout(() => times.push(clock.monotonic() - begin), 20);
    await eventually(() => times.length === 1);
    expect(times[0]).toBeGreaterThan(18); // Node's timers count whole milliseconds from the turn's beginning
    timer.refresh();
    await eventually(() => times.length === 2);
    expect(times[1]! - times[0]!).toBeGreaterThan(18);
  });

  it('starts the full time again at a refresh', async () => {
    const order: string[] = [];
    const refreshed = clock.setTimeout(() => order.push('refreshed'), 40);
    hold(10);
    clock.setTimeout(() => order.push('set later'), 40);
    hold(10);
    refreshed.refresh();
    await eventually(() => order.length === 2);
    expect(order).toEqual(['set later', 'refreshed']);
  });

  it('never fires a timer that was cancelled, though it is refreshed', async () => {
    const fired: string[] = [];
    const timer = clock.setTimeout(() => fired.push('cancelled'), 1);
    timer.cancel();
    timer.cancel();
    timer.refresh();
    clock.setTimeout(() => fired.push('later'), 10);
    await eventually(() => fired.length > 0);
    expect(fired).toEqual(['later']);
  });

  it('waits long where Node would not wait at all', async () => {
    const fired: string[] = [];
    const timers = [Infinity, 2 ** 31, 2 ** 40].map((ms) => clock.setTimeout(() => fired.push(`${ms}`), ms));
    clock.setTimeout(() => fired.push('soon'), 10);
    await eventually(() => fired.length > 0);
    expect(fired).toEqual(['soon']);
    for (const timer of timers) timer.cancel();
  });

  it('does not keep the process alive, also after a refresh', () => {
    const before = holding();
    const timer = clock.setTimeout(() => undefined, 60_000);
    timer.refresh();
    expect(holding()).toBe(before);
    timer.cancel();
  });
});
