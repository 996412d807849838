import { setImmediate as turn } from 'node:timers/promises';

/**
 * Lets everything else that is due (sockets, timers) have its turn, before long work in pieces goes on. A matter of order,
 * not of time: no clock is asked.
 *
 * @internal
 */
export function nextTurn(): Promise<void> {
  return turn();
}
