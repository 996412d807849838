import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { DataSourceOptions } from 'typeorm';
import { storeError, storeErrorOf } from '../persistence/driver-errors.js';
import { StoreError } from '../persistence/store.error.js';

/** SQLITE_OPEN_READONLY, https://www.sqlite.org/c3ref/c_open_autoproxy.html: the file is neither made nor changed. */
const OPEN_READONLY = 0x01;
/** SQLITE_OPEN_READWRITE without SQLITE_OPEN_CREATE: the file isn't made. */
const OPEN_READWRITE = 0x02;
/** SQLITE_OPEN_URI: the name may have parameters, https://www.sqlite.org/uri.html */
const OPEN_URI = 0x40;

/**
 * Whether there is a file at all.
 *
 * @throws StoreError when the system doesn't let us look
 * @internal
 */
export async function databaseExists(file: string): Promise<boolean> {
  try {
    if ((await stat(file)).isFile()) return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw storeError(file, error, 'open');
  }
  throw storeErrorOf(file, 'open', 'it is no file');
}

/**
 * Reads a SQLite file that is there; a running node is not disturbed, and nothing is written where that isn't allowed.
 *
 * @param read opens it with these options, and closes it
 * @throws StoreError when there is no file, or it isn't a database of ours
 * @internal
 */
export async function readDatabase<T>(file: string, read: (options: DataSourceOptions) => Promise<T>): Promise<T> {
  await mustExist(file);
  try {
    return await read({ type: 'sqlite', database: file, flags: OPEN_READONLY });
  } catch (error) {
    const failure = storeError(file, error, 'schema');
    if (failure.problem !== 'read-only') throw failure;
  }
  // Reading in WAL mode makes files beside the database. Where we may not, nobody else is writing it either, or those files
  // were there; so it can be read as one that doesn't change.
  try {
    const database = `${pathToFileURL(file).href}?immutable=1`;
    return await read({ type: 'sqlite', database, flags: OPEN_READONLY | OPEN_URI });
  } catch (error) {
    throw storeError(file, error, 'schema');
  }
}

/**
 * What opens a SQLite file that is there for writing.
 *
 * @throws StoreError when there is no file
 * @internal
 */
export async function existingDatabase(file: string): Promise<DataSourceOptions> {
  await mustExist(file);
  return { type: 'sqlite', database: file, flags: OPEN_READWRITE };
}

async function mustExist(file: string): Promise<void> {
  if (!(await databaseExists(file))) {
    throw new StoreError(file, 'open', 'there is no such file; `neo-peer run` makes one');
  }
}
