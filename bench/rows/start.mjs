/** From the beginning of `init()` to the first dial, and until the loop is at rest, in processes that have just begun. */
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../measure.mjs';
import { peerRows } from '../peer-rows.mjs';
import { fill } from '../peer-store.mjs';
import { spawnNode } from '../pinned.mjs';
import { scratchFolder } from '../scratch-folder.mjs';

const ROUNDS = 7;
const EMPTY = 0;
const SOME = 10_000;
const MANY = 100_000;
const SIZES = Object.freeze([EMPTY, 1000, SOME, MANY]);

const WORKER = join(import.meta.dirname, '../workers/start.mjs');

/** Starts once, on a copy of the file. */
async function started(file, copy, rows) {
  copyFileSync(file, copy);
  const child = spawnNode([WORKER, copy, String(rows), rows >= SOME ? 'whole' : 'dial'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let told;
  child.once('message', (message) => (told = message));
  const [code] = await once(child, 'exit');
  if (code !== 0 || told === undefined) throw new Error(`the application with ${rows} rows ended with ${code}`);
  return told;
}

async function measureStarts() {
  const folder = scratchFolder();
  const files = new Map();
  for (const rows of SIZES) {
    files.set(rows, join(folder, `${rows}.sqlite`));
    await fill(files.get(rows), peerRows(rows, 'bench', Date.now()));
  }
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const told = {};
    for (const rows of round % 2 === 0 ? SIZES : SIZES.toReversed()) {
      told[rows] = await started(files.get(rows), join(folder, `${rows} in round ${round}.sqlite`), rows);
    }
    rounds.push(told);
  }
  return rounds;
}

/** Microseconds a row until all were in. */
function rowUs(told, rows) {
  return (told[rows].loadedMs * 1000) / rows;
}

function resultsOf(rounds) {
  const over = (value) => median(rounds.map(value));
  const firstDials = SIZES.slice(1).map((rows) => ({
    ratio: over((told) => told[rows].firstDialMs / told[EMPTY].firstDialMs),
    median: over((told) => told[rows].firstDialMs),
  }));
  const blockedMs = over((told) => told[MANY].blockedMs);
  const whole = {
    ratio: over((told) => rowUs(told, MANY) / rowUs(told, SOME)),
    median: over((told) => rowUs(told, MANY)),
  };
  return [...firstDials, { ratio: blockedMs, median: blockedMs }, whole].map((result) => ({ ...result, runs: ROUNDS }));
}

const start = {
  entries: [
    ...SIZES.slice(1).map((rows) => ({
      name: `start with ${rows.toLocaleString('en')} known peers until the first dial`,
      baseline: 'an empty database',
      required: 1.3,
      better: 'lower',
      unit: 'ms',
    })),
    {
      name: 'start with 100,000 known peers: longest time the event loop was blocked until all were in',
      baseline: 'none',
      required: 20,
      better: 'lower',
      unit: 'ms',
      step: 10,
    },
    {
      name: 'start with 100,000 known peers until all are in, by row',
      baseline: 'with 10,000',
      required: 1.3,
      better: 'lower',
      unit: 'µs a row',
    },
  ],
  short: false,
  needsPeers: false,
  nodeFlags: [],
  measure: async () => resultsOf(await measureStarts()),
};

export const rows = [start];
