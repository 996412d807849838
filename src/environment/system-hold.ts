import { LONGEST_TIMEOUT_MS } from './system-clock.js';

/**
 * Keeps the process from ending by itself. Timers of a `Clock` don't, so whoever waits for one alone, in a start or a stop,
 * holds the process meanwhile: it would end in the middle, without an error.
 *
 * @returns lets it go
 * @internal
 */
export function holdProcess(): () => void {
  const handle = setInterval(() => undefined, LONGEST_TIMEOUT_MS);
  return () => clearInterval(handle);
}
