import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { formatAddress } from '../../../src/environment/address.js';
import type { Endpoint } from '../../../src/environment/connection.js';
import { SeedFileError } from '../../../src/persistence/seed-file.error.js';
import { PoolState, SettingName } from '../../../src/pool/pool-state.js';
import { SeedSources, type SeedSource } from '../../../src/pool/sources/seed-sources.js';
import { MemoryResolver, SeededRandom, VirtualClock } from '../../../src/testing/index.js';
import { RecordingLogger } from '../../support/recording-logger.js';

const MINUTE_MS = 60_000;

let clock: VirtualClock;
let resolver: MemoryResolver;
let logger: RecordingLogger;
let state: PoolState;
let stop: AbortController;
let seeds: Endpoint[];
let failure: Error | undefined;
/** Every time the seeds were read. */
let readings: number[];
/** What was found, as `source host:port …`. */
let found: string[];

beforeEach(() => {
  clock = new VirtualClock();
  resolver = new MemoryResolver({ 'a.example': ['20.1.0.1', '20.1.0.2'], 'b.example': ['2600::1'] });
  logger = new RecordingLogger();
  Logger.overrideLogger(logger);
  state = new PoolState(clock, new SeededRandom(1));
  stop = new AbortController();
  seeds = [
    { host: 'a.example', port: 1 },
    { host: '20.9.0.1', port: 2 },
    { host: 'b.example', port: 3 },
  ];
  failure = undefined;
  readings = [];
  found = [];
});
afterEach(() => Logger.overrideLogger(['log', 'warn', 'error']));

function sources(random = new SeededRandom(2)): SeedSources {
  return new SeedSources({
    clock,
    random,
    resolver,
    state,
    signal: stop.signal,
    readSeeds: () => {
      readings.push(clock.monotonic());
      return failure === undefined ? Promise.resolve(seeds) : Promise.reject(failure);
    },
    found: (addresses, source: SeedSource) => found.push([source, ...addresses.map(formatAddress)].join(' ')),
  });
}

/** Asks, and lets the answer come. */
async function ask(asked: SeedSources): Promise<void> {
  asked.ask();
  await clock.advance(0);
}

const FILE = 'file a.example:1 20.9.0.1:2 b.example:3';
const NAMES = 'names 20.1.0.1:1 20.1.0.2:1 [2600::1]:3';

describe('the sources of addresses', () => {
  it('are the seeds, then what their names mean', async () => {
    const asked = sources();
    await ask(asked);
    expect(found).toEqual([FILE]);
    await ask(asked);
    expect(found).toEqual([FILE, NAMES]);
    await ask(asked);
    expect(found).toHaveLength(2);
  });

  it('are asked one at a time', async () => {
    const asked = sources();
    asked.ask();
    asked.ask();
    await clock.advance(0);
    expect(found).toEqual([FILE]);
  });

  it('are the seeds as they are now: they are read anew each time', async () => {
    const asked = sources();
    await ask(asked);
    seeds = [{ host: '20.7.0.7', port: 7 }];
    await clock.advance(10 * MINUTE_MS);
    await ask(asked);
    expect(found).toEqual([FILE, 'file 20.7.0.7:7']);
  });

  it('wait longer and longer, each by itself, and never longer than five minutes', async () => {
    const asked = sources();
    const times: Record<SeedSource, number[]> = { file: [], names: [] };
    while (clock.monotonic() < 120 * MINUTE_MS) {
      const before = found.length;
      await ask(asked);
      if (found.length > before) times[found.at(-1)!.split(' ')[0] as SeedSource].push(clock.monotonic());
      else await clock.advance(500);
    }
    for (const source of ['file', 'names'] as const) {
      const gaps = times[source].slice(1).map((time, i) => time - times[source][i]!);
      gaps.forEach((gap, i) => expect(gap).toBeLessThanOrEqual(Math.min(5 * MINUTE_MS, 10_000 * 2 ** i) + 500));
      expect(Math.max(...gaps)).toBeGreaterThan(2 * MINUTE_MS);
      expect(gaps.length).toBeGreaterThan(30);
    }
    expect(times.file).not.toEqual(times.names);
  });

  it('wait as long after a restart', async () => {
    const asked = sources();
    await ask(asked);
    await ask(asked);
    const saved = new Map(state.takeChanges().settings);
    state = new PoolState(clock, new SeededRandom(1));
    state.restore([], saved);
    const again = sources();
    await ask(again);
    expect(found).toHaveLength(2);
    await clock.advance(10_000);
    await ask(again);
    expect(found).toEqual([FILE, NAMES, FILE]);
  });

  it('do not wait as long any more once somebody answered', async () => {
    const asked = sources();
    await ask(asked);
    await ask(asked);
    asked.healed();
    await ask(asked);
    expect(found).toEqual([FILE, NAMES, FILE]);
    state.takeChanges();
    asked.healed();
    expect([...state.takeChanges().settings.keys()]).toEqual([SettingName.seedBackoff]);
    asked.healed();
    expect([...state.takeChanges().settings.keys()]).toEqual([]);
  });

  it.each([
    'no JSON',
    'null',
    '17',
    '[]',
    '{}',
    '{"file":{}}',
    '{"file":{"failures":1,"nextAtMs":"soon"},"names":{"failures":1,"nextAtMs":9e99}}',
    '{"file":null,"names":null}',
  ])('are not kept waiting by a setting that is damaged: %s', async (text) => {
    state.restore([], new Map([[SettingName.seedBackoff, text]]));
    await ask(sources());
    expect(found).toEqual([FILE]);
  });

  it('wait five minutes at most although a clock that was wrong told them to wait for years', async () => {
    const nextAtMs = clock.now() + 1000 * 24 * 60 * MINUTE_MS;
    const text = JSON.stringify({ file: { failures: 3, nextAtMs }, names: { failures: 3, nextAtMs } });
    state.restore([], new Map([[SettingName.seedBackoff, text]]));
    const asked = sources();
    await ask(asked);
    expect(found).toEqual([]);
    await clock.advance(5 * MINUTE_MS);
    await ask(asked);
    expect(found).toEqual([FILE]);
  });

  it('are given up, with a line, where the seeds can not be read; the next is tried', async () => {
    failure = new SeedFileError('seeds.json', 3, 1, 'seeds', 'a list of addresses expected');
    const asked = sources();
    await ask(asked);
    expect(logger.warnings).toEqual([expect.stringContaining("seeds can't be read: ")]);
    expect(logger.warnings[0]).toContain('seeds.json');
    failure = undefined;
    await ask(asked);
    expect(found).toEqual([NAMES]);
  });

  it('say so when reading fails in a way that nobody has thought of, and go on', async () => {
    failure = new TypeError('odd');
    const asked = sources();
    await ask(asked);
    expect(logger.errors).toEqual([expect.stringContaining('odd')]);
    failure = undefined;
    await ask(asked);
    expect(found).toEqual([NAMES]);
  });

  it('leave out names that have no address now, and say nothing of it', async () => {
    resolver.set('a.example', []);
    const asked = sources();
    await ask(asked);
    await ask(asked);
    expect(found).toEqual([FILE, 'names [2600::1]:3']);
    expect([...logger.errors, ...logger.warnings]).toEqual([]);
  });

  it('say so when a resolver fails in a way that nobody has thought of, and take what the others gave', async () => {
    resolver.resolve = (host) =>
      host === 'a.example' ? Promise.reject(new TypeError('odd')) : Promise.resolve(['20.8.0.1']);
    const asked = sources();
    await ask(asked);
    await ask(asked);
    expect(found).toEqual([FILE, 'names 20.8.0.1:3']);
    expect(logger.errors).toEqual([expect.stringContaining('odd')]);
  });

  it('tell nothing where they have nothing', async () => {
    seeds = [{ host: '20.9.0.1', port: 2 }];
    const asked = sources();
    await ask(asked);
    await ask(asked);
    expect(found).toEqual(['file 20.9.0.1:2']);
  });

  it('tell nothing after the stop', async () => {
    const asked = sources();
    asked.ask();
    stop.abort();
    await clock.advance(0);
    expect(readings).toHaveLength(1);
    expect(found).toEqual([]);
    await ask(asked);
    expect(found).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
