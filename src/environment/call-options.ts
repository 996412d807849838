/**
 * The last argument of every asynchronous call.
 *
 * @publicApi
 */
export interface CallOptions {
  /** Gives up when it is aborted; the call rejects with `AbortedError`. */
  readonly signal?: AbortSignal;
  /** Gives up after that many milliseconds. Default: as each call says. */
  readonly timeoutMs?: number;
}
