import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { DEFAULTS } from '../config/defaults.js';
import { dataSourceOptions } from '../persistence/data-source.options.js';
import { storeError, storeErrorOf } from '../persistence/driver-errors.js';
import { PeerRecordEntity } from '../persistence/peer-record.entity.js';
import type { PeerRecord } from '../persistence/peer-record.js';
import { StoreError } from '../persistence/store.error.js';
import { checkedRecord } from '../persistence/stored-rows.js';

/** SQLITE_OPEN_READONLY, https://www.sqlite.org/c3ref/c_open_autoproxy.html: the file is neither made nor changed. */
const OPEN_READONLY = 0x01;
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
 * All rows of a SQLite file, of all networks, newest success first; a running node is not disturbed.
 *
 * @throws StoreError when there is no file, or it isn't a database of ours
 * @internal
 */
export async function readPeerRecords(file: string): Promise<readonly PeerRecord[]> {
  if (!(await databaseExists(file))) {
    throw new StoreError(file, 'open', 'there is no such file; `neo-peer run` makes one');
  }
  try {
    return await readRows({ type: 'sqlite', database: file, flags: OPEN_READONLY });
  } catch (error) {
    const failure = storeError(file, error, 'schema');
    if (failure.problem !== 'read-only') throw failure;
  }
  // Reading in WAL mode makes files beside the database. Where we may not, nobody else is writing it either, or those files
  // were there; so it can be read as one that doesn't change.
  try {
    const database = `${pathToFileURL(file).href}?immutable=1`;
    return await readRows({ type: 'sqlite', database, flags: OPEN_READONLY | OPEN_URI });
  } catch (error) {
    throw storeError(file, error, 'schema');
  }
}

async function readRows(options: DataSourceOptions): Promise<readonly PeerRecord[]> {
  const source = new DataSource(dataSourceOptions(options, DEFAULTS.persistence));
  try {
    await source.initialize();
    const records = await source.getRepository(PeerRecordEntity).find({
      order: { network: 'ASC', lastSuccessAtMs: { direction: 'DESC', nulls: 'LAST' }, host: 'ASC', port: 'ASC' },
    });
    return records.map(checkedRecord).filter((record) => record !== undefined);
  } finally {
    if (source.isInitialized) await source.destroy();
  }
}
