import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Ban } from '../../src/persistence/ban.js';
import { CommandStatisticEntity } from '../../src/persistence/command-statistic.entity.js';
import type { CommandStatistic } from '../../src/persistence/command-statistic.js';
import { MemoryPeerStore } from '../../src/persistence/memory-peer-store.js';
import type { PeerRecord } from '../../src/persistence/peer-record.js';
import type { PeerStore } from '../../src/persistence/peer-store.js';
import { SeededRandom } from '../../src/testing/seeded-random.js';
import { compile } from '../support/compile.js';
import { TEST_DB, TestDatabase } from '../support/database.js';
import { COUNTER, numberedSave, SAVED_NETWORK } from '../support/numbered-saves.js';
import { all } from '../support/records.js';

const KILLS = 200;

/** Databases that are written at the same time, each by a child of its own. */
const DATABASES = Math.max(2, Math.min(4, availableParallelism()));

/** A child is killed in one of its first saves, of which this is the last. */
const MOST_SAVES = 4;

type Child = ChildProcessByStdio<Writable, Readable, null>;

/** All that a store has. */
interface Contents {
  readonly peers: readonly PeerRecord[];
  readonly statistics: readonly CommandStatistic[];
  readonly bans: readonly Ban[];
  readonly settings: ReadonlyMap<string, string>;
}

/** In an order that is the same for all stores. */
async function contents(store: PeerStore, statistics: readonly CommandStatistic[]): Promise<Contents> {
  return {
    peers: (await all(store.load(SAVED_NETWORK))).toSorted(by('host')),
    statistics: statistics.toSorted(by('host')),
    bans: (await all(store.loadBans(SAVED_NETWORK))).toSorted(by('subject')),
    settings: await store.loadSettings(SAVED_NETWORK),
  };
}

function by<Field extends string>(field: Field): (a: Record<Field, string>, b: Record<Field, string>) => number {
  return (a, b) => (a[field] < b[field] ? -1 : Number(a[field] > b[field]));
}

/** What is in the file, opened as an application opens it. */
async function found(database: TestDatabase): Promise<Contents> {
  const store = database.store({}, undefined, '');
  await store.save({ peers: [], statistics: [] }); // it can be written, too
  expect(await store.dataSource.query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  const read = await contents(store, await store.dataSource.getRepository(CommandStatisticEntity).find());
  await store.close();
  return read;
}

/** Lets a child work for a while and kills it. Gives the last save that was done and the last that had begun. */
async function killed(child: Child, file: string, random: SeededRandom): Promise<{ saved: number; taken: number }> {
  const ended = once(child, 'exit');
  const fatal = 1 + random.integer(MOST_SAVES);
  const last = { saved: 0, taken: 0 };
  let [saves, takenAt, tookMs] = [0, 0, 0];
  child.stdin.end(`${file}\n`);
  for await (const line of createInterface({ input: child.stdout })) {
    const [what, number] = line.split(' ');
    last[what as 'saved' | 'taken'] = Number(number);
    if (what === 'saved') tookMs = performance.now() - takenAt;
    else takenAt = performance.now();
    // At some moment of a save that takes about as long as the one before.
    if (what === 'taken' && ++saves === fatal)
      void pause(random.integer(2 + Math.ceil(tookMs))).then(() => child.kill('SIGKILL'));
  }
  expect(await ended).toEqual([null, 'SIGKILL']);
  return last;
}

// The child finds its packages by itself, so this is for the drivers of this package.json only.
(TEST_DB === 'sqlite' ? describe : describe.skip)('a process that is killed while it saves', () => {
  let compiled: string;
  beforeAll(async () => {
    compiled = await compile(
      'src/wire/primitives',
      'src/environment',
      'src/config',
      'src/persistence',
      'test/support/records.ts',
      'test/support/numbered-saves.ts',
      'test/support/saving-child.ts',
    );
  });
  afterAll(() => rm(compiled, { recursive: true, force: true }));

  /**
   * A child that loads its packages, which takes three quarters of its time, and then waits for the path of a database. Code
   * that runs once isn't worth optimizing: without it a quarter of that is saved.
   */
  function started(): Child {
    const script = join(compiled, 'test', 'support', 'saving-child.js');
    return spawn(process.execPath, ['--no-opt', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  }

  async function killAgainAndAgain(times: number, seed: number): Promise<{ rounds: number; saves: number }> {
    const random = new SeededRandom(seed);
    const database = await TestDatabase.create();
    const model = new MemoryPeerStore();
    let [modelled, rounds] = [0, 0];
    let next: Child | undefined = started();
    try {
      for (let i = 0; i < times; i++) {
        const child: Child = next ?? started();
        next = i + 1 < times ? started() : undefined; // loads while the other one saves
        const { saved, taken } = await killed(child, database.file, random);
        const stored = await found(database);
        const number = stored.peers.find(({ host }) => host === COUNTER)?.attempts ?? 0;
        // What was reported is there, and nothing but the one save that was under way may be there beyond it.
        expect(number).toBeGreaterThanOrEqual(saved);
        expect(number).toBeLessThanOrEqual(taken);
        while (modelled < number) await model.save(numberedSave(++modelled));
        const due = await contents(model, model.statistics(SAVED_NETWORK));
        expect(isDeepStrictEqual(stored, due) ? due : stored).toBe(due); // `toEqual` takes 20 times as long
        rounds++;
      }
    } finally {
      next?.kill('SIGKILL');
      await database.remove();
    }
    return { rounds, saves: modelled };
  }

  it(`leaves a sound database with all saves that it reported, whole, ${KILLS} times`, async () => {
    const lanes = Array.from({ length: DATABASES }, (_, lane) => Math.floor((KILLS + lane) / DATABASES));
    expect(lanes.reduce((sum, kills) => sum + kills, 0)).toBe(KILLS);
    const done = await Promise.all(lanes.map((kills, lane) => killAgainAndAgain(kills, lane)));
    expect(done.map(({ rounds }) => rounds)).toEqual(lanes);
    for (const { rounds, saves } of done) expect(saves).toBeGreaterThan(rounds / 2);
  }, 600_000);
});
