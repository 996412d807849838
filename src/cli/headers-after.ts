import type { Clock } from '../environment/clock.js';
import { RequestTimeoutError } from '../peer/errors/request-timeout.error.js';
import type { Peer } from '../peer/peer.js';
import type { BlockHeader } from '../wire/common/block-header.js';
import type { ChainPosition } from '../wire/common/dialect.js';
import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';
import { SilentNodeError } from './silent-node.error.js';

/** How long the first answer may take before the node is asked for the block that headers are wanted after, milliseconds. */
const ASK_AFTER_MS = 3_000;
/** How long that block may take. */
const BLOCK_WITHIN_MS = 12_000;
/** A node of which no byte came for so long is taken to have nothing to say. One that is slow sends something. */
const SILENT_AFTER_MS = 10_000;

/** What {@link headersAfter} works with. */
export interface HeadersAfterOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** End after that many. */
  readonly count?: number;
}

/**
 * The headers of a peer from a place in the chain on. Ends without any where the block before turns out to be the peer's
 * newest, of which real nodes say nothing.
 *
 * @throws SilentNodeError when the peer answers nothing at all
 * @internal
 */
export async function* headersAfter(
  peer: Peer,
  from: ChainPosition,
  { clock, signal, count }: HeadersAfterOptions,
): AsyncGenerator<BlockHeader, void, undefined> {
  const first = new FirstAnswer(peer, from, clock);
  const limits = { signal: AbortSignal.any([signal, first.despaired]), ...(count === undefined ? {} : { count }) };
  try {
    for await (const header of peer.headers(from, limits)) {
      first.came();
      yield header;
    }
  } catch (error) {
    if (first.hasCome || signal.aborted) throw error;
    if (first.isTip) return;
    if (!first.despaired.aborted && !(error instanceof RequestTimeoutError)) throw error;
    throw new SilentNodeError(peer, 'headers', from, { cause: error });
  } finally {
    first.came();
  }
}

/** Waits for the first answer, and finds out what it means when there is none. */
class FirstAnswer {
  readonly #stop = new AbortController();
  readonly #over = new AbortController();

  /** The start is the peer's newest block. */
  isTip = false;

  constructor(
    private readonly peer: Peer,
    private readonly from: ChainPosition,
    private readonly clock: Clock,
  ) {
    // By index there is no block to be asked for; the silence is given the same time.
    const delayMs = 'after' in from ? ASK_AFTER_MS : ASK_AFTER_MS + BLOCK_WITHIN_MS;
    const timer = clock.setTimeout(() => void this.#askForStart(), delayMs);
    this.#over.signal.addEventListener('abort', () => timer.cancel());
  }

  /** Aborted when there is nothing to wait for. */
  get despaired(): AbortSignal {
    return this.#stop.signal;
  }

  get hasCome(): boolean {
    return this.#over.signal.aborted;
  }

  /** Ends the waiting. */
  came(): void {
    this.#over.abort();
  }

  /** Never rejects. */
  async #askForStart(): Promise<void> {
    const index = await this.#indexOfStart();
    if (this.hasCome) return;
    this.isTip = index !== undefined && index >= this.peer.height;
    if (this.isTip || this.clock.now() - this.peer.lastSeenAtMs >= SILENT_AFTER_MS) this.#stop.abort();
  }

  /** Undefined if there is no block to be asked for, or the peer doesn't give it. */
  async #indexOfStart(): Promise<number | undefined> {
    if (!('after' in this.from)) return undefined;
    try {
      const limits = { signal: this.#over.signal, timeoutMs: BLOCK_WITHIN_MS };
      const { found } = await this.peer.requestBlocks([this.from.after], limits);
      return found[0]?.index;
    } catch (error) {
      if (error instanceof NeoPeerError) return undefined;
      throw error;
    }
  }
}
