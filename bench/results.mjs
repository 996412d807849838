/** What was measured, as `results.json` keeps it, and as people read it. */

/** What a ratio may get worse by before {@link gotWorse} says so. */
const TOLERANCE = 0.25;

const keyOf = ({ name, baseline }) => `${name} | ${baseline}`;

/**
 * The results to keep: those that are new, and the old ones of rows that were not measured this time.
 *
 * @param {readonly object[]} entries every entry there is, in the order of the table
 */
export function merged(old, measured, entries) {
  const byKey = new Map([...old, ...measured].map((result) => [keyOf(result), result]));
  return entries.map((entry) => byKey.get(keyOf(entry))).filter((result) => result !== undefined);
}

/**
 * The results that are worse than those before by more than the tolerance. What wasn't there before can't get worse.
 *
 * @param {readonly object[]} entries say of some results by how much two measurements differ anyway: `step`
 */
export function gotWorse(before, now, entries) {
  const steps = new Map(entries.map((entry) => [keyOf(entry), entry.step ?? 0]));
  const byKey = new Map(before.map((result) => [keyOf(result), result]));
  return now
    .map((result) => ({ before: byKey.get(keyOf(result)), now: result }))
    .filter(({ before: old, now: result }) => {
      if (old === undefined) return false;
      const loss = result.better === 'higher' ? old.ratio - result.ratio : result.ratio - old.ratio;
      return loss > Math.max(old.ratio * TOLERANCE, steps.get(keyOf(result)) ?? 0);
    });
}

/** A line for the terminal. */
export function lineOf(result) {
  const { name, reached } = result;
  const cells = [reached ? 'reached' : 'NOT YET', wanted(result).padEnd(12), String(result.ratio).padEnd(7)];
  return `${cells.join('  ')}  ${medianText(result).padEnd(14)}  ${name} | ${result.baseline}`;
}

/** The table for `docs/performance.md`. */
export function tableOf(results) {
  const rows = results.map((result) => {
    const { name, baseline, ratio, reached } = result;
    return [name, baseline, wanted(result), String(ratio), reached ? 'yes' : '**no**', medianText(result)];
  });
  return [
    ['row', 'against', 'required', 'measured', 'reached', 'median'],
    ['---', '---', '---', '---', '---', '---'],
    ...rows,
  ]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

function wanted({ better, required }) {
  return `${better === 'higher' ? 'at least' : 'at most'} ${required}`;
}

function medianText({ median, unit }) {
  return `${median} ${unit}`;
}
