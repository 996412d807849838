import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type HeapTimer, TimerHeap } from '../../src/environment/timer-heap.js';

type Step = { readonly add: number } | { readonly remove: number } | { readonly take: true };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ add: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ remove: fc.nat() }) },
    { weight: 2, arbitrary: fc.constant({ take: true } as const) },
  ),
  { maxLength: 200 },
);

/** A timer, by what it was made with. */
function timer(dueMs: number, order: number): HeapTimer {
  return { dueMs, order, place: -1 };
}

/** Does the same to a heap and to a list that is sorted each time; gives what each step left of both. */
function play(todo: readonly Step[]): { readonly heap: unknown[]; readonly list: unknown[] } {
  const heap = new TimerHeap<HeapTimer>();
  let list: HeapTimer[] = [];
  const seen: { heap: unknown[]; list: unknown[] } = { heap: [], list: [] };
  for (const [order, step] of todo.entries()) {
    if ('add' in step) {
      const added = timer(step.add, order);
      heap.add(added);
      list = [...list, added].toSorted((a, b) => a.dueMs - b.dueMs || a.order - b.order);
    } else {
      const gone = 'remove' in step ? list[step.remove % Math.max(1, list.length)] : heap.first;
      seen.heap.push(gone !== undefined && heap.remove(gone), gone !== undefined && heap.remove(gone));
      seen.list.push(list.includes(gone!), false);
      list = list.filter((other) => other !== gone);
    }
    seen.heap.push(heap.size, heap.first?.order);
    seen.list.push(list.length, list[0]?.order);
  }
  return seen;
}

describe('TimerHeap', () => {
  it('gives out as a sorted list does, whatever is added and removed', () => {
    fc.assert(
      fc.property(steps, (todo) => {
        const { heap, list } = play(todo);
        expect(heap).toEqual(list);
      }),
    );
  });

  it('does not take out what another heap has', () => {
    const [one, other] = [new TimerHeap<HeapTimer>(), new TimerHeap<HeapTimer>()];
    const own = timer(1, 1);
    one.add(own);
    other.add(timer(1, 1));
    expect(other.remove(own)).toBe(false);
    expect([one.size, other.size]).toEqual([1, 1]);
  });
});
