/** 100,000 changed peers into a SQLite file. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { median, wallTime } from '../measure.mjs';
import { changedRows, peerRows } from '../peer-rows.mjs';
import { bareInserter, bareRows, fill, storeOn } from '../peer-store.mjs';
import { scratchFolder } from '../scratch-folder.mjs';

const PEERS = 100_000;
const ROUNDS = 7;

/** Nanoseconds a millisecond. */
const NS = 1e6;

/**
 * @param {(folder: string, peers: object[]) => Promise<string>} fileOf makes the file that is saved into
 */
function saving(name, fileOf) {
  return {
    entries: [
      { name, baseline: 'bare insert', required: 1, better: 'lower', unit: 'ms' },
      { name: `${name}: event-loop delay, p99`, baseline: 'none', required: 10, better: 'lower', unit: 'ms', step: 2 },
    ],
    short: false,
    needsPeers: false,
    nodeFlags: [],
    measure: async () => {
      const folder = scratchFolder();
      const peers = peerRows(PEERS);
      const template = await fileOf(folder, peers);
      const emptyFile = join(folder, 'empty.sqlite');
      const bare = await bareRows(emptyFile, peers);
      const rounds = [];
      for (let round = 0; round < ROUNDS; round++) {
        const files = { ours: join(folder, `ours ${round}.sqlite`), bare: join(folder, `bare ${round}.sqlite`) };
        copyFileSync(template, files.ours);
        copyFileSync(emptyFile, files.bare);
        const saved = () => timedSave(files.ours, changedRows(peers, round + 1));
        const inserted = () => timedInsert(files.bare, bare);
        rounds.push(await bothWays(round, saved, inserted));
      }
      const ratios = rounds.map(([ours, bareMs]) => ours.ms / bareMs);
      const delays = rounds.map(([ours]) => ours.delayMs);
      const times = rounds.map(([ours]) => ours.ms);
      return [
        { ratio: median(ratios), median: median(times), runs: ROUNDS },
        { ratio: median(delays), median: median(delays), runs: ROUNDS },
      ];
    },
  };
}

/** One after the other, in turns whose order changes. */
async function bothWays(round, first, second) {
  if (round % 2 === 0) return [await first(), await second()];
  const later = await second();
  return [await first(), later];
}

async function timed(task) {
  const beganAt = wallTime();
  await task();
  return wallTime() - beganAt;
}

async function timedSave(database, peers) {
  const store = storeOn(database);
  await store.save({ peers: [], statistics: [] }); // the file is open then, as it is between two saves
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const ms = await timed(() => store.save({ peers, statistics: [] }));
  delays.disable();
  const [{ count }] = await store.dataSource.query('SELECT count(*) AS count FROM neo_peer_record WHERE attempts > 0');
  if (count !== peers.length) throw new Error(`${count} of ${peers.length} rows were saved`);
  await store.close();
  return { ms, delayMs: delays.percentile(99) / NS };
}

async function timedInsert(database, rows) {
  const { insert, close } = await bareInserter(database, rows);
  const ms = await timed(insert);
  await close();
  return ms;
}

const newRows = saving('saving 100,000 changed peers through TypeORM, new rows', async (folder) => {
  const file = join(folder, 'template.sqlite');
  await fill(file, []);
  return file;
});

const existingRows = saving('saving 100,000 changed peers through TypeORM, existing rows', async (folder, peers) => {
  const file = join(folder, 'template.sqlite');
  await fill(file, peers);
  return file;
});

export const rows = [newRows, existingRows];
