/** Databases of peers: through our store, and through sqlite3 itself. */
import 'reflect-metadata';
import { promisify } from 'node:util';
import sqlite3 from 'sqlite3';
import { PeerRecordEntity, TypeOrmPeerStore } from '../dist/index.js';
import { SystemClock } from '../dist/environment/system-clock.js';
import { SystemRandom } from '../dist/environment/system-random.js';
import { createDataSource } from '../dist/persistence/data-source.provider.js';

/** Inserts that sqlite3 is given before the first one is done. */
const IN_FLIGHT = 1000;

/** A store on a file, as the module makes it. */
export function storeOn(database) {
  const dataSource = createDataSource({ dataSource: { type: 'sqlite', database }, tablePrefix: 'neo_peer_' });
  return new TypeOrmPeerStore(dataSource, { clock: new SystemClock(), random: new SystemRandom() });
}

/** Makes a file with our tables, and these rows. */
export async function fill(database, peers) {
  const store = storeOn(database);
  await store.save({ peers, statistics: [] });
  await store.close();
}

/** Makes a file with the table alone, without its index; gives its name, columns and values of rows, as our store writes them. */
export async function bareRows(database, peers) {
  const store = storeOn(database);
  await store.save({ peers: [], statistics: [] });
  const { dataSource } = store;
  const { indices } = dataSource.getMetadata(PeerRecordEntity);
  for (const { name } of indices) await dataSource.query(`DROP INDEX "${name}"`);
  const { columns, tablePath } = dataSource.getMetadata(PeerRecordEntity);
  const values = peers.map((row) =>
    columns.map((column) => dataSource.driver.preparePersistentValue(column.getEntityValue(row), column)),
  );
  await store.close();
  return { table: tablePath, columns: columns.map(({ databaseName }) => databaseName), values };
}

/**
 * Bare inserts: single rows, prepared, in one transaction, through sqlite3 itself.
 *
 * @param {string} database a file that has the table
 * @returns what inserts all rows, and what closes the file
 */
export async function bareInserter(database, { table, columns, values }) {
  const connection = await opened(database);
  const run = promisify(connection.run.bind(connection));
  const placeholders = columns.map(() => '?').join(', ');
  const insert = async () => {
    const statement = connection.prepare(`INSERT INTO "${table}" ("${columns.join('", "')}") VALUES (${placeholders})`);
    await run('BEGIN IMMEDIATE');
    await insertAll(statement, values);
    await run('COMMIT');
    await promisify(statement.finalize.bind(statement))();
  };
  return { insert, close: promisify(connection.close.bind(connection)) };
}

function opened(database) {
  return new Promise((resolve, reject) => {
    const connection = new sqlite3.Database(database, (error) =>
      error === null ? resolve(connection) : reject(error),
    );
  });
}

function insertAll(statement, values) {
  return new Promise((resolve, reject) => {
    let next = 0;
    let done = 0;
    const more = (error) => {
      if (error) return reject(error);
      if (++done === values.length) return resolve();
      if (next < values.length) statement.run(values[next++], more);
      return undefined;
    };
    while (next < Math.min(IN_FLIGHT, values.length)) statement.run(values[next++], more);
  });
}
