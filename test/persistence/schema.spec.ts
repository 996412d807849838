import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource, EntitySchema } from 'typeorm';
import { CommandStatisticEntity } from '../../src/persistence/command-statistic.entity.js';
import { peerEntities, peerMigrations } from '../../src/persistence/entities.js';
import { dataSourceOptions } from '../../src/persistence/data-source.options.js';
import { PeerRecordEntity } from '../../src/persistence/peer-record.entity.js';
import type { PeerRecord } from '../../src/persistence/peer-record.js';
import { ON_SQLITE, TestDatabase } from '../support/database.js';
import { all, ban, commandStatistic, peerRecord } from '../support/records.js';

const {
  nextDialAtMs: _dial,
  learntFrom: _from,
  sources: _sources,
  ...FIRST_COLUMNS
} = PeerRecordEntity.options.columns;

/** The table of the first version. */
const PeerRecordV1 = new EntitySchema<Omit<PeerRecord, 'nextDialAtMs' | 'learntFrom' | 'sources'>>({
  ...PeerRecordEntity.options,
  columns: FIRST_COLUMNS,
  indices: [],
});

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

  /** A table as SQL names it. */
  function path(name: string): string {
    const { schema } = database.options() as { schema?: string };
    return schema === undefined ? name : `${schema}.${name}`;
  }

  /** A data source with what the first version knew. */
  function firstVersion(prefix: string, entities: EntitySchema[]): DataSource {
    const { migrations, ...options } = dataSourceOptions(database.options(), { tablePrefix: prefix });
    return new DataSource({
      ...options,
      entities,
      migrations: Object.values(migrations!).slice(0, 1),
    });
  }

  async function opened(source: DataSource): Promise<DataSource> {
    sources.push(source);
    return source.initialize();
  }

  it.each(['neo_peer_', '', 'x_'])('is that of the entities after the migrations, with prefix "%s"', async (prefix) => {
    const source = await opened(database.dataSource({}, prefix));
    expect(await pending(source)).not.toEqual([]);
    await source.runMigrations();
    expect(await pending(source)).toEqual([]);
    const names = ['ban', 'command_statistic', 'migration', 'record', 'setting'];
    expect(await tables(source)).toEqual(names.map((name) => `${prefix}${name}`));
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
    expect(await tables(sources[0]!)).toHaveLength(10);
    for (const source of sources) expect(await pending(source)).toEqual([]);
  });

  it('can be taken back, step by step, and made again', async () => {
    const source = await opened(database.dataSource());
    await source.runMigrations();
    await source.undoLastMigration();
    expect(await pending(source)).toEqual([expect.stringContaining('CREATE INDEX')]);
    await source.undoLastMigration();
    expect(await tables(source)).toEqual(['neo_peer_command_statistic', 'neo_peer_migration', 'neo_peer_record']);
    const first = await opened(firstVersion('neo_peer_', [PeerRecordV1, CommandStatisticEntity]));
    expect(await pending(first)).toEqual([]);
    await source.undoLastMigration();
    expect(await tables(source)).toEqual(['neo_peer_migration']);
    await source.runMigrations();
    expect(await pending(source)).toEqual([]);
  });

  it('grows by what is new where only the first version made it, and all rows stay', async () => {
    const first = await opened(firstVersion('neo_peer_', [PeerRecordV1, CommandStatisticEntity]));
    await first.runMigrations();
    await first.getRepository(PeerRecordV1).insert([peerRecord(), peerRecord({ port: 1, userAgent: null })]);
    await first.getRepository(CommandStatisticEntity).insert(commandStatistic());
    await first.destroy();
    const store = database.store();
    const nothing = { nextDialAtMs: null, learntFrom: null, sources: null };
    const kept = [peerRecord(nothing), peerRecord({ ...nothing, port: 1, userAgent: null })];
    expect(await all(store.load('legacy-testnet'))).toEqual(kept);
    expect(await pending(store.dataSource)).toEqual([]);
    expect(await store.dataSource.getRepository(CommandStatisticEntity).find()).toEqual([commandStatistic()]);
    await store.save({
      peers: [peerRecord()],
      statistics: [],
      bans: { put: [ban()], removed: [] },
      settings: new Map([['a', '1']]),
    });
    expect((await all(store.load('legacy-testnet')))[0]).toEqual(peerRecord());
    expect(await all(store.loadBans('any'))).toEqual([ban()]);
    expect(await store.loadSettings('any')).toEqual(new Map([['a', '1']]));
  });

  it('forgets successes that the first version wrote of those who had only dialled it', async () => {
    const first = await opened(firstVersion('neo_peer_', [PeerRecordV1, CommandStatisticEntity]));
    await first.runMigrations();
    const inbound = { source: 'inbound', attempts: 0, failuresInARow: 0 } as const;
    await first
      .getRepository(PeerRecordV1)
      .insert([
        peerRecord({ ...inbound, host: 'came' }),
        peerRecord({ ...inbound, host: 'came, and could not be dialled', attempts: 2, failuresInARow: 2 }),
        peerRecord({ ...inbound, host: 'was dialled', attempts: 2, failuresInARow: 1 }),
        peerRecord({ host: 'seed' }),
      ]);
    await first.destroy();
    const rows = await all(database.store().load('legacy-testnet'));
    const reached = rows.filter(({ lastSuccessAtMs }) => lastSuccessAtMs !== null);
    expect(reached.map(({ host }) => host)).toEqual(['was dialled', 'seed']);
    expect(rows).toHaveLength(4);
  });

  it('is made by migrations with names by which versions know each other, in the order of their times', () => {
    const names = peerMigrations.map(({ name }) => name);
    expect(names.filter((name) => !/PeerTables\d{13}$/.test(name))).toEqual([]); // as peer-database.ts looks for them
    expect(peerMigrations.map((migration) => new migration().name)).toEqual(names);
    expect(names).toEqual(names.toSorted((a, b) => Number(a.slice(-13)) - Number(b.slice(-13))));
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
    const names = ['host_ban', 'host_command_statistic', 'host_record', 'host_setting', 'migrations'];
    expect(await tables(source)).toEqual(names);
  });

  it('leaves the other tables of a shared database alone', async () => {
    const stranger = await opened(new DataSource(database.options()));
    await stranger.query(`CREATE TABLE ${path('theirs')} (x integer)`);
    await stranger.query(`INSERT INTO ${path('theirs')} VALUES (1)`);
    const store = database.store();
    await store.save({ peers: [peerRecord()], statistics: [] });
    expect(await stranger.query(`SELECT x FROM ${path('theirs')}`)).toEqual([{ x: 1 }]);
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
