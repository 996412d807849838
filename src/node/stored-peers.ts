import { DataSource, type DataSourceOptions } from 'typeorm';
import { DEFAULTS } from '../config/defaults.js';
import { dataSourceOptions } from '../persistence/data-source.options.js';
import { PeerRecordEntity } from '../persistence/peer-record.entity.js';
import type { PeerRecord } from '../persistence/peer-record.js';
import { checkedRecord } from '../persistence/stored-rows.js';
import { readDatabase } from './stored-database.js';

/**
 * All rows of a SQLite file, of all networks, newest success first; a running node is not disturbed.
 *
 * @throws StoreError when there is no file, or it isn't a database of ours
 * @internal
 */
export function readPeerRecords(file: string): Promise<readonly PeerRecord[]> {
  return readDatabase(file, readRows);
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
