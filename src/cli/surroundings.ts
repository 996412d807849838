import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../environment/clock.js';

/** A stream to write to that may be a terminal. */
export type Terminal = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

/**
 * All that a command touches of the process, so that tests can run one without a process of its own.
 *
 * @internal
 */
export interface Surroundings {
  readonly stdin: Readable;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  readonly clock: Clock;
  /** Calls `interrupted` when somebody wants the command to end (Ctrl-C). Returns the off switch. */
  onInterrupt(interrupted: () => void): () => void;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Signals that come this soon after the first are the same wish, milliseconds: `npm start` hands Ctrl-C on a second time. */
const SAME_WISH_MS = 1000;

/** The process's own. A second Ctrl-C, later than a moment after the first, ends it the hard way. */
export function processSurroundings(clock: Clock): Surroundings {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    clock,
    onInterrupt: (interrupted) => listenToSignals(clock, interrupted),
  };
}

/** The listeners stay: the rest of a process that is ending is not the moment to be killed by the second signal. */
function listenToSignals(clock: Clock, interrupted: () => void): () => void {
  let wanted = true;
  let firstAt: number | undefined;
  const receive = (signal: NodeJS.Signals): void => {
    firstAt ??= clock.monotonic();
    if (clock.monotonic() - firstAt > SAME_WISH_MS) {
      for (const name of SIGNALS) process.off(name, receive);
      process.kill(process.pid, signal);
    } else if (wanted) interrupted();
  };
  for (const signal of SIGNALS) process.on(signal, receive);
  return () => void (wanted = false);
}
