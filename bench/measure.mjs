/**
 * Times two things beside each other, in rounds: what a row is about (the subject), and what it is compared with (the
 * baseline). A round runs both for the same time, in turns whose order changes, so that what the machine does meanwhile
 * meets both alike.
 */
import { performance } from 'node:perf_hooks';

/** Turns of each side within a round: A B, B A, A B, B A. */
const TURNS = 4;

/**
 * Processor time of this process, milliseconds. What others do on the core isn't in it, nor is waiting: for rows that do
 * all their work in one process.
 */
export function processorTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Time on the wall, milliseconds: for rows that wait for the disk or for other processes. */
export function wallTime() {
  return performance.now();
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * @typedef {object} Plan how much is measured
 * @property {number} rounds
 * @property {number} turnMs one turn of one side, milliseconds
 * @property {number} turnRuns least runs in a turn: so that a side pays for its own garbage
 * @property {number} warmUpMs how long each side runs before, milliseconds
 *
 * @typedef {object} Side
 * @property {(count: number) => Promise<number>} turn runs so many times; resolves with the milliseconds it took
 * @property {() => Promise<number>} once runs once; resolves with what the run came to
 */

let sink = 0;

/**
 * A side that runs in this process.
 *
 * @param {() => number | Promise<number>} run what it returns depends on everything it did
 * @returns {Side}
 */
export function localSide(run, now = processorTime) {
  return {
    once: async () => run(),
    turn: async (count) => {
      const beganAt = now();
      for (let i = 0; i < count; i++) {
        const result = run();
        sink ^= result instanceof Promise ? await result : result;
      }
      return now() - beganAt;
    },
  };
}

/** Depends on what every run came to, so that no compiler may leave any of it out. */
export function consumed() {
  return sink;
}

/**
 * Compares two things by time.
 *
 * @param {{ subject: Side, baseline: Side }} sides
 * @param {Plan} plan
 * @returns the median over the rounds of baseline through subject (how many times as fast as the baseline the subject is),
 *   and the median time of one run of the subject, milliseconds
 */
export async function compareTimes(sides, plan) {
  const counts = { subject: await runsInTurn(sides.subject, plan), baseline: await runsInTurn(sides.baseline, plan) };
  const ratios = [];
  const times = [];
  for (let round = 0; round < plan.rounds; round++) {
    const spent = { subject: 0, baseline: 0 };
    for (let turn = 0; turn < TURNS; turn++) {
      const order = turn % 2 === 0 ? ['subject', 'baseline'] : ['baseline', 'subject'];
      for (const side of order) spent[side] += await sides[side].turn(counts[side]);
    }
    times.push(spent.subject / (counts.subject * TURNS));
    ratios.push(spent.baseline / counts.baseline / (spent.subject / counts.subject));
  }
  return { ratio: median(ratios), median: median(times), runs: plan.rounds };
}

/** Runs a side until it is warm, and finds how many runs a turn has. */
async function runsInTurn(side, { turnMs, turnRuns, warmUpMs }) {
  let spentMs = 0;
  for (let count = 1; ;) {
    const took = await side.turn(count);
    spentMs += took;
    if (took < turnMs / 2) count *= 2;
    else if (spentMs >= warmUpMs) return Math.max(turnRuns, Math.round((count * turnMs) / took));
  }
}
