import { describe, expect, it } from '@jest/globals';
import { Output } from '../../src/cli/output.js';
import { ProgressDisplay } from '../../src/cli/progress-display.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import { CapturedStream } from '../support/cli.js';

describe('ProgressDisplay', () => {
  it('prints a line at the beginning, one now and then, and one at the end where there is no terminal', async () => {
    const stream = new CapturedStream();
    const clock = new VirtualClock();
    const display = new ProgressDisplay(new Output(stream), clock);
    for (let done = 0; done <= 100; done += 10) {
      display.update('headers', done, 100);
      await clock.advance(1000);
    }
    display.update('headers', 100, 100);
    expect(stream.lines).toEqual(['headers 0/100', 'headers 50/100', 'headers 100/100']);
  });

  it('begins anew with another label', () => {
    const stream = new CapturedStream();
    const display = new ProgressDisplay(new Output(stream), new VirtualClock());
    display.update('headers', 2, 2);
    display.update('blocks', 0, 2);
    display.stop();
    display.update('blocks', 1, 2);
    expect(stream.lines).toEqual(['headers 2/2', 'blocks 0/2', 'blocks 1/2']);
  });

  it('draws a bar on a terminal', () => {
    const stream = new CapturedStream(true);
    const display = new ProgressDisplay(new Output(stream), new VirtualClock());
    display.update('headers', 0, 10);
    display.update('headers', 10, 10);
    display.stop();
    expect(stream.text).toContain('headers');
    expect(stream.text).toContain('100% 10/10');
  });
});
