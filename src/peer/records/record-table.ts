import type { PeerKey, PeerRecord, PeerSource } from '../../persistence/peer-record.js';
import { recordKey } from '../../persistence/stored-rows.js';

/** A row that may be changed; it is copied when it leaves the table. */
export type MutableRecord = { -readonly [K in keyof PeerRecord]: PeerRecord[K] };

/**
 * Rows kept, about 25 MB of memory. Remotes that come from ever new addresses, or tell ever new ones to an application that
 * dials them, must not fill it: over this, rows of those whom no dial has reached (inbound peers among them) are dropped, those
 * touched longest ago first, and over twice this any but seeds. What is dropped goes from the database too.
 */
export const MAX_RECORDS = 50_000;

/** How many rows are looked at for one to drop; those that can't be dropped go to the end of the line. */
const LOOKED_AT = 64;

/** So many times the most rows there may be are remembered to be deleted. */
const FORGOTTEN_FACTOR = 2;

/** Told of rows as they come into the table and go. */
export interface RecordWatcher {
  /** A row is new; it stays the same object for as long as it is in the table. @param restored it comes from the store */
  added(row: MutableRecord, restored: boolean): void;
  removed(row: MutableRecord): void;
}

/**
 * Rows by host and port, those that were touched in order of the last touch after those of the store, with those that changed, and those that went, since they were taken.
 *
 * @internal
 */
export class RecordTable {
  readonly #rows = new Map<string, MutableRecord>();
  /** Rows as the store gave them, the best first. Those that weren't touched since were touched longest ago, the last first. */
  readonly #restored: MutableRecord[] = [];
  readonly #touched = new Set<MutableRecord>();
  #changed = new Set<string>();
  #forgotten = new Map<string, PeerKey>();
  #watcher: RecordWatcher | undefined;

  constructor(
    private readonly network: string,
    private readonly maximum: number = MAX_RECORDS,
  ) {}

  /** Tells somebody of every row from now on. */
  watch(watcher: RecordWatcher): void {
    this.#watcher = watcher;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Copies of all rows. */
  *[Symbol.iterator](): IterableIterator<PeerRecord> {
    for (const row of this.#rows.values()) yield { ...row };
  }

  find(host: string, port: number): MutableRecord | undefined {
    return this.#rows.get(recordKey(host, port));
  }

  /** Puts in a row of the store, which needs no saving; not if it was to be forgotten before it came. */
  put(row: PeerRecord): void {
    const key = recordKey(row.host, row.port);
    if (this.#forgotten.has(key)) return;
    const own = { ...row };
    this.#rows.set(key, own);
    this.#restored.push(own);
    this.#watcher?.added(own, true);
  }

  /** The keys of rows that were put in, for as long as nothing is dropped. */
  *restoredKeys(): Generator<string> {
    for (const { host, port } of this.#restored) yield recordKey(host, port);
  }

  /** Takes a row out, from the store too. */
  forget(host: string, port: number): void {
    const key = recordKey(host, port);
    const row = this.#rows.get(key);
    if (row !== undefined) this.#remove(key, row);
  }

  /**
   * Has the store delete a row that isn't here. Of twice as many as there may be rows, the oldest is let be: remotes can bring
   * rows about without end while a store is away, and a row too many in it does no harm.
   */
  disown({ host, port }: Pick<PeerKey, 'host' | 'port'>): void {
    this.#forgotten.set(recordKey(host, port), { network: this.network, host, port });
    if (this.#forgotten.size <= FORGOTTEN_FACTOR * this.maximum) return;
    const [oldest] = this.#forgotten.keys();
    this.#forgotten.delete(oldest!);
  }

  /** The row of an address, made if need be. It will be saved. @param learntFrom host of who told of it, if it is new */
  touch(
    host: string,
    port: number,
    source: PeerSource,
    nowMs: number,
    learntFrom: string | null = null,
  ): MutableRecord {
    const key = recordKey(host, port);
    const known = this.#rows.get(key);
    const row = known ?? { ...newRecord(this.network, host, port, source, nowMs), learntFrom };
    this.#moveToEnd(key, row);
    this.#changed.add(key);
    if (known !== undefined && this.#restored.length > 0) this.#touched.add(known);
    if (known === undefined) {
      this.#forgotten.delete(key);
      this.#watcher?.added(row, false);
      this.#dropOne();
    }
    return row;
  }

  /** Copies of the rows that changed since the last time; from now on they count as unchanged. */
  takeChanged(): PeerRecord[] {
    const taken = this.#changed;
    this.#changed = new Set();
    return [...taken]
      .map((key) => this.#rows.get(key))
      .filter((row) => row !== undefined)
      .map((row) => ({ ...row }));
  }

  /** The keys of rows that went since the last time. */
  takeForgotten(): PeerKey[] {
    const taken = this.#forgotten;
    this.#forgotten = new Map();
    return [...taken.values()];
  }

  /** Rows that were taken and could not be saved count as changed again. */
  giveBack(rows: Iterable<PeerRecord>, forgotten: Iterable<PeerKey>): void {
    for (const row of rows) this.#changed.add(recordKey(row.host, row.port));
    for (const key of forgotten) if (!this.#rows.has(recordKey(key.host, key.port))) this.disown(key);
  }

  /** Counts as changed what these rows don't have, or have as it was before. */
  async compare(stored: AsyncIterable<PeerRecord>): Promise<void> {
    const lacking = new Set(this.#rows.keys());
    for await (const row of stored) {
      const key = recordKey(row.host, row.port);
      const own = this.#rows.get(key);
      if (own !== undefined && !isNewer(own, row)) lacking.delete(key);
      if (lacking.size === 0) break;
    }
    for (const key of lacking) this.#changed.add(key);
  }

  #dropOne(): void {
    if (this.#rows.size <= this.maximum) return;
    for (let looked = 1; looked <= LOOKED_AT; looked++) {
      const row = this.#touchedLongestAgo();
      const key = recordKey(row.host, row.port);
      if (this.#mayDrop(row) && looked < this.#rows.size) {
        this.#remove(key, row);
        return;
      }
      this.#moveToEnd(key, row);
    }
  }

  /** Of rows of the store each is given once. There must be a row. */
  #touchedLongestAgo(): MutableRecord {
    for (let row = this.#restored.pop(); row !== undefined; row = this.#restored.pop()) {
      if (!this.#touched.has(row) && this.find(row.host, row.port) === row) return row;
    }
    this.#touched.clear();
    const [first] = this.#rows.values();
    return first!;
  }

  #moveToEnd(key: string, row: MutableRecord): void {
    this.#rows.delete(key);
    this.#rows.set(key, row);
  }

  #remove(key: string, row: MutableRecord): void {
    this.#rows.delete(key);
    this.#changed.delete(key);
    this.#touched.delete(row);
    this.disown(row);
    this.#watcher?.removed(row);
  }

  #mayDrop({ source, lastSuccessAtMs }: PeerRecord): boolean {
    return source !== 'seed' && (lastSuccessAtMs === null || this.#rows.size > 2 * this.maximum);
  }
}

function isNewer(own: PeerRecord, stored: PeerRecord): boolean {
  const times = ['lastSeenAtMs', 'lastAttemptAtMs', 'lastSuccessAtMs'] as const;
  return times.some((time) => (own[time] ?? 0) > (stored[time] ?? 0));
}

function newRecord(network: string, host: string, port: number, source: PeerSource, nowMs: number): MutableRecord {
  return {
    network,
    host,
    port,
    services: 0n,
    userAgent: null,
    protocolVersion: null,
    lastHeight: null,
    firstSeenAtMs: nowMs,
    lastSeenAtMs: null,
    lastAttemptAtMs: null,
    lastSuccessAtMs: null,
    attempts: 0,
    failuresInARow: 0,
    latencyMs: null,
    lastDisconnectReason: null,
    source,
    nextDialAtMs: null,
    learntFrom: null,
    sources: null,
  };
}

/**
 * What was stored and what was learnt without it, as one: newer facts win, counts add up.
 *
 * @internal
 */
export function mergedRecord(stored: PeerRecord, learnt: PeerRecord): PeerRecord {
  const succeeded = learnt.lastSuccessAtMs !== null;
  const introduced = learnt.protocolVersion !== null;
  return {
    ...stored,
    source: learnt.source === 'seed' ? 'seed' : stored.source,
    services: introduced ? learnt.services : stored.services,
    userAgent: learnt.userAgent ?? stored.userAgent,
    protocolVersion: learnt.protocolVersion ?? stored.protocolVersion,
    lastHeight: learnt.lastHeight ?? stored.lastHeight,
    firstSeenAtMs: Math.min(stored.firstSeenAtMs, learnt.firstSeenAtMs),
    lastSeenAtMs: learnt.lastSeenAtMs ?? stored.lastSeenAtMs,
    lastAttemptAtMs: learnt.lastAttemptAtMs ?? stored.lastAttemptAtMs,
    lastSuccessAtMs: learnt.lastSuccessAtMs ?? stored.lastSuccessAtMs,
    attempts: stored.attempts + learnt.attempts,
    failuresInARow: succeeded ? learnt.failuresInARow : stored.failuresInARow + learnt.failuresInARow,
    latencyMs: learnt.latencyMs ?? stored.latencyMs,
    lastDisconnectReason: learnt.lastDisconnectReason ?? stored.lastDisconnectReason,
    nextDialAtMs: learnt.nextDialAtMs ?? stored.nextDialAtMs ?? null,
    learntFrom: stored.learntFrom ?? learnt.learntFrom ?? null,
    sources: stored.sources ?? learnt.sources ?? null,
  };
}
