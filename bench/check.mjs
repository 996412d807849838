/**
 * `npm run bench:check`: measures, and compares each ratio with the committed one. Ends with 1 when one got worse by more
 * than a quarter. `--only <text>` takes rows with that in `<name> | <baseline>`.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gotWorse } from './results.mjs';
import { build, measureRows, PLANS, selectRows } from './session.mjs';

const { values } = parseArgs({ options: { only: { type: 'string' } } });

const committed = JSON.parse(await readFile(join(import.meta.dirname, 'results.json'), 'utf8'));
build();
const selected = await selectRows({ ...values, short: false });
if (selected.length === 0) throw new Error(`no row has "${values.only}" in its name`);
const results = await measureRows(selected, PLANS.full, console.log);
const worse = gotWorse(
  committed,
  results,
  selected.flatMap(({ row }) => row.entries),
);
for (const { before, now } of worse)
  console.error(`WORSE    ${now.name} | ${now.baseline}: ${before.ratio} -> ${now.ratio}`);
if (worse.length > 0) process.exitCode = 1;
else console.log(`none of ${results.length} got worse by more than a quarter`);
