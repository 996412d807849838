import { describe, expect, it } from '@jest/globals';
import type { InjectionToken } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource, DataSourceOptions } from 'typeorm';
import { OptionsError } from '../../src/config/options.error.js';
import { SystemClock } from '../../src/environment/system-clock.js';
import { SystemRandom } from '../../src/environment/system-random.js';
import { databaseLabel, dataSourceOptions } from '../../src/persistence/data-source.options.js';
import { createDataSource, dataSourceName, dataSourceProvider } from '../../src/persistence/data-source.provider.js';
import { StoreError } from '../../src/persistence/store.error.js';
import { TypeOrmPeerStore } from '../../src/persistence/typeorm-peer-store.js';
import { TEST_DB, TestDatabase } from '../support/database.js';
import { all, peerRecord } from '../support/records.js';

describe('createDataSource', () => {
  it('constructs nothing where nothing is wanted', () => {
    expect(createDataSource({ dataSource: false, tablePrefix: '' })).toBeUndefined();
  });

  it('refuses a database we do not know', () => {
    const dataSource: DataSourceOptions = { type: 'mysql' };
    const creating = (): unknown => createDataSource({ dataSource, tablePrefix: '' });
    expect(creating).toThrow(OptionsError);
    expect(creating).toThrow(expect.objectContaining({ path: 'persistence.dataSource.type', value: 'mysql' }));
  });

  it('says what to install where there is no driver', () => {
    // Only one of the two is installed, here and in test/compat.
    const missing = TEST_DB === 'sqlite' ? 'better-sqlite3' : 'sqlite';
    const dataSource = { type: missing, database: 'x.sqlite' } as DataSourceOptions;
    const creating = (): unknown => createDataSource({ dataSource, tablePrefix: '' });
    expect(creating).toThrow(StoreError);
    expect(creating).toThrow(expect.objectContaining({ problem: 'open', database: 'x.sqlite' }));
    expect(creating).toThrow(/Install its package/u);
  });

  it('opens nothing by itself', async () => {
    const database = await TestDatabase.create();
    expect(database.dataSource().isInitialized).toBe(false);
    await database.remove();
  });
});

describe('dataSourceOptions', () => {
  it('does not wait for a Postgres server for minutes, unless it is told to', () => {
    const given = { type: 'postgres', database: 'peers' } as const;
    expect(dataSourceOptions(given, { tablePrefix: '' })).toMatchObject({ connectTimeoutMS: 10_000 });
    const patient = dataSourceOptions({ ...given, connectTimeoutMS: 60_000 }, { tablePrefix: '' });
    expect(patient).toMatchObject({ connectTimeoutMS: 60_000 });
  });
});

describe('databaseLabel', () => {
  it.each([
    [{ type: 'sqlite', database: './neo-peer.sqlite' }, './neo-peer.sqlite'],
    [{ type: 'better-sqlite3', database: ':memory:' }, ':memory:'],
    [
      { type: 'postgres', host: 'db', port: 5433, username: 'me', password: 'secret', database: 'peers' },
      'postgres://db:5433/peers',
    ],
    [{ type: 'postgres', database: 'peers' }, 'postgres://localhost:5432/peers'],
    [{ type: 'postgres', url: 'postgres://me:secret@db:5433/peers?x=1' }, 'postgres://db:5433/peers'],
    [{ type: 'postgres', url: 'not a url with secret' }, 'postgres://localhost:5432/'],
  ])('is short and without credentials for %j', (options, label) => {
    expect(databaseLabel(options as DataSourceOptions)).toBe(label);
  });
});

describe('dataSourceProvider', () => {
  const OPTIONS = Symbol('options');

  async function application(options: object, ...names: string[]) {
    return Test.createTestingModule({
      providers: [
        { provide: OPTIONS, useValue: options },
        ...names.flatMap((name) => [
          dataSourceProvider(name, OPTIONS),
          {
            provide: name,
            useFactory: (dataSource: DataSource) =>
              new TypeOrmPeerStore(dataSource, { clock: new SystemClock(), random: new SystemRandom() }),
            inject: [getDataSourceToken(dataSourceName(name)) as InjectionToken],
          },
        ]),
      ],
    }).compile();
  }

  it('gives a data source under the name of the module, which is closed when the application is', async () => {
    const database = await TestDatabase.create();
    const app = await application({ dataSource: database.options(), tablePrefix: '' }, 'testnet');
    const source = app.get<DataSource>(getDataSourceToken('neo-peer:testnet'));
    await app.get<TypeOrmPeerStore>('testnet').save({ peers: [peerRecord()], statistics: [] });
    expect(source.isInitialized).toBe(true);
    await app.close();
    expect(source.isInitialized).toBe(false);
    await database.remove();
  });

  it('gives undefined with `dataSource: false`', async () => {
    const app = await Test.createTestingModule({
      providers: [
        { provide: OPTIONS, useValue: { dataSource: false, tablePrefix: '' } },
        dataSourceProvider(undefined, OPTIONS),
      ],
    }).compile();
    expect(app.get(getDataSourceToken('neo-peer:default'))).toBeUndefined();
    await app.close();
  });

  it('lets two modules use one database at once', async () => {
    const database = await TestDatabase.create();
    const app = await application({ dataSource: database.options(), tablePrefix: 'a_' }, 'a', 'b');
    const stores = ['a', 'b'].map((name) => app.get<TypeOrmPeerStore>(name));
    await Promise.all(
      stores.map((store, i) => store.save({ peers: [peerRecord({ network: `n${i}` })], statistics: [] })),
    );
    for (const [i, store] of stores.entries()) expect(await all(store.load(`n${i}`))).toHaveLength(1);
    await app.close();
    await database.remove();
  });
});
