import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { DataSource, QueryRunner } from 'typeorm';
import type { Clock } from '../environment/clock.js';
import type { RandomSource } from '../environment/random-source.js';
import { nextTurn } from '../environment/system-turn.js';
import { CommandStatisticEntity } from './command-statistic.entity.js';
import type { CommandStatistic } from './command-statistic.js';
import { databaseLabel } from './data-source.options.js';
import { PeerDatabase } from './peer-database.js';
import { PeerRecordEntity } from './peer-record.entity.js';
import type { PeerRecord } from './peer-record.js';
import { PeerStore, type StoreChanges } from './peer-store.js';
import { SerialQueue } from './serial-queue.js';
import { StoreError } from './store.error.js';
import { STATISTICS_PEERS, StatisticPruning } from './statistic-pruning.js';
import { checkedRecord, distinctRecords, summedStatistics } from './stored-rows.js';
import { add, larger, replace, smaller, upserts, type Merge, type Statement } from './upsert.js';

/** Rows a page of {@link TypeOrmPeerStore.load}: small enough to begin early, large enough for ten queries in all. */
const ROWS_A_PAGE = 1000;

/** How sums over runs grow. */
const STATISTIC_MERGES: Readonly<Record<string, Merge>> = Object.freeze({
  minMs: smaller,
  maxMs: larger,
  lastAtMs: larger,
});

function mergeOfStatistic(property: string): Merge {
  return STATISTIC_MERGES[property] ?? add;
}

/**
 * What {@link TypeOrmPeerStore} works with.
 *
 * @publicApi
 */
export interface TypeOrmPeerStoreSurroundings {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Peers a network whose statistics are kept. @default 10000 */
  readonly statisticsPeers?: number;
}

/**
 * Keeps rows in a database through TypeORM. It opens the data source when it is first used, makes the tables by
 * migrations, and does one thing at a time. The data source is closed in `onApplicationShutdown`.
 *
 * A save of nothing finds out whether the database can be written.
 *
 * @publicApi
 */
export class TypeOrmPeerStore extends PeerStore implements OnApplicationShutdown {
  readonly #logger = new Logger(TypeOrmPeerStore.name);
  readonly #queue = new SerialQueue();
  readonly #database: PeerDatabase;
  readonly #pruning: StatisticPruning;
  #closed = false;

  /** @param dataSource with the entities and migrations of ours, not initialized; it is this store's from now on */
  constructor(
    readonly dataSource: DataSource,
    surroundings: TypeOrmPeerStoreSurroundings,
  ) {
    super();
    this.#database = new PeerDatabase(dataSource, databaseLabel(dataSource.options), surroundings);
    this.#pruning = new StatisticPruning(dataSource, surroundings.statisticsPeers ?? STATISTICS_PEERS);
  }

  override async *load(network: string): AsyncGenerator<PeerRecord> {
    let refused = 0;
    let last: PeerRecord | undefined;
    do {
      const page: PeerRecord[] = await this.#next(() => this.#database.read(() => this.#page(network, last)));
      for (const row of page) {
        const record = checkedRecord(row);
        if (record) yield record;
        else refused++;
      }
      last = page.length < ROWS_A_PAGE ? undefined : page.at(-1);
      await nextTurn(); // better-sqlite3 works on the event loop's thread
    } while (last !== undefined);
    if (refused > 0)
      this.#logger.warn(`${this.#database.label}: ${refused} rows of ${network} are not ours and were left alone`);
  }

  override save(changed: StoreChanges): Promise<void> {
    return this.#next(async () => {
      await this.#database.open();
      const peers = distinctRecords(changed.peers);
      const statistics = summedStatistics(changed.statistics);
      try {
        let tries = 0;
        await this.#database.write(async (runner) => {
          if (tries++ > 0) this.#pruning.forget();
          await this.#write(runner, peers, statistics);
        });
      } catch (error) {
        this.#pruning.forget();
        throw error;
      }
    });
  }

  /** Waits for what is under way, then closes the data source. What is asked for later is refused. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#queue.run(() => this.#database.close());
  }

  /** @internal Called by Nest, after the last save. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  async #next<T>(task: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new StoreError(this.#database.label, 'open', 'the store was closed');
    return this.#queue.run(task);
  }

  async #write(
    runner: QueryRunner,
    peers: readonly PeerRecord[],
    statistics: readonly CommandStatistic[],
  ): Promise<void> {
    const records = this.dataSource.getMetadata(PeerRecordEntity);
    await run(
      runner,
      upserts(this.dataSource, records, peers, () => replace),
    );
    const sums = this.dataSource.getMetadata(CommandStatisticEntity);
    await run(runner, upserts(this.dataSource, sums, statistics, mergeOfStatistic));
    await this.#pruning.prune(runner, statistics);
  }

  /** The page after a row. Rows without a success come last. */
  #page(network: string, after: PeerRecord | undefined): Promise<PeerRecord[]> {
    const success = 'COALESCE(record.lastSuccessAtMs, -1)';
    const query = this.dataSource
      .getRepository(PeerRecordEntity)
      .createQueryBuilder('record')
      .where('record.network = :network', { network });
    if (after) {
      const key = { success: after.lastSuccessAtMs ?? -1, host: after.host, port: after.port };
      const later = 'record.host > :host OR (record.host = :host AND record.port > :port)';
      query.andWhere(`(${success} < :success OR (${success} = :success AND (${later})))`, key);
    }
    return query
      .addSelect(success, 'success_order')
      .orderBy('success_order', 'DESC')
      .addOrderBy('record.host', 'ASC')
      .addOrderBy('record.port', 'ASC')
      .limit(ROWS_A_PAGE)
      .getMany();
  }
}

/** With a turn for all else after each: better-sqlite3 works on the event loop's thread. */
async function run(runner: QueryRunner, statements: Iterable<Statement>): Promise<void> {
  for (const { sql, values } of statements) {
    await runner.query(sql, values);
    await nextTurn();
  }
}
