import { AbortedError } from '../environment/aborted.error.js';
import type { Clock } from '../environment/clock.js';
import type { PeerRoster } from './peer-roster.js';

/** What {@link rosterChange} looks at. */
export interface RosterWait {
  readonly roster: PeerRoster;
  readonly clock: Clock;
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/**
 * Waits until a peer becomes ready or goes.
 *
 * @returns false when nothing happened for `patienceMs`
 * @throws AbortedError
 */
export function rosterChange({ roster, clock, patienceMs, signal }: RosterWait): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      unwatch();
      timer.cancel();
      signal.removeEventListener('abort', aborted);
      end();
    };
    const aborted = (): void => settle(() => reject(new AbortedError(signal.reason)));
    const unwatch = roster.watch(() => settle(() => resolve(true)));
    const timer = clock.setTimeout(() => settle(() => resolve(false)), patienceMs);
    if (signal.aborted) aborted();
    else signal.addEventListener('abort', aborted);
  });
}
