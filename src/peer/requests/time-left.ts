import type { CallOptions } from '../../environment/call-options.js';

/**
 * The options for the next of several requests that one call needs: the caller's time limit is for all of them, our own for
 * each.
 */
export function withTimeLeft(options: CallOptions, spentMs: number): CallOptions {
  if (options.timeoutMs === undefined) return options;
  return { ...options, timeoutMs: Math.max(1, options.timeoutMs - spentMs) };
}
