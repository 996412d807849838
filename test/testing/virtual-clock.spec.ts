import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { ConditionNotMetError } from '../../src/testing/condition-not-met.error.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';

describe('VirtualClock', () => {
  it('begins at a fixed date, or where it is told, and stands still', async () => {
    const clock = new VirtualClock();
    expect(new Date(clock.now()).toISOString()).toBe('2026-01-01T00:00:00.000Z');
    expect(new VirtualClock({ startMs: 5 }).now()).toBe(5);
    expect(clock.monotonic()).toBe(0);
    await clock.advance(0);
    expect(clock.monotonic()).toBe(0);
    await clock.advance(1500);
    expect([clock.now() - Date.UTC(2026, 0, 1), clock.monotonic()]).toEqual([1500, 1500]);
  });

  it('fires timers in the order they are due, at the time they are due', async () => {
    const clock = new VirtualClock();
    const fired: [string, number][] = [];
    for (const [name, ms] of [
      ['c', 30],
      ['a', 10],
      ['late', 101],
      ['b', 20],
      ['a2', 10],
    ] as const) {
      clock.setTimeout(() => fired.push([name, clock.monotonic()]), ms);
    }
    await clock.advance(100);
    expect(fired).toEqual([
      ['a', 10],
      ['a2', 10],
      ['b', 20],
      ['c', 30],
    ]);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    expect(fired.at(-1)).toEqual(['late', 101]);
    expect(clock.pending).toBe(0);
  });

  it('fires timers that timers set, within the same move', async () => {
    const clock = new VirtualClock();
    const times: number[] = [];
    const again = (): void => {
      times.push(clock.monotonic());
      clock.setTimeout(again, 10);
    };
    clock.setTimeout(again, 10);
    await clock.advance(35);
    expect(times).toEqual([10, 20, 30]);
  });

  it('lets what a timer set off run before the next fires', async () => {
    const clock = new VirtualClock();
    const order: string[] = [];
    const slowly = async (): Promise<void> => {
      for (let i = 0; i < 20; i++) await Promise.resolve();
      order.push('reaction');
    };
    clock.setTimeout(() => void slowly(), 1);
    clock.setTimeout(() => order.push('next timer'), 1);
    await clock.advance(1);
    expect(order).toEqual(['reaction', 'next timer']);
  });

  it('lets what is under way run before it moves', async () => {
    const clock = new VirtualClock();
    let firedAt = 0;
    void Promise.resolve().then(() => clock.setTimeout(() => (firedAt = clock.monotonic()), 5));
    await clock.advance(5);
    expect(firedAt).toBe(5);
  });

  it('never fires a timer that was cancelled, also by one due at the same time', async () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    clock.setTimeout(() => {
      fired.push('first');
      second.cancel();
      second.cancel();
    }, 10);
    const second = clock.setTimeout(() => fired.push('second'), 10);
    const third = clock.setTimeout(() => fired.push('third'), 10);
    await clock.advance(20);
    third.cancel();
    second.refresh();
    await clock.advance(20);
    expect(fired).toEqual(['first', 'third']);
    expect(clock.pending).toBe(0);
  });

  it('starts the full time again at a refresh, also after the timer fired', async () => {
    const clock = new VirtualClock();
    const times: number[] = [];
    const timer = clock.setTimeout(() => times.push(clock.monotonic()), 100);
    await clock.advance(60);
    timer.refresh();
    await clock.advance(99);
    expect(times).toEqual([]);
    await clock.advance(1);
    expect(times).toEqual([160]);
    timer.refresh();
    timer.refresh();
    expect(clock.pending).toBe(1);
    await clock.advance(100);
    expect(times).toEqual([160, 260]);
  });

  it.each([
    [0, 1],
    [-5, 1],
    [Number.NaN, 1],
    [2.9, 2],
    [Infinity, 2 ** 31 - 1],
  ])('counts a timeout of %p as %p ms', async (ms, real) => {
    const clock = new VirtualClock();
    let firedAt = -1;
    clock.setTimeout(() => (firedAt = clock.monotonic()), ms);
    await clock.advance(real - 1);
    expect(firedAt).toBe(-1);
    await clock.advance(1);
    expect(firedAt).toBe(real);
  });

  it('does moves that were asked for at once one after the other', async () => {
    const clock = new VirtualClock();
    const times: number[] = [];
    for (const ms of [5, 15]) clock.setTimeout(() => times.push(clock.monotonic()), ms);
    await Promise.all([clock.advance(10), clock.advance(10)]);
    expect(clock.monotonic()).toBe(20);
    expect(times).toEqual([5, 15]);
  });

  it('rejects with what a timer throws, and goes on afterwards', async () => {
    const clock = new VirtualClock();
    const fault = new Error('in a timer');
    clock.setTimeout(() => {
      throw fault;
    }, 10);
    await expect(clock.advance(50)).rejects.toBe(fault);
    expect(clock.monotonic()).toBe(10);
    await clock.advance(10);
    expect(clock.monotonic()).toBe(20);
  });

  describe('until', () => {
    it('stops at the timer that makes it so', async () => {
      const clock = new VirtualClock();
      let done = false;
      clock.setTimeout(() => (done = true), 1234);
      clock.setTimeout(() => (done = false), 1235);
      await clock.until(() => done, 60_000);
      expect(clock.monotonic()).toBe(1234);
    });

    it('moves nothing if it is so already', async () => {
      const clock = new VirtualClock();
      await clock.until(() => true, 1000);
      expect(clock.monotonic()).toBe(0);
    });

    it('waits for real work of the system', async () => {
      const clock = new VirtualClock();
      let text = '';
      void readFile('package.json', 'utf8').then((read) => (text = read));
      await clock.until(() => text !== '', 1000);
      expect(text).toContain('nestjs-neo-peer');
    });

    it('throws a typed error when the limit passes, exactly then', async () => {
      const clock = new VirtualClock();
      const waiting = clock.until(() => clock.monotonic() > 500, 500);
      await expect(waiting).rejects.toBeInstanceOf(ConditionNotMetError);
      await expect(waiting).rejects.toMatchObject({ code: 'NEO_PEER_CONDITION_NOT_MET', limitMs: 500 });
      expect(clock.monotonic()).toBe(500);
      await clock.until(() => clock.monotonic() >= 505, 500);
      expect(clock.monotonic()).toBe(505);
    });
  });

  it('keeps ten thousand timers in order', async () => {
    const clock = new VirtualClock();
    const due: number[] = [];
    const timers = Array.from({ length: 10_000 }, (_, i) =>
      clock.setTimeout(() => due.push(clock.monotonic()), (i * 7919) % 997),
    );
    timers.forEach((timer, i) => (i % 3 === 0 ? timer.cancel() : i % 3 === 1 && timer.refresh()));
    await clock.advance(1000);
    expect(due).toHaveLength(6666);
    expect(due).toEqual(due.toSorted((a, b) => a - b));
  });
});
