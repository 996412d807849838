import type { LoggerService } from '@nestjs/common';
import type { Output } from './output.js';
import { printable } from './table.js';

/**
 * Nest's log lines for somebody at a terminal: warnings and errors, one line each, on stderr.
 *
 * @internal
 */
export class CliLogger implements LoggerService {
  /** @param leftOut contexts whose lines are told in another way. Default: none */
  constructor(
    private readonly err: Pick<Output, 'post'>,
    private readonly leftOut: ReadonlySet<unknown> = new Set(),
  ) {}

  log(): void {}

  warn(message: unknown, ...more: readonly unknown[]): void {
    this.#write('warning', message, more);
  }

  error(message: unknown, ...more: readonly unknown[]): void {
    this.#write('error', message, more);
  }

  fatal(message: unknown, ...more: readonly unknown[]): void {
    this.#write('error', message, more);
  }

  /** Nest puts the context last. */
  #write(level: string, message: unknown, more: readonly unknown[]): void {
    if (this.leftOut.has(more.at(-1))) return;
    const text = message instanceof Error ? message.message : String(message);
    this.err.post(`${level}: ${printable(text.split('\n', 1)[0]!)}`);
  }
}
