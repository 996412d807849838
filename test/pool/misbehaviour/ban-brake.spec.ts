import { beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { BanBrake } from '../../../src/pool/misbehaviour/ban-brake.js';
import { VIRTUAL_START_MS, VirtualClock } from '../../../src/testing/virtual-clock.js';

const WINDOW = 600_000;

let clock: VirtualClock;
let brake: BanBrake;

beforeEach(() => {
  clock = new VirtualClock();
  brake = new BanBrake(clock, { share: 0.3, windowMs: WINDOW });
});

/** Bans clients of a node with that many until the brake says something else than yes. */
function banAll(connected: number): { readonly banned: number; readonly verdict: string } {
  for (let banned = 0; banned < connected; banned++) {
    const verdict = brake.allows(`192.0.2.${banned}`, connected - banned);
    if (verdict !== 'yes') return { banned, verdict };
  }
  return { banned: connected, verdict: 'yes' };
}

describe('the brake on automatic bans', () => {
  it.each([
    ['a node of 64 peers', 64, 19],
    ['a node of 10 peers', 10, 3],
    ['a node of 8 peers', 8, 2],
    ['a node of 3 peers, where two are no mass', 3, 2],
  ])('lets %s lose less than its share, then freezes', (_name, connected, banned) => {
    expect(banAll(connected)).toEqual({ banned, verdict: 'freeze' });
    expect(brake.share).toBeCloseTo((banned + 1) / connected, 9);
    expect(brake.share).toBeGreaterThan(0.3);
  });

  it.each([1, 2])('lets a node of %d peers ban them: fewer than three bans are no mass', (connected) => {
    expect(banAll(connected)).toEqual({ banned: connected, verdict: 'yes' });
  });

  it('says once that it freezes, then that it is frozen, until the window is over since it froze', async () => {
    const { banned } = banAll(10);
    await clock.advance(1000);
    expect(brake.frozenUntilMs).toBe(VIRTUAL_START_MS + WINDOW);
    expect(brake.allows('198.51.100.1', 100)).toBe('frozen');
    await clock.advance(WINDOW - 1001);
    expect(brake.allows('198.51.100.1', 100)).toBe('frozen');
    expect(brake.frozenUntilMs).toBe(VIRTUAL_START_MS + WINDOW);
    await clock.advance(1);
    expect(brake.frozenUntilMs).toBeUndefined();
    expect(brake.allows('198.51.100.1', 10 - banned)).toBe('yes');
    expect(brake.share).toBeCloseTo(1 / (10 - banned), 9);
  });

  it('freezes again when it goes on after the thaw', async () => {
    banAll(10);
    await clock.advance(WINDOW);
    expect(banAll(10)).toEqual({ banned: 3, verdict: 'freeze' });
    expect(brake.frozenUntilMs).toBe(VIRTUAL_START_MS + 2 * WINDOW);
  });

  it('forgets bans that are older than the window', async () => {
    for (let i = 0; i < 30; i++) {
      expect(brake.allows(`192.0.2.${i}`, 10)).toBe('yes');
      await clock.advance(WINDOW / 3);
    }
    expect(brake.share).toBeCloseTo(3 / 12, 9);
  });

  it('counts a client once, however often it is banned', () => {
    for (let i = 0; i < 20; i++) expect(brake.allows('192.0.2.1', 4)).toBe('yes');
    expect(brake.share).toBeCloseTo(1 / 4, 9);
  });

  it('counts a client anew from its last ban on', async () => {
    brake.allows('192.0.2.1', 4);
    await clock.advance(WINDOW - 1);
    brake.allows('192.0.2.1', 4);
    brake.allows('192.0.2.2', 4);
    await clock.advance(1);
    expect(brake.allows('192.0.2.3', 2)).toBe('freeze');
  });

  it('counts those that are gone already', () => {
    for (let i = 0; i < 2; i++) expect(brake.allows(`192.0.2.${i}`, 0)).toBe('yes');
    expect(brake.allows('192.0.2.9', 0)).toBe('freeze');
    expect(brake.share).toBe(1);
  });

  it('never freezes with a share of 1, and remembers no more than ten thousand clients', () => {
    brake = new BanBrake(clock, { share: 1, windowMs: WINDOW });
    const clients = Array.from({ length: 12_000 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
    expect(clients.filter((client) => brake.allows(client, 1) !== 'yes')).toEqual([]);
    brake.allows('192.0.2.1', 10_000);
    expect(brake.share).toBeLessThan(0.51);
  });

  it('counts a client that we chose within the window too', () => {
    for (let i = 0; i < 2; i++) brake.allows(`192.0.2.${i}`, 6, { connected: 20, banned: 0 });
    expect(brake.allows('192.0.2.9', 4)).toBe('freeze');
    expect(brake.share).toBeCloseTo(3 / 6, 9);
  });

  it('lets through at most the share of those there were, or two, in any window', async () => {
    const step = fc.record({ client: fc.nat({ max: 40 }), waitMs: fc.constantFrom(0, 0, 0, 1000, WINDOW / 2, WINDOW) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        async (steps, connected, share) => {
          const time = new VirtualClock();
          const tested = new BanBrake(time, { share, windowMs: WINDOW });
          const banned = new Map<number, number>();
          for (const { client, waitMs } of steps) {
            await time.advance(waitMs);
            if (tested.allows(String(client), connected) === 'yes') banned.set(client, time.monotonic());
            const recent = [...banned.values()].filter((atMs) => atMs > time.monotonic() - WINDOW).length;
            const most = share * (connected + recent - 1);
            expect(recent <= 2 || recent <= most + 1e-9).toBe(true);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** Bans clients that we chose, one a window, until the brake says something else than yes. @returns how many were banned */
async function banChosen(connected: number, { tested = brake, time = clock } = {}): Promise<number> {
  for (let banned = 0; banned < connected; banned++) {
    const chosen = { connected: connected - banned, banned };
    if (tested.allows(`192.0.2.${banned}`, 1000, chosen) !== 'yes') return banned;
    await time.advance(WINDOW);
  }
  return connected;
}

describe('the brake on automatic bans of those whom we chose', () => {
  it.each([
    ['of 8 whose places are taken by others', { connected: 8, banned: 2 }, 'yes'],
    ['of 8 whose places are taken by others', { connected: 8, banned: 3 }, 'freeze-chosen'],
    ['of 7', { connected: 7, banned: 2 }, 'freeze-chosen'],
    ['of 1, where two are no mass', { connected: 1, banned: 1 }, 'yes'],
    ['when nobody is left, where two are no mass', { connected: 0, banned: 1 }, 'yes'],
    ['when nobody is left', { connected: 0, banned: 2 }, 'freeze-chosen'],
  ] as const)('counts all that hold, however old they are: %s, %j', (_name, chosen, verdict) => {
    expect(brake.allows('192.0.2.1', 1000, chosen)).toBe(verdict);
  });

  it('says what share of them it would have been', () => {
    brake.allows('192.0.2.1', 1000, { connected: 8, banned: 3 });
    expect(brake.share).toBeCloseTo(4 / 11, 9);
  });

  it.each([
    [40, 12],
    [10, 3],
    [8, 2],
    [3, 2],
  ])('lets a node of %d lose %d of them for good, however much time goes by in between', async (connected, most) => {
    expect(await banChosen(connected)).toBe(most);
    for (let i = 0; i < 5; i++) {
      await clock.advance(WINDOW);
      expect(brake.allows('192.0.2.200', 1000, { connected: connected - most, banned: most })).toBe('freeze-chosen');
    }
  });

  it('lets go as soon as bans of them are over or lifted, and its window is', async () => {
    expect(brake.allows('192.0.2.1', 1000, { connected: 8, banned: 3 })).toBe('freeze-chosen');
    expect(brake.allows('192.0.2.1', 1000, { connected: 8, banned: 2 })).toBe('frozen');
    await clock.advance(WINDOW);
    expect(brake.allows('192.0.2.1', 1000, { connected: 8, banned: 2 })).toBe('yes');
  });

  it('freezes theirs alone: whoever dials us is banned without end meanwhile', async () => {
    brake.allows('192.0.2.1', 1000, { connected: 0, banned: 2 });
    for (let i = 0; i < 100; i++) expect(brake.allows(`198.51.100.${i}`, 1000)).toBe('yes');
    expect(brake.frozenUntilMs).toBe(VIRTUAL_START_MS + WINDOW);
    expect(brake.allows('192.0.2.2', 1000, { connected: 1000, banned: 0 })).toBe('frozen');
  });

  it('is frozen with all others, and frozen until the later of the two ends', async () => {
    banAll(10);
    await clock.advance(1000);
    expect(brake.allows('192.0.2.99', 1000, { connected: 100, banned: 0 })).toBe('frozen');
    await clock.advance(WINDOW - 2000);
    expect(brake.frozenUntilMs).toBe(VIRTUAL_START_MS + WINDOW);
    await clock.advance(1000);
    brake.allows('192.0.2.99', 1000, { connected: 0, banned: 2 });
    banAll(10);
    await clock.advance(1000);
    expect(brake.frozenUntilMs).toBe(VIRTUAL_START_MS + 2 * WINDOW);
    await clock.advance(WINDOW - 1000);
    expect(brake.frozenUntilMs).toBeUndefined();
  });

  it('never freezes with a share of 1', async () => {
    brake = new BanBrake(clock, { share: 1, windowMs: WINDOW });
    expect(await banChosen(50)).toBe(50);
    expect(brake.allows('192.0.2.99', 0, { connected: 0, banned: 50 })).toBe('yes');
  });

  it('never lets more than the share, or two, be banned at a time, whatever happens for however long', async () => {
    const step = fc.oneof(
      fc.record({ bans: fc.nat({ max: 60 }) }),
      fc.record({ lifts: fc.nat({ max: 60 }) }),
      fc.record({ waitMs: fc.constantFrom(1000, WINDOW, 10 * WINDOW) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 120 }),
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        async (steps, world, share) => {
          const time = new VirtualClock();
          const tested = new BanBrake(time, { share, windowMs: WINDOW });
          const banned = new Set<number>();
          for (const action of steps) {
            if ('waitMs' in action) await time.advance(action.waitMs);
            else if ('lifts' in action) banned.delete(action.lifts);
            else if (action.bans < world && !banned.has(action.bans)) {
              const chosen = { connected: world - banned.size, banned: banned.size };
              if (tested.allows(String(action.bans), 100_000, chosen) === 'yes') banned.add(action.bans);
            }
            expect(banned.size <= 2 || banned.size <= share * world + 1e-9).toBe(true);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
