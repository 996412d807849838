import { readFile } from 'node:fs/promises';
import { systemCodeOf } from '../environment/system-error.js';

/** A process as it can be told from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's clock ticks since boot; undefined where the system doesn't tell. */
  readonly startTicks: string | undefined;
}

/**
 * Where Linux tells of processes. Elsewhere there is no such folder, and a process is known by its number alone.
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
const PROC = '/proc';

/** Fields of `stat` after the name in brackets, which itself may have spaces and brackets: `state` is the 3rd in all. */
const STATE = 0;
const START_TICKS = 19;

/** A process that ended and whose parent hasn't asked for its result: it has a number, but runs no more. */
const ENDED_STATES: ReadonlySet<string> = new Set(['Z', 'X', 'x']);

/**
 * This process.
 *
 * @param proc the folder that tells of processes
 * @internal
 */
export async function thisProcess(proc = PROC): Promise<ProcessIdentity> {
  return { pid: process.pid, startTicks: (await statOf(process.pid, proc))?.startTicks };
}

/**
 * Whether that very process still runs. Where the start is unknown, then or now, any process with its number counts.
 *
 * @param proc the folder that tells of processes
 * @internal
 */
export async function isRunning({ pid, startTicks }: ProcessIdentity, proc = PROC): Promise<boolean> {
  if (!hasProcess(pid)) return false;
  const now = await statOf(pid, proc);
  if (now === undefined) return true;
  return !ENDED_STATES.has(now.state) && (startTicks === undefined || startTicks === now.startTicks);
}

function hasProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0); // sends nothing
  } catch (error) {
    return systemCodeOf(error) === 'EPERM'; // somebody else's
  }
}

async function statOf(pid: number, proc: string): Promise<{ state: string; startTicks: string } | undefined> {
  // It may have ended this moment, the system may hide it, or it is another system.
  const text = await readFile(`${proc}/${pid}/stat`, 'latin1').catch(() => '');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[STATE], fields[START_TICKS]];
  return state === undefined || startTicks === undefined ? undefined : { state, startTicks };
}
