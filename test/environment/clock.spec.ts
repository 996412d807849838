import { expect, it } from '@jest/globals';
import { Clock } from '../../src/environment/clock.js';

class StoppedClock extends Clock {
  now(): number {
    return 1_700_000_000_000;
  }

  setTimeout(): { refresh(): void; cancel(): void } {
    return { refresh: () => undefined, cancel: () => undefined };
  }
}

it('measures durations with the time of day where a clock of the application has nothing better', () => {
  expect(new StoppedClock().monotonic()).toBe(1_700_000_000_000);
});
