import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandStatisticEntity } from '../../src/persistence/command-statistic.entity.js';
import { PeerRecordEntity } from '../../src/persistence/peer-record.entity.js';
import { compile } from '../support/compile.js';
import { TEST_DB, TestDatabase } from '../support/database.js';

const KILLS = 50;
const ROWS = 300;

/** What is in the file, read by somebody who only reads. */
async function found(database: TestDatabase): Promise<{ counts: number[]; rows: number; messages: number }> {
  const source = database.dataSource({}, '');
  await source.initialize();
  expect(await source.query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  const records = await source.getRepository(PeerRecordEntity).find();
  const statistics = await source.getRepository(CommandStatisticEntity).find();
  await source.destroy();
  const counts = [...new Set(records.map((row) => row.attempts))];
  return { counts, rows: records.length, messages: statistics[0]?.messages ?? 0 };
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
      'test/support/saving-child.ts',
    );
  });
  afterAll(() => rm(compiled, { recursive: true, force: true }));

  /** Lets the child work for a while and kills it. Gives the last save that was done and the last that had begun. */
  async function killed(file: string, afterSaves: number, afterMs: number): Promise<{ saved: number; taken: number }> {
    const script = join(compiled, 'test', 'support', 'saving-child.js');
    const child = spawn(process.execPath, [script, file, String(ROWS)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    const last = { saved: 0, taken: 0 };
    let saves = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      const [what, count] = line.split(' ');
      last[what as 'saved' | 'taken'] = Number(count);
      if (what === 'taken' && saves++ === afterSaves) void pause(afterMs).then(() => child.kill('SIGKILL'));
    }
    expect(await ended).toEqual([null, 'SIGKILL']);
    return last;
  }

  async function killAgainAndAgain(times: number, first: number): Promise<number> {
    const database = await TestDatabase.create();
    try {
      for (let i = first; i < first + times; i++) {
        const { saved, taken } = await killed(database.file, 1 + (i % 4), (i * 7) % 23);
        const { counts, rows, messages } = await found(database);
        // All rows are of one save: the last that was reported done, or the one after it.
        expect(rows).toBe(ROWS);
        expect(counts).toHaveLength(1);
        expect(counts[0]).toBeGreaterThanOrEqual(saved);
        expect(counts[0]).toBeLessThanOrEqual(taken);
        expect(taken - saved).toBeLessThanOrEqual(1);
        // Sums went with the rows: none was lost or counted twice.
        expect(messages).toBe(counts[0]);
      }
    } finally {
      await database.remove();
    }
    return times;
  }

  it(`leaves a sound database with all of a save or nothing, ${KILLS} times`, async () => {
    const done = await Promise.all([killAgainAndAgain(KILLS / 2, 0), killAgainAndAgain(KILLS / 2, KILLS / 2)]);
    expect(done).toEqual([KILLS / 2, KILLS / 2]);
  }, 600_000);
});
