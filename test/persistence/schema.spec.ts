import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource, EntitySchema } from 'typeorm';
import { peerEntities, peerMigrations } from '../../src/persistence/entities.js';
import { dataSourceOptions } from '../../src/persistence/data-source.options.js';
import { ON_SQLITE, TestDatabase } from '../support/database.js';
import { all, peerRecord } from '../support/records.js';

const pending = async (source: DataSource): Promise<string[]> =>
  (await source.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);

const tables = async (source: DataSource): Promise<string[]> => {
  const { schema } = source.options as { schema?: string };
  const rows: { name: string }[] = await source.query(
    ON_SQLITE
      ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
      : `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = '${schema}' ORDER BY table_name`,
  );
  return rows.map((row) => row.name);
};

describe('the schema', () => {
  let database: TestDatabase;
  const sources: DataSource[] = [];

  beforeEach(async () => {
    database = await TestDatabase.create();
  });
  afterEach(async () => {
    for (const source of sources.splice(0)) if (source.isInitialized) await source.destroy();
    await database.remove();
  });

  async function opened(source: DataSource): Promise<DataSource> {
    sources.push(source);
    return source.initialize();
  }

  it.each(['neo_peer_', '', 'x_'])('is that of the entities after the migrations, with prefix "%s"', async (prefix) => {
    const source = await opened(database.dataSource({}, prefix));
    expect(await pending(source)).not.toEqual([]);
    await source.runMigrations();
    expect(await pending(source)).toEqual([]);
    expect(await tables(source)).toEqual([`${prefix}command_statistic`, `${prefix}migration`, `${prefix}record`]);
  });

  it('is the same when the store made it', async () => {
    const store = database.store();
    await all(store.load('any'));
    expect(await pending(store.dataSource)).toEqual([]);
  });

  it('holds two prefixes in one database', async () => {
    for (const prefix of ['a_', 'b_']) {
      const source = await opened(database.dataSource({}, prefix));
      await source.runMigrations();
    }
    expect(await tables(sources[0]!)).toHaveLength(6);
    for (const source of sources) expect(await pending(source)).toEqual([]);
  });

  it('can be taken back', async () => {
    const source = await opened(database.dataSource());
    await source.runMigrations();
    await source.undoLastMigration();
    expect(await tables(source)).toEqual(['neo_peer_migration']);
  });

  it('serves a data source of the host, with its prefix', async () => {
    const options = {
      ...database.options(),
      entityPrefix: 'host_',
      entities: [...peerEntities],
      migrations: [...peerMigrations],
    };
    const source = await opened(new DataSource(options));
    await source.runMigrations();
    expect(await pending(source)).toEqual([]);
    expect(await tables(source)).toEqual(['host_command_statistic', 'host_record', 'migrations']);
  });

  it('leaves the other tables of a shared database alone', async () => {
    const stranger = await opened(new DataSource(database.options()));
    const { schema } = stranger.options as { schema?: string };
    const path = schema === undefined ? 'theirs' : `${schema}.theirs`;
    await stranger.query(`CREATE TABLE ${path} (x integer)`);
    await stranger.query(`INSERT INTO ${path} VALUES (1)`);
    const store = database.store();
    await store.save({ peers: [peerRecord()], statistics: [] });
    expect(await stranger.query(`SELECT x FROM ${path}`)).toEqual([{ x: 1 }]);
  });

  it('is made once when two stores start at the same time', async () => {
    const stores = [database.store(), database.store(), database.store()];
    await Promise.all(stores.map((store, i) => store.save({ peers: [peerRecord({ host: `h${i}` })], statistics: [] })));
    expect(await all(stores[0]!.load('legacy-testnet'))).toHaveLength(3);
  });

  it('is never synchronized or dropped, whatever the options say', () => {
    const theirs = new EntitySchema({ name: 'Theirs', columns: { id: { type: 'integer', primary: true } } });
    const given = {
      ...database.options(),
      synchronize: true,
      dropSchema: true,
      migrationsRun: true,
      entities: { theirs },
      entityPrefix: 'app_',
    };
    const options = dataSourceOptions(given, { tablePrefix: 'neo_peer_' });
    expect(options).toMatchObject({
      synchronize: false,
      dropSchema: false,
      migrationsRun: false,
      entityPrefix: 'app_neo_peer_',
      migrationsTableName: 'app_neo_peer_migration',
      entities: [theirs, ...peerEntities],
      migrations: [...peerMigrations],
    });
  });
});
