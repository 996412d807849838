import { beforeEach, describe, expect, it } from '@jest/globals';
import { OwnAddresses } from '../../src/pool/own-addresses.js';
import { VirtualClock } from '../../src/testing/index.js';

const DAY_MS = 24 * 3_600_000;
const OURS = { host: '20.0.0.1', port: 10_333 };

let clock: VirtualClock;
let own: OwnAddresses;
beforeEach(() => {
  clock = new VirtualClock();
  own = new OwnAddresses(clock);
});

describe('our own addresses', () => {
  it('are known for a day, and not for good: addresses change hands', async () => {
    expect(own.has(OURS)).toBe(false);
    own.add(OURS);
    await clock.advance(DAY_MS - 1);
    expect([own.has(OURS), own.has({ ...OURS, port: 1 })]).toEqual([true, false]);
    await clock.advance(1);
    expect(own.has(OURS)).toBe(false);
  });

  it('are known for another day when we meet ourselves again', async () => {
    own.add(OURS);
    await clock.advance(DAY_MS - 1);
    own.add({ ...OURS });
    await clock.advance(DAY_MS - 1);
    expect(own.has(OURS)).toBe(true);
  });

  it('are a thousand at most, the latest', () => {
    for (let port = 1; port <= 1001; port++) own.add({ ...OURS, port });
    expect([1, 2, 1001].map((port) => own.has({ ...OURS, port }))).toEqual([false, true, true]);
    own.add({ ...OURS, port: 2 });
    own.add({ ...OURS, port: 2000 });
    expect([2, 3, 4].map((port) => own.has({ ...OURS, port }))).toEqual([true, false, true]);
  });
});
