import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  REASSEMBLY_GRACE_MS,
  ReassemblyBudget,
  type FrameHolder,
} from '../../../src/peer/connection/reassembly-budget.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { KITS } from '../../support/dialect-kit.js';
import { PeerLab } from '../../support/peer-lab.js';

class Holder implements FrameHolder {
  paused = false;
  evicted = false;

  constructor(readonly name: string) {}

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  evict(): void {
    this.evicted = true;
  }
}

function budgetOf(limit: number) {
  const clock = new VirtualClock();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => new Holder(name)) as [Holder, Holder, Holder];
  return { clock, budget: new ReassemblyBudget(limit, clock), a, b, c };
}

describe('the reassembly budget', () => {
  it('pauses the largest over the limit, and resumes it when there is room', () => {
    const { clock, budget, a, b, c } = budgetOf(100);
    budget.hold(a, 60);
    budget.hold(b, 30);
    expect([a.paused, b.paused]).toEqual([false, false]);
    budget.hold(c, 20);
    expect([a.paused, b.paused, c.paused]).toEqual([true, false, false]);
    budget.hold(c, 0);
    expect(a.paused).toBe(false);
    expect(budget.total).toBe(90);
    expect(clock.pending).toBe(0);
  });

  it('lets one read on although the limit is passed: a frame larger than it arrives alone', () => {
    const { budget, a, b } = budgetOf(100);
    budget.hold(a, 500);
    expect(a.paused).toBe(false);
    budget.hold(b, 10);
    expect([a.paused, b.paused]).toEqual([true, false]);
    budget.hold(b, 0);
    expect(a.paused).toBe(false);
    budget.hold(a, 0);
    expect(budget.total).toBe(0);
  });

  it('evicts the largest when there is no room for long, and the next, until there is', async () => {
    const { clock, budget, a, b, c } = budgetOf(100);
    budget.hold(a, 90);
    budget.hold(b, 80);
    budget.hold(c, 70);
    expect([a.paused, b.paused, c.paused]).toEqual([true, true, false]);
    await clock.advance(REASSEMBLY_GRACE_MS - 1);
    expect(a.evicted).toBe(false);
    await clock.advance(1);
    expect([a.evicted, b.evicted, c.evicted]).toEqual([true, false, false]);
    await clock.advance(REASSEMBLY_GRACE_MS);
    expect([b.evicted, c.evicted]).toEqual([true, false]);
    expect(budget.total).toBe(70);
    expect(clock.pending).toBe(0);
  });

  it('never stands still: whatever is held, somebody reads or somebody is evicted', async () => {
    const step = fc.record({ who: fc.nat(4), bytes: fc.nat(300) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const clock = new VirtualClock();
        const budget = new ReassemblyBudget(250, clock);
        const holders = ['a', 'b', 'c', 'd', 'e'].map((name) => new Holder(name));
        const held = new Map<Holder, number>();
        for (const { who, bytes } of steps) {
          const holder = holders[who]!;
          if (holder.paused || holder.evicted) continue; // as a peer: it holds what it holds
          held.set(holder, bytes);
          budget.hold(holder, bytes);
          const withFrame = holders.filter((other) => !other.evicted && (held.get(other) ?? 0) > 0);
          expect(withFrame.length === 0 || withFrame.some((other) => !other.paused)).toBe(true);
          expect(budget.paused).toBe(holders.filter((other) => other.paused && !other.evicted).length);
        }
        await clock.advance(REASSEMBLY_GRACE_MS * 10);
        expect(holders.filter((holder) => holder.paused && !holder.evicted)).toEqual([]);
        for (const holder of holders) budget.leave(holder);
        expect(budget.total).toBe(0);
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});

describe.each(KITS)('$name: peers with partial frames', (kit) => {
  const { network } = kit;

  it('share the budget: the largest waits, and its frame arrives in the end', async () => {
    const lab = new PeerLab({ network, limits: { reassemblyBytes: 50_000 }, timeouts: { keepaliveMs: 0 } });
    const large = await lab.ready();
    const small = await lab.ready();
    const frame = kit.frame('alert', new Uint8Array(60_000));
    const other = kit.frame('alert', new Uint8Array(30_000));
    large.remote.write(frame.subarray(0, 40_000));
    small.remote.write(other.subarray(0, 20_000));
    await lab.settle();
    large.remote.write(frame.subarray(40_000));
    await lab.settle();
    expect(lab.handled).toEqual([]); // it isn't read
    small.remote.write(other.subarray(20_000));
    await lab.settle();
    expect(lab.handled).toEqual(['alert', 'alert']);
    expect(lab.runtime.budget.total).toBe(0);
    expect([large.peer.state, small.peer.state]).toEqual(['ready', 'ready']);
    await lab.close();
  });

  it('are evicted one by one when they send no more, and the others go on', async () => {
    const lab = new PeerLab({ network, limits: { reassemblyBytes: 50_000 }, timeouts: { keepaliveMs: 0 } });
    const frame = kit.frame('alert', new Uint8Array(60_000));
    const attackers = [await lab.ready(), await lab.ready(), await lab.ready()];
    for (const [i, { remote }] of attackers.entries()) remote.write(frame.subarray(0, 40_000 + i));
    const honest = await lab.ready();
    honest.remote.write(frame.subarray(0, 100));
    await lab.clock.advance(60_000);
    honest.remote.write(Buffer.concat([frame.subarray(100), kit.frame('getaddr')]));
    await lab.settle();
    expect(lab.handled).toEqual(['alert', 'getaddr']);
    expect(lab.happened.filter((event) => event === 'disconnected evicted').length).toBeGreaterThanOrEqual(2);
    expect(honest.peer.state).toBe('ready');
    await lab.close();
  });
});
