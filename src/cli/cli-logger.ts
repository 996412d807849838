import type { LoggerService } from '@nestjs/common';
import type { Output } from './output.js';
import { printable } from './table.js';

/**
 * Nest's log lines for somebody at a terminal: warnings and errors, one line each, on stderr.
 *
 * @internal
 */
export class CliLogger implements LoggerService {
  constructor(private readonly err: Output) {}

  log(): void {}

  warn(message: unknown): void {
    this.#write('warning', message);
  }

  error(message: unknown): void {
    this.#write('error', message);
  }

  fatal(message: unknown): void {
    this.#write('error', message);
  }

  #write(level: string, message: unknown): void {
    const text = message instanceof Error ? message.message : String(message);
    this.err.post(`${level}: ${printable(text.split('\n', 1)[0]!)}`);
  }
}
