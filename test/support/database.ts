import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { SystemClock } from '../../src/environment/system-clock.js';
import { SystemRandom } from '../../src/environment/system-random.js';
import { createDataSource } from '../../src/persistence/data-source.provider.js';
import { TypeOrmPeerStore } from '../../src/persistence/typeorm-peer-store.js';

/** Which database the persistence specs run on: `sqlite` (default), `better-sqlite3` or `postgres` (by its PG… variables). */
export const TEST_DB = (process.env['TEST_DB'] ?? 'sqlite') as 'sqlite' | 'better-sqlite3' | 'postgres';

export const ON_SQLITE = TEST_DB !== 'postgres';

/** Opens a file so that it can't be written, also by root, to whom file modes mean nothing. 1 is SQLITE_OPEN_READONLY. */
export const READ_ONLY = TEST_DB === 'better-sqlite3' ? { readonly: true } : { flags: 1 };

/** Opens a file only if it is there. 2 is SQLITE_OPEN_READWRITE, without SQLITE_OPEN_CREATE. */
export const EXISTING_ONLY = TEST_DB === 'better-sqlite3' ? { fileMustExist: true } : { flags: 2 };

/** A database of one test: a file in a folder of its own, or a schema. */
export class TestDatabase {
  readonly #opened: { close(): Promise<void> }[] = [];

  private constructor(
    readonly folder: string,
    readonly file: string,
    private readonly schema: string,
  ) {}

  static async create(): Promise<TestDatabase> {
    const folder = await mkdtemp(join(tmpdir(), 'neo-peer-'));
    const database = new TestDatabase(
      folder,
      join(folder, 'peers.sqlite'),
      `t${process.pid}_${process.hrtime.bigint()}`,
    );
    if (!ON_SQLITE) await database.#sql(`CREATE SCHEMA ${database.schema}`);
    return database;
  }

  /** Options for this database. `more` is for the SQLite drivers. */
  options(more: object = {}): DataSourceOptions {
    const options: object = ON_SQLITE
      ? { type: TEST_DB, database: this.file, ...more }
      : { ...postgres(), schema: this.schema };
    return options as DataSourceOptions; // typeorm 1 has no type for 'sqlite'
  }

  dataSource(more: object = {}, tablePrefix = 'neo_peer_'): DataSource {
    return createDataSource({ dataSource: this.options(more), tablePrefix })!;
  }

  store(more: object = {}, statisticsPeers?: number, tablePrefix?: string): TypeOrmPeerStore {
    const store = new TypeOrmPeerStore(this.dataSource(more, tablePrefix), {
      clock: new SystemClock(),
      random: new SystemRandom(),
      ...(statisticsPeers === undefined ? {} : { statisticsPeers }),
    });
    this.#opened.push(store);
    return store;
  }

  /** A connection of somebody else to the same database. */
  async stranger(): Promise<DataSource> {
    const stranger = await new DataSource(this.options()).initialize();
    this.#opened.push({ close: async () => (stranger.isInitialized ? stranger.destroy() : undefined) });
    return stranger;
  }

  /** Closes what was opened. */
  async close(): Promise<void> {
    for (const opened of this.#opened) await opened.close();
  }

  /** Closes what was opened and removes the database. */
  async remove(): Promise<void> {
    await this.close();
    if (!ON_SQLITE) await this.#sql(`DROP SCHEMA ${this.schema} CASCADE`);
    await rm(this.folder, { recursive: true, force: true });
  }

  async #sql(sql: string): Promise<void> {
    const connection = await new DataSource(postgres() as DataSourceOptions).initialize();
    await connection.query(sql);
    await connection.destroy();
  }
}

function postgres(): object {
  const { PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE } = process.env;
  return {
    type: 'postgres',
    host: PGHOST ?? 'localhost',
    port: Number(PGPORT ?? 5432),
    username: PGUSER ?? 'postgres',
    password: PGPASSWORD,
    database: PGDATABASE ?? 'postgres',
  };
}
