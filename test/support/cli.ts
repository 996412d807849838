import { Readable, Writable } from 'node:stream';
import { runCli, type ExitCode } from '../../src/cli/run-cli.js';
import { SystemClock } from '../../src/environment/system-clock.js';
import type { Clock } from '../../src/environment/clock.js';

/** A stream that keeps what is written to it, and can pretend to be a terminal. */
export class CapturedStream extends Writable {
  text = '';
  readonly #watchers = new Set<() => void>();

  constructor(
    readonly isTTY = false,
    readonly columns = 120,
    readonly rows = 40,
  ) {
    super({ decodeStrings: false });
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    for (const watcher of this.#watchers) watcher();
    done();
  }

  /** The whole lines so far. */
  get lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }

  /** The lines, each parsed as JSON. */
  get objects(): Record<string, unknown>[] {
    return this.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Resolves when the text passes. */
  until(passes: (text: string) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const watcher = (): void => {
        if (!passes(this.text)) return;
        this.#watchers.delete(watcher);
        resolve();
      };
      this.#watchers.add(watcher);
      watcher();
    });
  }
}

/** What a command line is run with. */
export interface CliOptions {
  readonly stdin?: string | Readable;
  readonly stdout?: CapturedStream;
  readonly stderr?: CapturedStream;
  readonly clock?: Clock;
}

/** One command line, run in this process. */
export class CliRun {
  readonly stdout: CapturedStream;
  readonly stderr: CapturedStream;
  readonly exit: Promise<ExitCode>;
  /** How many listeners for Ctrl-C are left. */
  listeners = 0;
  #interrupted: (() => void) | undefined;

  constructor(argv: readonly string[], options: CliOptions = {}) {
    const { stdin = '' } = options;
    this.stdout = options.stdout ?? new CapturedStream();
    this.stderr = options.stderr ?? new CapturedStream();
    this.exit = runCli(argv, {
      stdin: typeof stdin === 'string' ? Readable.from([stdin]) : stdin,
      stdout: this.stdout,
      stderr: this.stderr,
      clock: options.clock ?? new SystemClock(),
      onInterrupt: (interrupted) => {
        this.#interrupted = interrupted;
        this.listeners++;
        return () => {
          if (this.#interrupted === interrupted) this.listeners--;
          this.#interrupted = undefined;
        };
      },
    });
  }

  /** Ctrl-C. */
  interrupt(): void {
    this.#interrupted?.();
  }
}

/** Runs a command line to its end. */
export async function cli(
  argv: readonly string[],
  options?: CliOptions,
): Promise<{ code: ExitCode; stdout: CapturedStream; stderr: CapturedStream }> {
  const run = new CliRun(argv, options);
  const code = await run.exit;
  return { code, stdout: run.stdout, stderr: run.stderr };
}
