import type { DataSourceOptions } from 'typeorm';
import type { ResolvedPersistenceOptions } from '../config/resolved-options.js';
import { peerEntities, peerMigrations } from './entities.js';
import { SILENT_LOGGER } from './silent-logger.js';

/** The databases whose SQL and column types we know. */
export type SupportedDatabase = 'sqlite' | 'better-sqlite3' | 'postgres';

/** How long SQLite itself waits for a lock before it says no, in milliseconds; we ask again (see `lock-retry.ts`). */
const BUSY_TIMEOUT_MS = 1000;

/** better-sqlite3 waits on the event loop's thread, so it may not wait long. */
const BLOCKING_BUSY_TIMEOUT_MS = 50;

/** How long Postgres may take to let us in, in milliseconds: without it a start or a last save waits for minutes. */
const CONNECT_TIMEOUT_MS = 10_000;

const WAITING: Readonly<Record<SupportedDatabase, object>> = Object.freeze({
  sqlite: { busyTimeout: BUSY_TIMEOUT_MS },
  'better-sqlite3': { timeout: BLOCKING_BUSY_TIMEOUT_MS },
  postgres: { connectTimeoutMS: CONNECT_TIMEOUT_MS },
});

/**
 * Whether we know how to use a database of that type.
 *
 * @internal
 */
export function isSupportedDatabase(type: string): type is SupportedDatabase {
  return Object.hasOwn(WAITING, type);
}

/**
 * The user's options with our entities, migrations and prefix put in. What could delete or change tables behind our back
 * is switched off. WAL is left out here: it is switched on once the file is known to be sound, because that writes to it.
 *
 * @internal
 */
export function dataSourceOptions(
  given: DataSourceOptions,
  { tablePrefix }: Pick<ResolvedPersistenceOptions, 'tablePrefix'>,
): DataSourceOptions {
  const prefix = `${given.entityPrefix ?? ''}${tablePrefix}`;
  return {
    ...(isSupportedDatabase(given.type) ? WAITING[given.type] : {}),
    ...(given.logging === undefined ? { logger: SILENT_LOGGER } : {}),
    ...given,
    ...('enableWAL' in given && given.enableWAL === true ? { enableWAL: undefined } : {}),
    entityPrefix: prefix,
    entities: [...listOf(given.entities), ...peerEntities],
    migrations: [...listOf(given.migrations), ...peerMigrations],
    migrationsTableName: given.migrationsTableName ?? `${prefix}migration`,
    migrationsRun: false,
    synchronize: false,
    dropSchema: false,
  };
}

/**
 * What to call the database in errors and log lines: a path, or host and name. Without credentials.
 *
 * @internal
 */
export function databaseLabel(options: DataSourceOptions): string {
  const { type, host, port, database, url } = options as {
    type: string;
    host?: string;
    port?: number;
    database?: unknown;
    url?: string;
  };
  if (url !== undefined && URL.canParse(url)) {
    const { protocol, host: server, pathname } = new URL(url);
    return `${protocol}//${server}${pathname}`;
  }
  const name = typeof database === 'string' ? database : '';
  if (type !== 'postgres') return name || type;
  return `postgres://${host ?? 'localhost'}:${port ?? 5432}/${name}`;
}

function listOf<T>(given: readonly T[] | Readonly<Record<string, T>> | undefined): readonly T[] {
  return given === undefined ? [] : Object.values(given);
}
