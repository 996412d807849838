import type { DataSource, EntitySchema, QueryRunner } from 'typeorm';
import type { Clock } from '../environment/clock.js';
import type { RandomSource } from '../environment/random-source.js';
import { DatabaseFile } from './database-file.js';
import { storeError, storeErrorOf } from './driver-errors.js';
import { peerEntities, peerMigrations } from './entities.js';
import { pause, retryWhileLocked } from './lock-retry.js';
import { PeerRecordEntity } from './peer-record.entity.js';
import { escapePath } from './statement.js';
import type { StoreError } from './store.error.js';

/**
 * Larger SQLite files are not checked whole when they are opened: `quick_check` reads every page, which takes more than a
 * millisecond a MB, and the first dial waits for it. This is what 30,000 peers take. In a larger file damage shows when the
 * page is read, and loading reads every row.
 */
const LARGEST_CHECKED_BYTES = 4 * 1024 * 1024;

/** How often migrating is tried when tables turn up under our hands, and the longest pause between, in milliseconds. */
const MIGRATION_TRIES = 3;
const MIGRATION_PAUSE_MS = 200;

/** Migrations of ours have this in their names; what else is in the table belongs to the host. */
const OUR_MIGRATION = /PeerTables\d{13}$/;

/**
 * Opens the data source when it is first needed and again after a failure that a new connection might cure, brings the
 * tables up to date, and runs transactions. Not for use by two at a time: `TypeOrmPeerStore` queues its calls.
 *
 * @internal
 */
export class PeerDatabase {
  #ready = false;
  #file: DatabaseFile | undefined;

  constructor(
    readonly dataSource: DataSource,
    readonly label: string,
    private readonly surroundings: { readonly clock: Clock; readonly random: RandomSource },
  ) {}

  get isSqlite(): boolean {
    return this.dataSource.options.type !== 'postgres';
  }

  /**
   * Makes sure that there is a sound database with our tables. The file isn't written unless tables have to be made.
   *
   * @throws StoreError
   */
  async open(): Promise<void> {
    const { isInitialized } = this.dataSource;
    if (isInitialized && this.#ready) return;
    this.#ready = false;
    // The application can inject the data source, and may have opened it before us, without our tables.
    if (!isInitialized)
      await retryWhileLocked(() => this.dataSource.initialize(), this.label, this.surroundings, 'open');
    try {
      await retryWhileLocked(() => this.#checkFile(), this.label, this.surroundings);
      await retryWhileLocked(() => this.#switchToWal(), this.label, this.surroundings);
      await retryWhileLocked(() => this.#migrate(), this.label, this.surroundings, 'schema');
      await this.#checkTables();
      this.#file = this.isSqlite ? await DatabaseFile.opened(await this.#path()) : undefined;
      this.#ready = true;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /**
   * Runs a task inside a transaction that is open for writing, all of it or nothing; again while another process holds
   * a lock.
   *
   * @throws StoreError; after some the connection is closed, so that the next call begins with a new one
   */
  async write(task: (runner: QueryRunner) => Promise<void>): Promise<void> {
    await this.open();
    try {
      if (await this.#file?.isAnother())
        throw storeErrorOf(this.label, 'open', 'the file was deleted, moved or replaced while it was in use');
      await retryWhileLocked(() => this.#transaction(task), this.label, this.surroundings);
    } catch (error) {
      throw await this.#afterFailure(error);
    }
  }

  /** Runs a task that only reads. @throws StoreError as {@link write} */
  async read<T>(task: () => Promise<T>): Promise<T> {
    await this.open();
    try {
      return await retryWhileLocked(task, this.label, this.surroundings);
    } catch (error) {
      throw await this.#afterFailure(error);
    }
  }

  /** Closes the connection, if there is one. */
  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }

  /** A file that was replaced, or a server that came back, is only seen by a new connection. */
  async #afterFailure(error: unknown): Promise<StoreError> {
    const failure = storeError(this.label, error);
    if (failure.problem === 'locked' || failure.problem === 'full') return failure;
    try {
      await this.close();
    } catch (closing) {
      return storeErrorOf(this.label, failure.problem, `${failure.message}; closing it failed too: ${String(closing)}`);
    }
    return failure;
  }

  async #transaction(task: (runner: QueryRunner) => Promise<void>): Promise<void> {
    const runner = this.dataSource.createQueryRunner();
    try {
      // TypeORM's own transactions begin without the lock and lose count when SQLite rolls back by itself (disk full).
      await runner.query(this.isSqlite ? 'BEGIN IMMEDIATE' : 'BEGIN');
      try {
        await this.#checkWritable(runner);
        await task(runner);
        await runner.query('COMMIT');
      } catch (error) {
        // Fails where SQLite has rolled back already; the first error is the one to report.
        await runner.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    } finally {
      await runner.release();
    }
  }

  /** SQLite turns BEGIN IMMEDIATE into a read on a read-only file; a statement that could write is refused. */
  async #checkWritable(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM ${this.#table(PeerRecordEntity)} WHERE 1 = 0`);
  }

  async #checkFile(): Promise<void> {
    if (!this.isSqlite) return;
    const pages = await this.#pragma('page_count');
    const pageSize = await this.#pragma('page_size');
    if (Number(pages) * Number(pageSize) > LARGEST_CHECKED_BYTES) return;
    const found = await this.#pragma('quick_check(1)');
    if (found !== 'ok') throw storeErrorOf(this.label, 'damaged', String(found));
  }

  /** Readers and the writer don't wait for each other then, and a process that is killed leaves a sound file. */
  async #switchToWal(): Promise<void> {
    const { options } = this.dataSource;
    if (!this.isSqlite || ('enableWAL' in options && options.enableWAL === false)) return;
    try {
      await this.#pragma('journal_mode = WAL');
    } catch (error) {
      // A file that can't be written can be read; the first save will tell.
      if (storeError(this.label, error).problem !== 'read-only') throw error;
    }
  }

  /** The path of the file that is open, as SQLite has it; empty in memory. */
  async #path(): Promise<string | undefined> {
    const databases: { name: string; file: string | null }[] = await this.dataSource.query('PRAGMA database_list');
    return databases.find(({ name }) => name === 'main')?.file ?? undefined;
  }

  async #pragma(text: string): Promise<unknown> {
    const rows: Record<string, unknown>[] = await this.dataSource.query(`PRAGMA ${text}`);
    return Object.values(rows[0] ?? {})[0];
  }

  async #migrate(): Promise<void> {
    const executed = await this.#executedMigrations();
    const known = new Set<string>(peerMigrations.map((migration) => migration.name));
    const newer = executed.find((name) => OUR_MIGRATION.test(name) && !known.has(name));
    if (newer !== undefined) throw storeErrorOf(this.label, 'schema', `it was made by a newer version, ${newer}`);
    for (let tried = 1; ; tried++) {
      try {
        await this.dataSource.runMigrations({ transaction: 'all' });
        return;
      } catch (error) {
        // Two processes that start at once both find no tables; the slower one fails, and next time finds them.
        if (tried === MIGRATION_TRIES || storeError(this.label, error, 'schema').problem !== 'schema') throw error;
        await pause(this.surroundings.clock, 1 + this.surroundings.random.integer(MIGRATION_PAUSE_MS));
      }
    }
  }

  async #executedMigrations(): Promise<string[]> {
    const { driver, options } = this.dataSource;
    const schema = 'schema' in options && typeof options.schema === 'string' ? options.schema : undefined;
    const path = driver.buildTableName(options.migrationsTableName!, schema);
    const runner = this.dataSource.createQueryRunner();
    try {
      if (!(await runner.hasTable(path))) return [];
      const rows: { name: string }[] = await runner.query(`SELECT name FROM ${escapePath(this.dataSource, path)}`);
      return rows.map((row) => row.name);
    } finally {
      await runner.release();
    }
  }

  /** Reads no row, but the statement needs every column. */
  async #checkTables(): Promise<void> {
    for (const entity of peerEntities) {
      const columns = this.dataSource.getMetadata(entity).columns;
      // With the table named: SQLite takes a quoted name that is no column for a text.
      const names = columns.map((column) => `stored.${this.dataSource.driver.escape(column.databaseName)}`).join(', ');
      try {
        await this.dataSource.query(`SELECT ${names} FROM ${this.#table(entity)} AS stored WHERE 1 = 0`);
      } catch (error) {
        throw storeError(this.label, error, 'schema');
      }
    }
  }

  #table(entity: EntitySchema): string {
    return escapePath(this.dataSource, this.dataSource.getMetadata(entity).tablePath);
  }
}
