import type { CommandStatistic } from './command-statistic.js';
import type { PeerRecord } from './peer-record.js';
import { PeerStore, type StoreChanges } from './peer-store.js';
import { recordKey, statisticKey, sumOf, summedStatistics } from './stored-rows.js';

/**
 * Keeps rows as long as the process lives: for `dataSource: false`, and for tests.
 *
 * @publicApi
 */
export class MemoryPeerStore extends PeerStore {
  readonly #networks = new Map<string, Map<string, PeerRecord>>();
  readonly #statistics = new Map<string, CommandStatistic>();

  override async *load(network: string): AsyncGenerator<PeerRecord> {
    const rows = [...(this.#networks.get(network)?.values() ?? [])];
    yield* rows.toSorted((a, b) => (b.lastSuccessAtMs ?? -1) - (a.lastSuccessAtMs ?? -1));
  }

  override save(changed: StoreChanges): Promise<void> {
    for (const row of changed.peers) {
      const rows = this.#networks.get(row.network) ?? new Map<string, PeerRecord>();
      this.#networks.set(row.network, rows);
      rows.set(recordKey(row.host, row.port), Object.freeze({ ...row }));
    }
    for (const row of summedStatistics(changed.statistics)) {
      const stored = this.#statistics.get(statisticKey(row));
      this.#statistics.set(statisticKey(row), Object.freeze(stored ? sumOf(stored, row) : { ...row }));
    }
    return Promise.resolve();
  }

  /** What was added up so far, in no particular order. */
  statistics(network: string): readonly CommandStatistic[] {
    return [...this.#statistics.values()].filter((row) => row.network === network);
  }
}
