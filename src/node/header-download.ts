import { AbortedError } from '../environment/aborted.error.js';
import type { Clock } from '../environment/clock.js';
import type { Peer } from '../peer/peer.js';
import type { ChainPosition } from '../wire/common/dialect.js';
import type { Digest } from '../wire/primitives/hashing.js';
import { HashList } from '../wire/primitives/hash-list.js';
import { HeaderVerificationError } from '../wire/common/header-verification.error.js';
import { HeaderLinks, type Anchor } from './header-links.js';
import type { PeerRoster } from './peer-roster.js';
import { SyncError } from './sync.error.js';
import { rosterChange } from './roster-change.js';

/** Peers that may fail before the download is given up: far more than a network of a few peers has. */
const MOST_FAILURES = 20;
/** Headers between two reports of progress. */
const REPORT_EVERY = 500;

/** What a download needs from outside. */
export interface DownloadSurroundings {
  readonly roster: PeerRoster;
  readonly clock: Clock;
  /** Gives up when nothing came and no peer was there to ask for so long, milliseconds. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/**
 * All headers after an anchor, up to the greatest height that ready peers have told. Asks one peer at a time and goes
 * on with another where one fails; keeps hashes only.
 *
 * @internal
 */
export class HeaderDownload {
  readonly #around: DownloadSurroundings;
  readonly #report: (done: number, total: number) => void;
  readonly #links: HeaderLinks;
  readonly #keys: Digest[] = [];
  /** Peers that gave all they had, or failed: asked no more. */
  readonly #asked = new Map<Peer, 'ended' | 'failed'>();
  #failures = 0;
  #lastFailure: unknown;

  constructor(anchor: Anchor, around: DownloadSurroundings, report: (done: number, total: number) => void) {
    this.#links = new HeaderLinks(anchor);
    this.#around = around;
    this.#report = report;
  }

  /** Hash and index of the newest header. */
  get tip(): Anchor {
    return this.#links.tip;
  }

  /**
   * @returns the hashes, in order
   * @throws SyncError, AbortedError
   */
  async run(): Promise<HashList> {
    for (;;) {
      const peer = this.#next();
      if (peer !== undefined) await this.#ask(peer);
      else if (this.#reached()) return HashList.ofKeys(this.#keys);
      else await this.#wait();
    }
  }

  get #height(): number {
    return this.#links.tip.index ?? 0;
  }

  /** The ready peer with the greatest height that still has something for us. */
  #next(): Peer | undefined {
    let best: Peer | undefined;
    for (const peer of this.#around.roster.ready) {
      if (this.#asked.has(peer) || peer.height <= this.#height) continue;
      if (best === undefined || peer.height > best.height) best = peer;
    }
    return best;
  }

  /** Whether somebody honest is there who has no more than we do. */
  #reached(): boolean {
    return this.#around.roster.ready.some((peer) => this.#asked.get(peer) !== 'failed');
  }

  async #ask(peer: Peer): Promise<void> {
    const { signal } = this.#around;
    try {
      for await (const header of peer.headers(this.#place(peer), { signal })) {
        this.#links.append(header);
        this.#keys.push(header.hash.key);
        if (this.#keys.length % REPORT_EVERY === 0) this.#progress(peer);
      }
      this.#asked.set(peer, 'ended');
      this.#progress(peer);
    } catch (error) {
      if (signal.aborted) throw new AbortedError(signal.reason);
      this.#failed(peer, error);
      if (error instanceof HeaderVerificationError) await peer.disconnect();
    }
  }

  /** Where to go on from, in words of the peer's dialect: N3 asks for headers by height alone, Legacy by hash alone. */
  #place({ dialect }: Peer): ChainPosition {
    return dialect === 'n3' ? { index: this.#height + 1 } : { after: this.#links.tip.hash };
  }

  #failed(peer: Peer, error: unknown): void {
    this.#asked.set(peer, 'failed');
    this.#lastFailure = error;
    this.#failures++;
    if (this.#failures > MOST_FAILURES) {
      throw new SyncError('headers', this.#keys.length, `${this.#failures} peers failed`, { cause: error });
    }
  }

  #progress(peer: Peer): void {
    this.#report(this.#height, Math.max(peer.height, this.#height));
  }

  async #wait(): Promise<void> {
    if (await rosterChange(this.#around)) return;
    const detail = `no peer to ask for ${this.#around.patienceMs} ms`;
    throw new SyncError('headers', this.#keys.length, detail, { cause: this.#lastFailure });
  }
}
