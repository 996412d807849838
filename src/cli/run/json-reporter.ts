import type { Output } from '../output.js';
import type { RunEvent } from './run-event.js';
import type { RunReporter } from './run-reporter.js';

/** One JSON object a line. */
export class JsonReporter implements RunReporter {
  readonly statusEveryMs = undefined;

  constructor(private readonly out: Output) {}

  report(event: RunEvent): void {
    this.out.post(JSON.stringify(event));
  }

  status(): void {}

  finish(): void {}
}
