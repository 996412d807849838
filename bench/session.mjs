/** Runs rows, each in a child process, and what has to be there before. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { spawnNode } from './pinned.mjs';
import { lineOf } from './results.mjs';

const root = join(import.meta.dirname, '..');
const peers = join(import.meta.dirname, 'peers');

/** The files of `rows`, in the order of the table. */
const FAMILIES = Object.freeze([
  'legacy-decoding',
  'chunks',
  'n3-decoding',
  'encoding',
  'dispatch',
  'saving',
  'start',
  'memory',
  'syncing',
  'process-start',
  'many-peers',
  'many-addresses',
]);

/** How long rows are measured. The short form only tells whether they work, and about where they are. */
export const PLANS = Object.freeze({
  full: Object.freeze({ rounds: 11, turnMs: 40, turnRuns: 2, warmUpMs: 300 }),
  short: Object.freeze({ rounds: 7, turnMs: 4, turnRuns: 1, warmUpMs: 100 }),
});

/** Builds what rows import, if it is missing or older than its sources. */
export function build() {
  const script = join(root, 'scripts/build-if-needed.mjs');
  const { status } = spawnSync(process.execPath, [script], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error('the build failed');
}

/** Installs what others have built, if it isn't there. */
function installPeers() {
  if (existsSync(join(peers, 'node_modules'))) return;
  console.error('installing bench/peers…');
  const { status } = spawnSync('npm', ['ci', '--prefix', peers, '--loglevel=error'], { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('bench/peers could not be installed');
}

/**
 * @param {{ only?: string, short: boolean }} selection `only`: a part of `<name> | <baseline>`
 * @returns {Promise<{ family: string, index: number, row: import('./row.mjs').Row }[]>}
 */
export async function selectRows({ only = '', short }) {
  const all = [];
  for (const family of FAMILIES) {
    const { rows } = await import(`./rows/${family}.mjs`);
    for (const [index, row] of rows.entries()) all.push({ family, index, row });
  }
  const isWanted = ({ name, baseline }) => `${name} | ${baseline}`.toLowerCase().includes(only.toLowerCase());
  return all.filter(({ row }) => (row.short || !short) && row.entries.some(isWanted));
}

/**
 * Measures rows, one after the other. One that crashes, or doesn't come to what its baseline does, is told of, and lets the process
 * end with 1.
 *
 * @param {(line: string) => void} say told a line for each result
 * @returns {Promise<object[]>} the results
 */
export async function measureRows(selected, plan, say) {
  if (selected.some(({ row }) => row.needsPeers)) installPeers();
  const results = [];
  for (const { family, index, row } of selected) {
    try {
      const measured = entriesOf(row, await resultsOf(family, index, row, plan));
      for (const result of measured) say(lineOf(result));
      results.push(...measured);
    } catch (error) {
      const [{ name, baseline }] = row.entries;
      console.error(`FAILED   ${name} | ${baseline}: ${error.message}`);
      process.exitCode = 1;
    }
  }
  return results;
}

async function resultsOf(family, index, row, plan) {
  const args = [...row.nodeFlags, join(import.meta.dirname, 'child.mjs'), family, String(index), JSON.stringify(plan)];
  const child = spawnNode(args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  let results;
  child.once('message', (message) => (results = message));
  const [code, signal] = await once(child, 'exit');
  if (code !== 0 || results === undefined) throw new Error(`its process ended with ${signal ?? code}`);
  return results;
}

function entriesOf({ entries }, results) {
  return entries.map((entry, i) => {
    const { name, baseline, required, better, unit } = entry;
    const { runs } = results[i];
    const [ratio, median] = [rounded(results[i].ratio), rounded(results[i].median)];
    const reached = better === 'higher' ? ratio >= required : ratio <= required;
    return { name, baseline, ratio, required, better, reached, median, unit, runs };
  });
}

/** Three digits are more than the measuring is good for. */
function rounded(value) {
  return Number(value.toPrecision(3));
}
