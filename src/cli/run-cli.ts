import { CommanderError } from 'commander';
import { AbortedError } from '../environment/aborted.error.js';
import { describeError } from './error-report.js';
import { OutputClosedError } from './output-closed.error.js';
import { Output } from './output.js';
import { createProgram } from './program.js';
import type { Surroundings } from './surroundings.js';
import { UsageError } from './usage.error.js';

/** 0 done (or ended by its user), 1 failed, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2;

/**
 * Runs one command line to its end.
 *
 * @param argv without the program's name
 * @internal
 */
export async function runCli(argv: readonly string[], around: Surroundings): Promise<ExitCode> {
  const out = new Output(around.stdout);
  const err = new Output(around.stderr);
  const interrupt = new AbortController();
  const stopListening = around.onInterrupt(() => {
    stopListening();
    interrupt.abort();
  });
  const signal = AbortSignal.any([interrupt.signal, out.closed]);
  const { stdin, clock } = around;
  try {
    const program = await createProgram({ stdin, out, err, clock, signal }, argv[0]);
    await program.parseAsync([...argv], { from: 'user' });
    await out.flush();
    return 0;
  } catch (error) {
    return await conclude(error, signal, argv.includes('--json'), err);
  } finally {
    stopListening();
  }
}

async function conclude(error: unknown, signal: AbortSignal, asJson: boolean, err: Output): Promise<ExitCode> {
  if (error instanceof CommanderError && error.exitCode === 0) return 0; // --help, --version
  if (error instanceof OutputClosedError) return 0; // who read us has seen enough
  if (error instanceof AbortedError && signal.aborted) return 0; // Ctrl-C
  const reported = error instanceof CommanderError ? usageErrorOf(error) : error;
  err.post(describeError(reported, asJson));
  return reported instanceof UsageError ? 2 : 1;
}

function usageErrorOf(error: CommanderError): UsageError {
  // Without a command, commander shows help instead of a message.
  const message = error.code === 'commander.help' ? 'a command is missing; see neo-peer --help' : error.message;
  return new UsageError(message.replace(/^error: /, ''), { cause: error });
}
