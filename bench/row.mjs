/**
 * What a row is: one child process that measures, and the entries of `results.json` that come out of it.
 *
 * @typedef {object} Entry
 * @property {string} name what is measured, so that one finds the line of the issue that wants it
 * @property {string} baseline what it is compared with; `none` where the requirement is a number by itself
 * @property {number} required
 * @property {'higher' | 'lower'} better in which direction `required` counts
 * @property {string} unit of the median
 * @property {number} [step] what two measurements may differ by whatever the tolerance, in units of the ratio
 *
 * @typedef {object} Result
 * @property {number} ratio compared with `required`
 * @property {number} median of what is measured
 * @property {number} runs rounds the medians were taken of
 *
 * @typedef {object} Row
 * @property {readonly Entry[]} entries
 * @property {(plan: import('./measure.mjs').Plan) => Promise<readonly Result[]>} measure a result for each entry, in order
 * @property {boolean} short whether the short form has it
 * @property {boolean} needsPeers whether `bench/peers` must be installed
 * @property {readonly string[]} nodeFlags
 */
import { compareTimes, consumed, localSide, processorTime } from './measure.mjs';

/** What of the plan a slow row has otherwise. */
const SLOW = Object.freeze({ rounds: 7, turnRuns: 1 });

/**
 * A row that compares two things by time.
 *
 * @param {object} row
 * @param {() => unknown} row.prepare gives `subject` and `baseline`: each a function that runs once and returns a number
 *   that depends on all it did, or a `Side`. `check` throws if the two don't come to the same; without it both must come to
 *   the same number. `close` ends what was begun
 * @param {number} [row.operations] how many of what the unit speaks of a run does. Default 1
 * @param {() => number} [row.now] the clock. Default: processor time
 * @param {boolean} [row.slow] one run is as long as a turn should be. Default false
 * @returns {Row}
 */
export function comparison({ name, baseline, required, better = 'higher', prepare, ...rest }) {
  const { operations = 1, unit = 'µs', now = processorTime, slow = false } = rest;
  const perMs = unit.startsWith('µs') ? 1000 : 1;
  const needsPeers = baseline === 'neo-one';
  return {
    entries: [{ name, baseline, required, better, unit }],
    short: !slow && !needsPeers,
    needsPeers,
    nodeFlags: [],
    measure: async (plan) => {
      const prepared = await prepare();
      const sides = { subject: sideOf(prepared.subject, now), baseline: sideOf(prepared.baseline, now) };
      if (prepared.check === undefined) expectSame(await sides.subject.once(), await sides.baseline.once());
      else await prepared.check();
      const { ratio, median, runs } = await compareTimes(sides, slow ? { ...plan, ...SLOW } : plan);
      sides.baseline.close?.();
      await prepared.close?.();
      if (!Number.isFinite(consumed())) throw new Error('a run came to no number');
      return [{ ratio: better === 'higher' ? ratio : 1 / ratio, median: (median * perMs) / operations, runs }];
    },
  };
}

function sideOf(given, now) {
  return typeof given === 'function' ? localSide(given, now) : given;
}

/** @throws Error unless they are the same: what is measured would not be what it is compared with */
export function expectSame(ours, theirs) {
  if (typeof ours !== 'number' || ours !== theirs) throw new Error(`${ours}, but the baseline comes to ${theirs}`);
}
