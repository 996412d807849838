import { AbortedError } from '../environment/aborted.error.js';
import type { Timer } from '../environment/clock.js';
import type { Peer } from '../peer/peer.js';
import type { Block } from '../wire/common/block.js';
import { HashList } from '../wire/primitives/hash-list.js';
import { UInt256 } from '../wire/primitives/uint256.js';
import type { DownloadSurroundings } from './header-download.js';
import { SyncError } from './sync.error.js';

/** Hashes in one request: what one getdata holds in every dialect. */
const CHUNK_HASHES = 500;
/** Times a chunk may come back unfinished before the download is given up. */
const MOST_ATTEMPTS = 10;

/** Hashes to be asked for together. */
interface Chunk {
  readonly hashes: HashList;
  readonly attempts: number;
  /** Who was asked already: C# nodes serve an object once per connection. */
  readonly asked: ReadonlySet<Peer>;
}

/**
 * Blocks by their hashes, from all ready peers at once: each has one request of up to 500 open, and what one doesn't
 * give is asked of another. Blocks are handed on as they come and not kept.
 *
 * By hash in N3 too, which could ask by height: both dialects have getdata, and only the blocks of the headers that were
 * checked are an answer to it.
 *
 * @internal
 */
export class BlockDownload {
  readonly #around: DownloadSurroundings;
  readonly #received: (block: Block) => void;
  readonly #total: number;
  readonly #waiting: Chunk[] = [];
  readonly #busy = new Set<Peer>();
  #done = 0;
  #lastFailure: unknown;
  #resolve!: () => void;
  #reject!: (error: unknown) => void;
  #patience: Timer | undefined;

  /** @param received gets every block once, in no order; it has passed `verify()` */
  constructor(hashes: HashList, around: DownloadSurroundings, received: (block: Block) => void) {
    this.#around = around;
    this.#received = received;
    this.#total = hashes.length;
    const step = CHUNK_HASHES * UInt256.SIZE;
    for (let at = 0; at < hashes.bytes.length; at += step) {
      this.#waiting.push({ hashes: new HashList(hashes.bytes.subarray(at, at + step)), attempts: 0, asked: new Set() });
    }
  }

  /** Resolves when every block has come. @throws SyncError, AbortedError */
  async run(): Promise<void> {
    const { signal, roster, clock, patienceMs } = this.#around;
    if (signal.aborted) throw new AbortedError(signal.reason);
    if (this.#total === 0) return;
    const ended = new Promise<void>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const aborted = (): void => this.#reject(new AbortedError(signal.reason));
    signal.addEventListener('abort', aborted);
    const unwatch = roster.watch(() => this.#assign());
    this.#patience = clock.setTimeout(() => this.#fail(`nothing came for ${patienceMs} ms`), patienceMs);
    try {
      this.#assign();
      await ended;
    } finally {
      unwatch();
      this.#patience.cancel();
      signal.removeEventListener('abort', aborted);
      this.#waiting.length = 0;
    }
  }

  /** Gives every idle peer a chunk it has not been asked for; frees chunks that nobody can take by dropping a peer. */
  #assign(): void {
    const idle = this.#around.roster.ready.filter((peer) => !this.#busy.has(peer));
    for (const peer of idle) {
      const at = this.#waiting.findIndex((chunk) => !chunk.asked.has(peer));
      if (at === -1) continue;
      const [chunk] = this.#waiting.splice(at, 1);
      this.#busy.add(peer);
      void this.#fetch(peer, chunk!);
    }
    if (this.#waiting.length === 0 || this.#busy.size > 0) return;
    // Everyone has been asked for everything that is left. A new connection may be asked again.
    for (const peer of idle) void peer.disconnect();
  }

  /** Never rejects. */
  async #fetch(peer: Peer, chunk: Chunk): Promise<void> {
    let missing: readonly UInt256[] | HashList;
    try {
      const answer = await peer.requestBlocks(chunk.hashes, { signal: this.#around.signal });
      for (const block of answer.found) this.#received(block);
      this.#done += answer.found.length;
      if (answer.found.length > 0) this.#patience?.refresh();
      missing = answer.missing;
    } catch (error) {
      this.#lastFailure = error;
      missing = chunk.hashes;
    }
    this.#busy.delete(peer);
    if (missing.length > 0) this.#giveBack(peer, chunk, HashList.of(missing));
    if (this.#done === this.#total) this.#resolve();
    else if (!this.#around.signal.aborted) this.#assign();
  }

  #giveBack(peer: Peer, { attempts, asked }: Chunk, hashes: HashList): void {
    if (attempts + 1 >= MOST_ATTEMPTS) this.#fail(`${hashes.length} of them did not come in ${MOST_ATTEMPTS} attempts`);
    this.#waiting.push({ hashes, attempts: attempts + 1, asked: new Set(asked).add(peer) });
  }

  #fail(detail: string): void {
    this.#reject(new SyncError('blocks', this.#done, detail, { cause: this.#lastFailure }));
  }
}
