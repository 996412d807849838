import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { Interval, ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { saveScheduleModule, SaveTask } from '../../../src/peer/records/save-task.js';
import { StoreError } from '../../../src/persistence/store.error.js';
import { SeededRandom } from '../../../src/testing/seeded-random.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';

const failing = (): Promise<void> => Promise.reject(new StoreError('x', 'locked', 'x'));

describe('SaveTask', () => {
  let clock: VirtualClock;
  let registry: SchedulerRegistry;
  let saves: number[];
  let save: () => Promise<void>;
  let task: SaveTask;

  beforeEach(() => {
    clock = new VirtualClock();
    registry = new SchedulerRegistry();
    saves = [];
    save = () => Promise.resolve();
    task = new SaveTask({ persistence, registry, clock, random: new SeededRandom(1), intervalMs: 30_000 });
  });
  afterEach(() => task.stop());

  const persistence = {
    save: (): Promise<void> => {
      saves.push(clock.monotonic());
      return save();
    },
  };

  it('saves every interval', async () => {
    task.start();
    await clock.advance(95_000);
    expect(saves).toEqual([30_000, 60_000, 90_000]);
  });

  it('stands in the registry under the name of its module, with its last run', async () => {
    const named = new SaveTask({
      persistence,
      registry,
      clock,
      random: new SeededRandom(1),
      name: 'testnet',
      intervalMs: 1000,
    });
    task.start();
    named.start();
    expect(registry.getIntervals()).toEqual(['neo-peer:default:save', 'neo-peer:testnet:save']);
    const job = registry.getInterval<SaveTask>('neo-peer:default:save');
    expect(job.lastRun).toBeUndefined();
    await clock.advance(30_000);
    expect(job.lastRun).toEqual({ startedAtMs: clock.now(), durationMs: 0 });
    await named.stop();
    expect(registry.getIntervals()).toEqual(['neo-peer:default:save']);
  });

  it('never runs twice at a time: the interval begins when the save has ended', async () => {
    const ends: (() => void)[] = [];
    save = () => new Promise((resolve) => ends.push(resolve));
    task.start();
    await clock.advance(300_000);
    expect(saves).toEqual([30_000]);
    expect(task.running).toBe(true);
    ends[0]!();
    await clock.advance(30_000);
    expect(saves).toEqual([30_000, 330_000]);
    expect(task.lastRun?.durationMs).toBe(270_000);
    save = () => Promise.resolve();
    ends[1]!();
  });

  it('goes on after a failure, sooner at first and then at most a minute apart, and keeps the error readable', async () => {
    save = failing;
    task.start();
    await clock.advance(600_000);
    const pauses = saves.slice(1).map((at, i) => at - saves[i]!);
    expect(pauses[0]).toBeLessThanOrEqual(1000);
    expect(pauses.slice(0, 6).every((pause, i) => pause >= 500 * 2 ** i && pause <= 1000 * 2 ** i)).toBe(true);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(60_000);
    expect(Math.max(...pauses)).toBeGreaterThan(30_000);
    expect(task.lastRun?.error).toMatchObject({ problem: 'locked' });
    save = () => Promise.resolve();
    await clock.advance(60_000);
    expect(task.lastRun?.error).toBeUndefined();
    saves.length = 0;
    await clock.advance(60_000);
    expect(saves).toHaveLength(2);
  });

  it('tries soon when the store is known not to work', async () => {
    task.start(true);
    await clock.advance(1000);
    expect(saves).toHaveLength(1);
  });

  it('saves now when it is asked to, and then after an interval', async () => {
    task.start();
    await clock.advance(29_000);
    await task.run();
    await clock.advance(29_999);
    expect(saves).toEqual([29_000]);
    await clock.advance(1);
    expect(saves).toEqual([29_000, 59_000]);
  });

  it('joins the save under way when it is asked to save', async () => {
    const ends: (() => void)[] = [];
    save = () => new Promise((resolve) => ends.push(resolve));
    const both = [task.run(), task.run()];
    save = () => Promise.resolve();
    ends[0]!();
    await Promise.all(both);
    expect(saves).toHaveLength(1);
  });

  it('waits for the save under way when it is stopped, saves a last time, and leaves nothing behind', async () => {
    const ends: (() => void)[] = [];
    save = () => new Promise((resolve) => ends.push(resolve));
    task.start();
    await clock.advance(30_000);
    let stopped = false;
    const stopping = Promise.all([task.stop(), task.stop()]).then(() => (stopped = true));
    await clock.advance(1000);
    expect([stopped, saves.length]).toEqual([false, 1]);
    save = () => Promise.resolve();
    ends[0]!();
    await stopping;
    expect(saves).toEqual([30_000, 31_000]);
    expect(registry.getIntervals()).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('stops also when the last save fails, or the registry was emptied before', async () => {
    save = failing;
    task.start();
    registry.deleteInterval('neo-peer:default:save');
    await task.stop();
    expect(task.lastRun?.error).toBeInstanceOf(StoreError);
    expect(clock.pending).toBe(0);
  });

  it('has a registry of its own beside the one of the host, and leaves the jobs of the host to that one', async () => {
    @Injectable()
    class HostJob {
      @Interval('host-job', 3_600_000)
      tick(): void {}
    }
    @Module({
      imports: [saveScheduleModule()],
      providers: [{ provide: 'ours', useFactory: (ours: SchedulerRegistry) => ours, inject: [SchedulerRegistry] }],
    })
    class Ours {}
    @Module({
      imports: [ScheduleModule.forRoot(), Ours],
      providers: [
        HostJob,
        { provide: 'theirs', useFactory: (theirs: SchedulerRegistry) => theirs, inject: [SchedulerRegistry] },
      ],
    })
    class Host {}
    const app = await Test.createTestingModule({ imports: [Host] }).compile();
    await app.init();
    const ours = app.get<SchedulerRegistry>('ours', { strict: false });
    const theirs = app.get<SchedulerRegistry>('theirs', { strict: false });
    expect(ours).not.toBe(theirs);
    expect(theirs.getIntervals()).toEqual(['host-job']);
    expect(ours.getIntervals()).toEqual([]);
    await app.close();
  });
});
