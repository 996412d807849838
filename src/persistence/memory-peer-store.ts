import type { BanRow } from './ban.entity.js';
import type { Ban } from './ban.js';
import { changedRows } from './changed-rows.js';
import type { CommandStatistic } from './command-statistic.js';
import type { PeerRecord } from './peer-record.js';
import { PeerStore, type StoreChanges } from './peer-store.js';
import { STATISTICS_PEERS } from './statistic-pruning.js';
import { banOf } from './stored-bans.js';
import { completeRecord, recordKey, statisticKey, sumOf } from './stored-rows.js';

/** Rows a network: remotes that come from ever new addresses must not fill the memory. */
const MAX_RECORDS = 50_000;

/** Bans a network: as many as an attack may fill with single addresses before whole subnets are banned instead. */
const MAX_BANS = 10_000;

/** Settings a network, of which a node has a few. */
const MAX_SETTINGS = 1000;

/** Of one network, all in the order of the last change. */
class Rows {
  readonly records = new Map<string, PeerRecord>();
  /** By peer, then by command and direction. */
  readonly statistics = new Map<string, Map<string, CommandStatistic>>();
  /** By subject. */
  readonly bans = new Map<string, BanRow>();
  readonly settings = new Map<string, string>();
}

/**
 * Keeps rows as long as the process lives: for `dataSource: false`, and for tests. Of each network it keeps the 50,000 rows,
 * 10,000 bans and 1,000 settings that changed last, and the statistics of the 10,000 peers whose changed last.
 *
 * @publicApi
 */
export class MemoryPeerStore extends PeerStore {
  readonly #networks = new Map<string, Rows>();

  override async *load(network: string): AsyncGenerator<PeerRecord> {
    const rows = [...(this.#networks.get(network)?.records.values() ?? [])];
    yield* rows.toSorted((a, b) => (b.lastSuccessAtMs ?? -1) - (a.lastSuccessAtMs ?? -1));
  }

  override async *loadBans(network: string): AsyncGenerator<Ban> {
    const rows = this.#ofEveryNetworkAnd(network).flatMap(({ bans }) => [...bans.values()]);
    yield* rows.map(banOf);
  }

  override loadSettings(network: string): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(new Map(this.#ofEveryNetworkAnd(network).flatMap(({ settings }) => [...settings])));
  }

  override async save(changed: StoreChanges): Promise<void> {
    const rows = changedRows(changed);
    for (const { network, host, port } of rows.forgotten) {
      const { records, statistics } = this.#rowsOf(network);
      records.delete(recordKey(host, port));
      statistics.delete(recordKey(host, port));
    }
    for (const row of rows.peers) {
      const complete = Object.freeze(completeRecord(row));
      putLast(this.#rowsOf(row.network).records, recordKey(row.host, row.port), complete, MAX_RECORDS);
    }
    for (const row of rows.statistics) this.#add(row);
    for (const { network, subject } of rows.removedBans) this.#rowsOf(network).bans.delete(subject);
    for (const row of rows.bans) putLast(this.#rowsOf(row.network).bans, row.subject, row, MAX_BANS);
    for (const { network, name } of rows.removedSettings) this.#rowsOf(network).settings.delete(name);
    for (const row of rows.settings) putLast(this.#rowsOf(row.network).settings, row.name, row.value, MAX_SETTINGS);
  }

  /** What was added up so far, in no particular order. */
  statistics(network: string): readonly CommandStatistic[] {
    return [...(this.#networks.get(network)?.statistics.values() ?? [])].flatMap((sums) => [...sums.values()]);
  }

  #add(row: CommandStatistic): void {
    const { statistics } = this.#rowsOf(row.network);
    const peer = recordKey(row.host, row.port);
    const sums = statistics.get(peer) ?? new Map<string, CommandStatistic>();
    putLast(statistics, peer, sums, STATISTICS_PEERS);
    const stored = sums.get(statisticKey(row));
    sums.set(statisticKey(row), Object.freeze(stored ? sumOf(stored, row) : { ...row }));
  }

  #ofEveryNetworkAnd(network: string): Rows[] {
    return [...new Set(['', network])].map((name) => this.#networks.get(name)).filter((rows) => rows !== undefined);
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
