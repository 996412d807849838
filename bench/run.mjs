/**
 * `npm run bench`: measures, prints, and writes `results.json` and the table of docs/performance.md. A ratio that isn't
 * reached is no error; a row that crashes, or doesn't come to what its baseline comes to, is.
 *
 *   --short        a minute's worth of it: rows that need neither peers nor much time. Writes nothing
 *   --only <text>  rows with that in `<name> | <baseline>`; the results of others stay as they are
 *   --json         prints the results as JSON
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writePage } from './performance-page.mjs';
import { merged } from './results.mjs';
import { build, measureRows, PLANS, selectRows } from './session.mjs';

const FILE = join(import.meta.dirname, 'results.json');

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

build();
const selected = await selectRows(values);
if (selected.length === 0) throw new Error(`no row has "${values.only}" in its name`);
const say = values.json ? () => undefined : console.log;
const results = await measureRows(selected, PLANS[values.short ? 'short' : 'full'], say);
say(`${results.filter(({ reached }) => reached).length} of ${results.length} reached`);
if (values.json) console.log(JSON.stringify(results, undefined, 2));
if (!values.short) await keep();

async function keep() {
  const everything = await selectRows({ short: false });
  const old = JSON.parse(await readFile(FILE, 'utf8').catch(emptyIfMissing));
  const kept = merged(
    old,
    results,
    everything.flatMap(({ row }) => row.entries),
  );
  await writeFile(FILE, `${JSON.stringify(kept, undefined, 2)}\n`);
  await writePage(kept);
}

function emptyIfMissing(error) {
  if (error.code !== 'ENOENT') throw error;
  return '[]';
}
