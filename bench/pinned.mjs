/** Processes that stay on one core, so that none of them is moved in the middle of a turn. */
import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const hasTaskset = spawnSync('taskset', ['--version']).error === undefined;

/** The core that rows are measured on: the last one, for the first has most of the system's own work. */
export const CORE = Number(process.env.BENCH_CORE ?? availableParallelism() - 1);

/** Another core, for those that only serve; the same where there is no other. */
export const OTHER_CORE = CORE === 0 ? Math.min(1, availableParallelism() - 1) : 0;

/**
 * Starts a Node process.
 *
 * @param {readonly string[]} args
 * @param {{ core?: number, stdio: import('node:child_process').StdioOptions }} options `core` is ignored where there is no `taskset`
 */
export function spawnNode(args, { core = CORE, stdio }) {
  if (!hasTaskset) return spawn(process.execPath, args, { stdio });
  return spawn('taskset', ['-c', String(core), process.execPath, ...args], { stdio });
}
