import { describe, expect, it } from '@jest/globals';
import { CliLogger } from '../../src/cli/cli-logger.js';
import { Output } from '../../src/cli/output.js';
import { CapturedStream } from '../support/cli.js';

describe('CliLogger', () => {
  it('prints warnings and errors as one line each, and nothing else', () => {
    const stream = new CapturedStream();
    const logger = new CliLogger(new Output(stream));
    logger.log();
    logger.warn('slow\u001b[2J');
    logger.error(new Error('broken\nat somewhere'));
    logger.fatal('gone');
    expect(stream.lines).toEqual(['warning: slow?[2J', 'error: broken', 'error: gone']);
  });

  it('leaves out contexts whose lines are told in another way', () => {
    const stream = new CapturedStream();
    const logger = new CliLogger(new Output(stream), new Set(['Told']));
    logger.warn('a ban', 'Told');
    logger.error('a fault', undefined, 'Told');
    logger.warn('a warning', 'Other');
    logger.error('an error', 'a stack', 'Other');
    logger.warn('Told');
    expect(stream.lines).toEqual(['warning: a warning', 'error: an error', 'warning: Told']);
  });
});
