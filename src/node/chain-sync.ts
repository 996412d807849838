import type { Clock } from '../environment/clock.js';
import { BlockDownload } from './block-download.js';
import { HeaderDownload } from './header-download.js';
import type { Anchor } from './header-links.js';
import type { PeerRoster } from './peer-roster.js';
import type { SyncPhase } from './sync.error.js';

/** How long a sync waits while no peer gives anything: twice the deadline of one request. */
const DEFAULT_PATIENCE_MS = 120_000;

/**
 * How far a sync is.
 *
 * @internal
 */
export interface SyncProgress {
  readonly phase: SyncPhase;
  readonly done: number;
  readonly total: number;
}

/**
 * What a sync brought.
 *
 * @internal
 */
export interface SyncResult {
  /** Index of the newest header. */
  readonly height: number;
  /** Its hash. */
  readonly hash: string;
  readonly headers: number;
  readonly blocks: number;
  /** In those blocks. */
  readonly transactions: number;
  /** Of those blocks. */
  readonly bytes: number;
  /** How long it took, milliseconds. */
  readonly ms: number;
}

/** What {@link ChainSync} works with. */
export interface ChainSyncOptions {
  /** Who can be asked. */
  readonly roster: PeerRoster;
  readonly clock: Clock;
  /** The block to begin after. */
  readonly anchor: Anchor;
  /** Gives up when nothing came for so long, milliseconds. @default 120000 */
  readonly patienceMs?: number;
}

/**
 * Fetches a chain from the peers that are ready: all headers, whose links are checked, then all blocks, from all peers
 * at once. Nothing but hashes and sums is kept.
 *
 * @internal
 */
export class ChainSync {
  readonly #options: ChainSyncOptions;

  constructor(options: ChainSyncOptions) {
    this.#options = options;
  }

  /** @throws SyncError, AbortedError */
  async run(signal: AbortSignal, report: (progress: SyncProgress) => void): Promise<SyncResult> {
    const { roster, clock, anchor, patienceMs = DEFAULT_PATIENCE_MS } = this.#options;
    const around = { roster, clock, patienceMs, signal };
    const began = clock.monotonic();
    const headers = new HeaderDownload(anchor, around, (done, total) => report({ phase: 'headers', done, total }));
    const hashes = await headers.run();
    const sums = { blocks: 0, transactions: 0, bytes: 0 };
    const blocks = new BlockDownload(hashes, around, (block) => {
      sums.blocks++;
      sums.transactions += block.transactions.length;
      sums.bytes += block.raw.length;
      if (sums.blocks % 100 === 0 || sums.blocks === hashes.length) {
        report({ phase: 'blocks', done: sums.blocks, total: hashes.length });
      }
    });
    await blocks.run();
    const { index = 0, hash } = headers.tip;
    const ms = Math.round(clock.monotonic() - began);
    return { height: index, hash: hash.toString(), headers: hashes.length, ...sums, ms };
  }
}
