import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Alarms, type Sleeper } from '../../src/environment/alarms.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';

function bedroom() {
  const clock = new VirtualClock();
  const alarms = new Alarms(clock);
  const woken: string[] = [];
  const sleeper = (name: string, then: (self: Sleeper) => void = () => undefined): Sleeper => ({
    dueMs: 0,
    order: 0,
    place: -1,
    wake() {
      woken.push(`${name} ${clock.monotonic()}`);
      then(this);
    },
  });
  return { clock, alarms, woken, sleeper };
}

describe('alarms', () => {
  it('wake everybody at their time, in the order of their times', async () => {
    const { clock, alarms, woken, sleeper } = bedroom();
    alarms.set(sleeper('c'), 30);
    alarms.set(sleeper('a'), 10);
    alarms.set(sleeper('b'), 20);
    await clock.advance(25);
    expect(woken).toEqual(['a 10', 'b 20']);
    await clock.advance(25);
    expect(woken).toEqual(['a 10', 'b 20', 'c 30']);
  });

  it('wake those of the same time in the order they were set', async () => {
    const { clock, alarms, woken, sleeper } = bedroom();
    for (const name of ['a', 'b', 'c', 'd']) alarms.set(sleeper(name), 10);
    await clock.advance(10);
    expect(woken).toEqual(['a 10', 'b 10', 'c 10', 'd 10']);
  });

  it('are set anew, later or sooner', async () => {
    const { clock, alarms, woken, sleeper } = bedroom();
    const [a, b] = [sleeper('a'), sleeper('b')];
    alarms.set(a, 10);
    alarms.set(b, 50);
    alarms.set(a, 40);
    alarms.set(b, 5);
    await clock.advance(100);
    expect(woken).toEqual(['b 5', 'a 40']);
  });

  it('may be set by who is woken', async () => {
    const { clock, alarms, woken, sleeper } = bedroom();
    alarms.set(
      sleeper('a', (self) => alarms.set(self, 10)),
      10,
    );
    await clock.advance(35);
    expect(woken).toEqual(['a 10', 'a 20', 'a 30']);
  });

  it('let sleep who is cancelled or never due, and then keep no timer', async () => {
    const { clock, alarms, woken, sleeper } = bedroom();
    const [a, b] = [sleeper('a'), sleeper('b')];
    alarms.set(a, 10);
    alarms.set(b, Infinity);
    expect(clock.pending).toBe(1);
    alarms.cancel(a);
    alarms.cancel(a);
    expect(clock.pending).toBe(0);
    await clock.advance(100);
    expect(woken).toEqual([]);
    alarms.set(a, 10);
    await clock.advance(100);
    expect(woken).toEqual(['a 110']);
  });

  it('wake the others when one of them throws', async () => {
    const { clock, alarms, woken, sleeper } = bedroom();
    const broken = sleeper('broken', () => {
      throw new Error('no');
    });
    alarms.set(broken, 10);
    alarms.set(sleeper('a'), 10);
    await expect(clock.advance(10)).rejects.toThrow('no');
    await clock.advance(10);
    expect(woken[0]).toBe('broken 10');
    expect(woken[1]).toMatch(/^a 1[01]$/);
  });

  it('behave as a timer each would', async () => {
    const step = fc.record({ who: fc.nat(5), ms: fc.option(fc.integer({ min: 1, max: 50 })), pass: fc.nat(20) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { clock, alarms, woken, sleeper } = bedroom();
        const expected: string[] = [];
        const sleepers = Array.from({ length: 6 }, (_, i) => sleeper(String(i)));
        const timers: { cancel(): void }[] = [];
        for (const { who, ms, pass } of steps) {
          timers[who]?.cancel();
          if (ms === null) {
            alarms.cancel(sleepers[who]!);
          } else {
            alarms.set(sleepers[who]!, ms);
            timers[who] = clock.setTimeout(() => expected.push(`${who} ${clock.monotonic()}`), ms);
          }
          await clock.advance(pass);
        }
        await clock.advance(100);
        expect(woken.toSorted()).toEqual(expected.toSorted());
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 50 },
    );
  });
});
