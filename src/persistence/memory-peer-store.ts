import type { CommandStatistic } from './command-statistic.js';
import type { PeerRecord } from './peer-record.js';
import { PeerStore, type StoreChanges } from './peer-store.js';
import { STATISTICS_PEERS } from './statistic-pruning.js';
import { recordKey, statisticKey, sumOf } from './stored-rows.js';

/** Rows a network: remotes that come from ever new addresses must not fill the memory. */
const MAX_RECORDS = 50_000;

/** Of one network, both in the order of the last change. */
class Rows {
  readonly records = new Map<string, PeerRecord>();
  /** By peer, then by command and direction. */
  readonly statistics = new Map<string, Map<string, CommandStatistic>>();
}

/**
 * Keeps rows as long as the process lives: for `dataSource: false`, and for tests. Of each network it keeps the 50,000 rows
 * that changed last, and the statistics of the 10,000 peers whose changed last.
 *
 * @publicApi
 */
export class MemoryPeerStore extends PeerStore {
  readonly #networks = new Map<string, Rows>();

  override async *load(network: string): AsyncGenerator<PeerRecord> {
    const rows = [...(this.#networks.get(network)?.records.values() ?? [])];
    yield* rows.toSorted((a, b) => (b.lastSuccessAtMs ?? -1) - (a.lastSuccessAtMs ?? -1));
  }

  override save(changed: StoreChanges): Promise<void> {
    for (const row of changed.peers) {
      putLast(this.#rowsOf(row.network).records, recordKey(row.host, row.port), Object.freeze({ ...row }), MAX_RECORDS);
    }
    for (const row of changed.statistics) {
      const { statistics } = this.#rowsOf(row.network);
      const peer = recordKey(row.host, row.port);
      const sums = statistics.get(peer) ?? new Map<string, CommandStatistic>();
      putLast(statistics, peer, sums, STATISTICS_PEERS);
      const stored = sums.get(statisticKey(row));
      sums.set(statisticKey(row), Object.freeze(stored ? sumOf(stored, row) : { ...row }));
    }
    return Promise.resolve();
  }

  /** What was added up so far, in no particular order. */
  statistics(network: string): readonly CommandStatistic[] {
    return [...(this.#networks.get(network)?.statistics.values() ?? [])].flatMap((sums) => [...sums.values()]);
  }

  #rowsOf(network: string): Rows {
    const rows = this.#networks.get(network) ?? new Rows();
    this.#networks.set(network, rows);
    return rows;
  }
}

/** Puts a value at the end, and drops the first if there are too many. */
function putLast<T>(values: Map<string, T>, key: string, value: T, maximum: number): void {
  values.delete(key);
  values.set(key, value);
  if (values.size <= maximum) return;
  const [first] = values.keys();
  values.delete(first!);
}
