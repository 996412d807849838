import { onAbort } from '../environment/call-limits.js';
import type { CallOptions } from '../environment/call-options.js';
import { AbortedError } from '../environment/aborted.error.js';
import type { Clock } from '../environment/clock.js';
import type { PeerEvents } from '../peer/events/peer-events.js';
import type { Peer } from '../peer/peer.js';
import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';
import { NoPeerError } from './no-peer.error.js';

/** No peer gets more of the time than this, milliseconds: honest ones answer within seconds. */
const LONGEST_TURN_MS = 10_000;
/** Nor less than this share of what is left, so that a second one has a chance. */
const SHARE_OF_REST = 0.5;

/** What {@link askAny} works with. */
export interface AskAnySurroundings {
  readonly clock: Clock;
  readonly events: PeerEvents;
  /** Ready peers. */
  readonly peers: () => readonly Peer[];
}

/**
 * Asks one peer after the other until one answers. Those with the lowest latency come first, of equal ones the highest.
 *
 * @throws NoPeerError, AbortedError, or what the last peer's request threw
 * @internal
 */
export async function askAny<T>(
  request: (peer: Peer, options: CallOptions) => Promise<T>,
  { signal, timeoutMs }: { readonly signal?: AbortSignal | undefined; readonly timeoutMs: number },
  { clock, events, peers }: AskAnySurroundings,
): Promise<T> {
  const endsAt = clock.monotonic() + timeoutMs;
  const asked = new Set<Peer>();
  let failure: unknown;
  for (;;) {
    if (signal?.aborted) throw new AbortedError(signal.reason);
    const left = endsAt - clock.monotonic();
    const peer = left <= 0 ? undefined : best(peers().filter((other) => !asked.has(other)));
    if (peer === undefined) {
      if (failure !== undefined) throw failure as Error;
      const isOver = left <= 0 || !(await somebodyReady(events, clock, left, signal));
      if (isOver && signal?.aborted !== true) throw new NoPeerError(timeoutMs);
      continue;
    }
    asked.add(peer);
    const turnMs = Math.ceil(Math.min(LONGEST_TURN_MS, Math.max(left * SHARE_OF_REST, 1)));
    try {
      return await request(peer, { ...(signal && { signal }), timeoutMs: turnMs });
    } catch (error) {
      // A fault of the caller's own isn't cured by asking somebody else.
      if (!(error instanceof NeoPeerError) || error instanceof AbortedError) throw error;
      failure = error;
    }
  }
}

function best(peers: readonly Peer[]): Peer | undefined {
  return peers.toSorted((a, b) => (a.latencyMs ?? Infinity) - (b.latencyMs ?? Infinity) || b.height - a.height)[0];
}

/** Resolves when a peer becomes ready, with false when none did in time or the signal was aborted. */
function somebodyReady(
  events: PeerEvents,
  clock: Clock,
  withinMs: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (isReady: boolean): void => {
      timer.cancel();
      off();
      stopListening();
      resolve(isReady);
    };
    const timer = clock.setTimeout(() => settle(false), withinMs);
    const off = events.on('ready', () => settle(true));
    const stopListening = onAbort(signal, () => settle(false));
  });
}
