import type { DynamicModule } from '@nestjs/common';
import { ScheduleModule, type SchedulerRegistry } from '@nestjs/schedule';
import type { Clock, Timer } from '../../environment/clock.js';
import type { RandomSource } from '../../environment/random-source.js';
import { storeError } from '../../persistence/driver-errors.js';
import type { StoreError } from '../../persistence/store.error.js';

/** First pause after a save that failed, in milliseconds, unless saves are more frequent anyway. */
const FIRST_RETRY_MS = 1000;

/** Longest pause after saves that failed, in milliseconds, unless saves are rarer anyway: an operator waits that long. */
const LONGEST_RETRY_MS = 60_000;

/** One run of the save. */
export interface SaveRun {
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** Why nothing was written. */
  readonly error?: StoreError;
}

/** What {@link SaveTask} works with. */
export interface SaveTaskParts {
  /** `RecordPersistence`. */
  readonly persistence: { save(): Promise<void> };
  /** The private one, from {@link saveScheduleModule}. */
  readonly registry: SchedulerRegistry;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** The module's name. @default 'default' */
  readonly name?: string | undefined;
  readonly intervalMs: number;
}

/**
 * A registry of our own, whose explorer is off: a second registry with one would run the host's jobs twice.
 *
 * @internal
 */
export function saveScheduleModule(): DynamicModule {
  return { ...ScheduleModule.forRoot({ cronJobs: false, intervals: false, timeouts: false }), global: false };
}

/**
 * Saves from time to time. Each run sets the timer for the next, so two never overlap. It stands in the registry as the
 * interval `neo-peer:<name>:save`, where its last run can be read.
 *
 * @internal
 */
export class SaveTask {
  /** The job's name in the registry. */
  readonly job: string;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #lastRun: SaveRun | undefined;
  #failuresInARow = 0;
  #stopped = false;

  constructor(private readonly parts: SaveTaskParts) {
    this.job = `neo-peer:${parts.name ?? 'default'}:save`;
  }

  /** The last run that has ended. */
  get lastRun(): SaveRun | undefined {
    return this.#lastRun;
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  /** Begins to save. @param failed whether the store is known not to work: the first run then comes sooner */
  start(failed = false): void {
    if (failed) this.#failuresInARow = 1;
    this.parts.registry.addInterval(this.job, this);
    this.#arm();
  }

  /** Saves now, or waits for the save under way. Never rejects: see {@link lastRun}. */
  run(): Promise<void> {
    this.#running ??= this.#save().finally(() => {
      this.#running = undefined;
      this.#arm();
    });
    return this.#running;
  }

  /** Takes the job out of the registry, waits for the save under way, and saves a last time. Idempotent. */
  async stop(): Promise<void> {
    if (this.#stopped) return this.#running;
    this.#stopped = true;
    this.#timer?.cancel();
    const { registry } = this.parts;
    // At shutdown the registry may have been emptied before us.
    if (registry.doesExist('interval', this.job)) registry.deleteInterval(this.job);
    await this.#running;
    await this.run();
  }

  #arm(): void {
    this.#timer?.cancel();
    if (!this.#stopped) this.#timer = this.parts.clock.setTimeout(() => void this.run(), this.#pauseMs());
  }

  /** After failures: doubled each time up to a cap, between half of it and the whole. */
  #pauseMs(): number {
    const { intervalMs, random } = this.parts;
    if (this.#failuresInARow === 0) return intervalMs;
    const longest = Math.max(intervalMs, LONGEST_RETRY_MS);
    const doubled = Math.min(longest, Math.min(intervalMs, FIRST_RETRY_MS) * 2 ** (this.#failuresInARow - 1));
    return doubled / 2 + random.integer(Math.floor(doubled / 2) + 1);
  }

  async #save(): Promise<void> {
    const { persistence, clock } = this.parts;
    const startedAtMs = clock.now();
    const begin = clock.monotonic();
    try {
      await persistence.save();
      this.#failuresInARow = 0;
      this.#lastRun = { startedAtMs, durationMs: clock.monotonic() - begin };
    } catch (cause) {
      const error = storeError('peer store', cause);
      this.#failuresInARow++;
      this.#lastRun = { startedAtMs, durationMs: clock.monotonic() - begin, error };
    }
  }
}
