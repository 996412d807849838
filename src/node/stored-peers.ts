import { stat } from 'node:fs/promises';
import { DataSource } from 'typeorm';
import { DEFAULTS } from '../config/defaults.js';
import { dataSourceOptions } from '../persistence/data-source.options.js';
import { storeError } from '../persistence/driver-errors.js';
import { PeerRecordEntity } from '../persistence/peer-record.entity.js';
import type { PeerRecord } from '../persistence/peer-record.js';
import { StoreError } from '../persistence/store.error.js';
import { checkedRecord } from '../persistence/stored-rows.js';

/** SQLITE_OPEN_READONLY, https://www.sqlite.org/c3ref/c_open_autoproxy.html: the file is neither made nor changed. */
const OPEN_READONLY = 1;

/**
 * Whether there is a file at all.
 *
 * @throws StoreError when the system doesn't let us look
 * @internal
 */
export async function databaseExists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw storeError(file, error, 'open');
  }
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
  const { tablePrefix } = DEFAULTS.persistence;
  const source = new DataSource(
    dataSourceOptions({ type: 'sqlite', database: file, flags: OPEN_READONLY }, { tablePrefix }),
  );
  try {
    await source.initialize();
    const records = await source.getRepository(PeerRecordEntity).find({
      order: { network: 'ASC', lastSuccessAtMs: { direction: 'DESC', nulls: 'LAST' }, host: 'ASC', port: 'ASC' },
    });
    return records.map(checkedRecord).filter((record) => record !== undefined);
  } catch (error) {
    throw storeError(file, error, 'schema');
  } finally {
    if (source.isInitialized) await source.destroy();
  }
}
