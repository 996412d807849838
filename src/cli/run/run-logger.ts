import type { LoggerService } from '@nestjs/common';
import { EVENT_LOG } from '../../pool/event-log.js';
import { CliLogger } from '../cli-logger.js';
import type { Output } from '../output.js';
import { JsonReporter } from './json-reporter.js';
import type { RunReporter } from './run-reporter.js';

/**
 * Where log lines of a run go: to stderr, beside what the reporter draws; what the pool tells is reported as events. With
 * `--json` nowhere: there stderr is for the one error object.
 *
 * @internal
 */
export function runLogger(reporter: RunReporter, err: Pick<Output, 'post'>): LoggerService | false {
  if (reporter instanceof JsonReporter) return false;
  const post = (line: string): void => {
    reporter.makeWay();
    err.post(line);
  };
  return new CliLogger({ post }, new Set([EVENT_LOG]));
}
