import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Ban } from '../../../src/persistence/ban.js';
import { Subnet } from '../../../src/pool/addresses/subnet.js';
import { BanList } from '../../../src/pool/bans/ban-list.js';
import type { TakenBans } from '../../../src/pool/bans/pending-bans.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { ADDRESSES, banOf, blocks, NaiveBans, steps, subjectOf, type Step } from './naive-bans.js';

/** A list of bans beside the model it must agree with, and a store that it is saved to. */
class Bench {
  readonly clock = new VirtualClock();
  readonly bans = new BanList(this.clock);
  readonly model = new NaiveBans();
  readonly stored = new Map<string, Ban>();
  /** Every ban that {@link BanList.sweep} told of. */
  readonly ended: Ban[] = [];
  #failing: TakenBans | undefined;

  async take(step: Step): Promise<void> {
    const nowMs = this.clock.now();
    switch (step.kind) {
      case 'put':
        this.bans.put(banOf(step, nowMs));
        return this.model.put(step.block, banOf(step, nowMs), nowMs);
      case 'lift':
        this.bans.lift(Subnet.parse(subjectOf(step.block))!);
        return this.model.lift(step.block, nowMs);
      case 'wait':
        return this.clock.advance(step.ms);
      case 'save':
        return this.save(step.fails);
      default:
        return step satisfies never;
    }
  }

  /** One that fails does so when the next one begins: meanwhile more may have changed. */
  save(fails: boolean): void {
    this.ended.push(...this.bans.sweep());
    if (this.#failing !== undefined) this.bans.giveBack(this.#failing);
    const taken = this.bans.takeChanges();
    this.#failing = fails ? taken : undefined;
    if (fails) return;
    for (const subject of taken.removed) this.stored.delete(subject);
    for (const ban of taken.put) this.stored.set(ban.subject, ban);
  }

  decisions(): (number | undefined)[] {
    return ADDRESSES.map((address) => this.bans.decide(subjectOf(address))?.untilMs);
  }
}

async function benchAfter(taken: readonly Step[]): Promise<Bench> {
  const bench = new Bench();
  for (const step of taken) await bench.take(step);
  return bench;
}

describe('after any sequence of bans, lifts and time', () => {
  it('the list decides about every address as a model does that knows only single addresses', async () => {
    await fc.assert(
      fc.asyncProperty(steps(), async (taken) => {
        const { bans, model, clock } = await benchAfter(taken);
        for (const address of ADDRESSES) {
          expect(bans.decide(subjectOf(address))).toEqual(model.decide(address, clock.now()));
        }
        expect(bans.list()).toEqual(model.list(clock.now()));
        expect(bans.size).toBe(bans.list().length);
      }),
      { numRuns: 500 },
    );
  });

  it('a lift frees the addresses it names, and changes nothing for any other', async () => {
    await fc.assert(
      fc.asyncProperty(steps(), blocks(), async (taken, block) => {
        const bench = await benchAfter(taken);
        const before = bench.decisions();
        bench.bans.lift(Subnet.parse(subjectOf(block))!);
        const expected = ADDRESSES.map(({ family, first }, i) => {
          const isLifted = family === block.family && first >= block.first && first < block.first + block.size;
          return isLifted ? undefined : before[i];
        });
        expect(bench.decisions()).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('what was saved makes the same list, though some saves failed', async () => {
    await fc.assert(
      fc.asyncProperty(steps(), async (taken) => {
        const bench = await benchAfter(taken);
        bench.save(false);
        const restored = new BanList(bench.clock);
        expect(restored.restore(bench.stored.values())).toBe(0);
        expect(restored.list()).toEqual(bench.bans.list());
        expect(restored.sweep()).toEqual([]); // none of what is over was left in the store
        expect(restored.takeChanges()).toEqual({ put: [], removed: [] });
      }),
      { numRuns: 300 },
    );
  });

  it('every ban that is over was told once, and is over', async () => {
    await fc.assert(
      fc.asyncProperty(steps(), async (taken) => {
        const bench = await benchAfter(taken);
        bench.save(false);
        for (const ban of bench.ended) expect(ban.untilMs).toBeLessThanOrEqual(bench.clock.now());
        expect(new Set(bench.ended).size).toBe(bench.ended.length);
        await bench.clock.advance(100);
        const left = bench.bans.sweep().length;
        expect(left).toBe(bench.stored.size);
        expect(bench.bans.size).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
