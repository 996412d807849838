import type { DataSource, QueryRunner } from 'typeorm';
import { CommandStatisticEntity } from './command-statistic.entity.js';
import type { CommandStatistic } from './command-statistic.js';
import { deletions } from './deletion.js';
import type { PeerKey } from './peer-record.js';
import { escapePath, placeholders, run } from './statement.js';
import { PEER_KEY, recordKey } from './stored-rows.js';

/** Peers a network whose statistics are kept: at some 20 rows each, a table of about 20 MB. */
export const STATISTICS_PEERS = 10_000;

/**
 * Keeps the statistics of the newest peers only. Looking for the others reads the whole table, so it is done only when
 * there may be some: when the peers found last time and those written since are more than are kept.
 *
 * @internal
 */
export class StatisticPruning {
  readonly #found = new Map<string, number>();
  readonly #written = new Map<string, Set<string>>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly kept: number = STATISTICS_PEERS,
  ) {}

  /** Deletes what is too old, after `rows` were written in the same transaction. */
  async prune(runner: QueryRunner, rows: readonly CommandStatistic[]): Promise<void> {
    for (const row of rows) this.#writtenIn(row.network).add(recordKey(row.host, row.port));
    for (const [network, written] of this.#written) {
      if (written.size === 0) continue;
      const found = this.#found.get(network);
      if (found !== undefined && found + written.size <= this.kept) continue;
      const count = found === undefined ? await this.#count(runner, network) : Infinity;
      if (count > this.kept) await this.#pruneNetwork(runner, network);
      this.#found.set(network, await this.#count(runner, network));
      written.clear();
    }
  }

  /** To be called when the transaction came to nothing: looks again next time. */
  forget(): void {
    this.#found.clear();
    this.#written.clear();
  }

  #writtenIn(network: string): Set<string> {
    const written = this.#written.get(network) ?? new Set();
    this.#written.set(network, written);
    return written;
  }

  async #pruneNetwork(runner: QueryRunner, network: string): Promise<void> {
    const table = this.#table();
    const all = this.dataSource.options.type === 'postgres' ? 'ALL' : '-1'; // SQLite has no OFFSET without LIMIT
    const old: PeerKey[] = await runner.query(
      `SELECT network, host, port FROM ${table} WHERE network = ${placeholders(this.dataSource)()}
       GROUP BY network, host, port ORDER BY MAX(last_at_ms) DESC, host, port LIMIT ${all} OFFSET ${this.kept}`,
      [network],
    );
    const metadata = this.dataSource.getMetadata(CommandStatisticEntity);
    await run(runner, deletions(this.dataSource, metadata, PEER_KEY, old));
  }

  async #count(runner: QueryRunner, network: string): Promise<number> {
    const rows: { count: number | string }[] = await runner.query(
      `SELECT COUNT(*) AS count FROM (SELECT 1 FROM ${this.#table()} WHERE network = ${placeholders(this.dataSource)()}
       GROUP BY host, port) AS peers`,
      [network],
    );
    return Number(rows[0]?.count ?? 0);
  }

  #table(): string {
    return escapePath(this.dataSource, this.dataSource.getMetadata(CommandStatisticEntity).tablePath);
  }
}
