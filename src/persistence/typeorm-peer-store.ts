import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { In, type DataSource, type QueryRunner } from 'typeorm';
import type { Clock } from '../environment/clock.js';
import type { RandomSource } from '../environment/random-source.js';
import { nextTurn } from '../environment/system-turn.js';
import { BanEntity, type BanRow } from './ban.entity.js';
import type { Ban } from './ban.js';
import { changeStatements } from './change-statements.js';
import { changedRows, type ChangedRows } from './changed-rows.js';
import { databaseLabel } from './data-source.options.js';
import { PeerDatabase } from './peer-database.js';
import type { PeerRecord } from './peer-record.js';
import { PeerStore, type StoreChanges } from './peer-store.js';
import { RecordPages } from './record-pages.js';
import { SerialQueue } from './serial-queue.js';
import { SettingEntity, type SettingRow } from './setting.entity.js';
import { run } from './statement.js';
import { STATISTICS_PEERS, StatisticPruning } from './statistic-pruning.js';
import { StoreError } from './store.error.js';
import { checkedBan } from './stored-bans.js';
import { checkedRecord, isSoundSetting } from './stored-rows.js';

/** Bans a page. */
const BANS_A_PAGE = 1000;

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

  override load(network: string): AsyncGenerator<PeerRecord> {
    const pages = new RecordPages(this.dataSource, network);
    return this.#paged(`rows of ${network}`, () => pages.next(), checkedRecord);
  }

  override loadBans(network: string): AsyncGenerator<Ban> {
    let last: BanRow | 'none' | undefined;
    const nextPage = async (): Promise<BanRow[] | undefined> => {
      if (last === 'none') return undefined;
      const page = await this.#bans(network, last);
      last = page.length < BANS_A_PAGE ? 'none' : page.at(-1);
      return page;
    };
    return this.#paged(`bans of ${network}`, nextPage, checkedBan);
  }

  override async loadSettings(network: string): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#next(() => this.#database.read(() => this.#settings(network)));
    const sound = rows.filter(isSoundSetting);
    this.#warn(rows.length - sound.length, `settings of ${network}`);
    return new Map(sound.map(({ name, value }) => [name, value]));
  }

  override save(changed: StoreChanges): Promise<void> {
    return this.#next(async () => {
      await this.#database.open();
      const rows = changedRows(changed);
      try {
        let tries = 0;
        await this.#database.write(async (runner) => {
          if (tries++ > 0) this.#pruning.forget();
          await this.#write(runner, rows);
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

  async #write(runner: QueryRunner, rows: ChangedRows): Promise<void> {
    await run(runner, changeStatements(this.dataSource, rows));
    await this.#pruning.prune(runner, rows.statistics);
  }

  /** All rows that there are, page by page. @param nextPage gives undefined after the last */
  async *#paged<Row, Sound>(
    what: string,
    nextPage: () => Promise<readonly Row[] | undefined>,
    checked: (row: Row) => Sound | undefined,
  ): AsyncGenerator<Sound> {
    let refused = 0;
    for (;;) {
      const page = await this.#next(() => this.#database.read(nextPage));
      if (page === undefined) break;
      for (const row of page) {
        const sound = checked(row);
        if (sound === undefined) refused++;
        else yield sound;
      }
      await nextTurn(); // better-sqlite3 works on the event loop's thread
    }
    this.#warn(refused, what);
  }

  #warn(refused: number, what: string): void {
    if (refused > 0) this.#logger.warn(`${this.#database.label}: ${refused} ${what} are not ours and were left alone`);
  }

  /** The page after a row, those of every network first: empty sorts before any name. */
  #bans(network: string, after: BanRow | undefined): Promise<BanRow[]> {
    const query = this.dataSource
      .getRepository(BanEntity)
      .createQueryBuilder('ban')
      .where('ban.network IN (:...networks)', { networks: ['', network] });
    if (after) {
      const key = { lastNetwork: after.network, lastSubject: after.subject };
      const later = 'ban.network > :lastNetwork OR (ban.network = :lastNetwork AND ban.subject > :lastSubject)';
      query.andWhere(`(${later})`, key);
    }
    return query.orderBy('ban.network', 'ASC').addOrderBy('ban.subject', 'ASC').limit(BANS_A_PAGE).getMany();
  }

  /** Those of every network first, so that the network's own are the last to be put into a map. */
  #settings(network: string): Promise<SettingRow[]> {
    return this.dataSource
      .getRepository(SettingEntity)
      .find({ where: { network: In(['', network]) }, order: { network: 'ASC', name: 'ASC' } });
  }
}
