import type { PeerRecord, PeerSource } from '../../persistence/peer-record.js';
import { recordKey } from '../../persistence/stored-rows.js';

/** A row that may be changed; it is copied when it leaves the table. */
export type MutableRecord = { -readonly [K in keyof PeerRecord]: PeerRecord[K] };

/**
 * Rows kept in memory, about 25 MB. Remotes that come from ever new addresses, or tell ever new ones to an application that
 * dials them, must not fill it: over this, rows of inbound peers and of dials that never succeeded are dropped, those
 * touched longest ago first, and over twice this any but seeds (from memory, not from the database).
 */
export const MAX_RECORDS = 50_000;

/** How many rows are looked at for one to drop; those that can't be dropped go to the end of the line. */
const LOOKED_AT = 64;

/**
 * Rows by host and port, in order of the last touch, with those that changed since they were taken.
 *
 * @internal
 */
export class RecordTable {
  readonly #rows = new Map<string, MutableRecord>();
  #changed = new Set<string>();

  constructor(
    private readonly network: string,
    private readonly maximum: number = MAX_RECORDS,
  ) {}

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

  /** Puts in a row that needs no saving. */
  put(row: PeerRecord): void {
    this.#rows.set(recordKey(row.host, row.port), { ...row });
  }

  /** Puts the rows in order of the last byte received: for rows that came in another one. */
  sort(): void {
    const rows = [...this.#rows].toSorted(([, a], [, b]) => (a.lastSeenAtMs ?? 0) - (b.lastSeenAtMs ?? 0));
    this.#rows.clear();
    for (const [key, row] of rows) this.#rows.set(key, row);
  }

  /** The row of an address, made if need be. It will be saved. */
  touch(host: string, port: number, source: PeerSource, nowMs: number): MutableRecord {
    const key = recordKey(host, port);
    const row = this.#rows.get(key) ?? newRecord(this.network, host, port, source, nowMs);
    this.#rows.delete(key);
    this.#rows.set(key, row);
    this.#changed.add(key);
    this.#dropOne();
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

  /** Rows that were taken and could not be saved count as changed again. */
  giveBack(rows: Iterable<PeerRecord>): void {
    for (const row of rows) this.#changed.add(recordKey(row.host, row.port));
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
    let looked = 0;
    for (const [key, row] of this.#rows) {
      if (looked++ === LOOKED_AT) return;
      if (this.#mayDrop(row) && looked < this.#rows.size) {
        this.#rows.delete(key);
        this.#changed.delete(key);
        return;
      }
      this.#rows.delete(key);
      this.#rows.set(key, row);
    }
  }

  #mayDrop({ source, lastSuccessAtMs }: PeerRecord): boolean {
    if (source === 'seed') return false;
    return source === 'inbound' || lastSuccessAtMs === null || this.#rows.size > 2 * this.maximum;
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
  };
}

/**
 * What was stored and what was learnt without it, as one: newer facts win, counts add up.
 *
 * @internal
 */
export function mergedRecord(stored: PeerRecord, learnt: PeerRecord): PeerRecord {
  const succeeded = learnt.lastSuccessAtMs !== null;
  return {
    ...stored,
    services: succeeded ? learnt.services : stored.services,
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
  };
}
