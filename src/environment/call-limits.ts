import { setMaxListeners } from 'node:events';
import { AbortedError } from './aborted.error.js';
import type { CallOptions } from './call-options.js';
import type { Clock } from './clock.js';

/** Ends a watch: no timer and no listener of it is left. Harmless when called again. */
export type StopWatching = () => void;

const NOTHING_TO_STOP: StopWatching = () => undefined;

/**
 * Watches the limits of a call: calls `giveUp` at most once, with `AbortedError` when the signal is aborted (before this
 * function returns, if it is already), or with what `timedOut` makes when `timeoutMs` ran out.
 *
 * @returns to be called when the call is over; `giveUp` is not called after that
 * @internal
 */
export function watchLimits(
  clock: Clock,
  options: CallOptions | undefined,
  timedOut: () => Error,
  giveUp: (error: Error) => void,
): StopWatching {
  const signal = options?.signal;
  if (signal === undefined && options?.timeoutMs === undefined) return NOTHING_TO_STOP;
  if (signal?.aborted) {
    giveUp(new AbortedError(signal.reason));
    return NOTHING_TO_STOP;
  }
  const timer =
    options?.timeoutMs === undefined
      ? undefined
      : clock.setTimeout(() => {
          stop();
          giveUp(timedOut());
        }, options.timeoutMs);
  const stopListening = onAbort(signal, () => {
    stop();
    giveUp(new AbortedError(signal?.reason));
  });
  const stop = (): void => {
    timer?.cancel();
    stopListening();
  };
  return stop;
}

/**
 * Calls `aborted` once when the signal, if there is one, is aborted from now on. Any number of calls may share a signal:
 * Node doesn't warn of a leak, because each of them takes its listener back.
 *
 * @internal
 */
export function onAbort(signal: AbortSignal | undefined, aborted: () => void): StopWatching {
  if (signal === undefined) return NOTHING_TO_STOP;
  if (signal instanceof EventTarget) setMaxListeners(Infinity, signal);
  signal.addEventListener('abort', aborted, { once: true });
  return () => signal.removeEventListener('abort', aborted);
}

/**
 * Settles as `promise` does, unless a limit of the call comes first. What `promise` stands for goes on; its outcome is then
 * of no interest, and a rejection of it is not unhandled.
 *
 * @param timedOut makes the error for `timeoutMs`
 * @throws AbortedError when the signal is aborted
 * @internal
 */
export async function withinLimits<T>(
  promise: Promise<T>,
  clock: Clock,
  options: CallOptions | undefined,
  timedOut: () => Error,
): Promise<T> {
  let stop = NOTHING_TO_STOP;
  const limit = new Promise<never>((_, reject) => {
    stop = watchLimits(clock, options, timedOut, reject);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    stop();
  }
}
