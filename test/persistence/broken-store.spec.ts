import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { StoreError } from '../../src/persistence/store.error.js';
import type { TypeOrmPeerStore } from '../../src/persistence/typeorm-peer-store.js';
import { ON_SQLITE, READ_ONLY, TestDatabase } from '../support/database.js';
import { all, commandStatistic, peerRecord } from '../support/records.js';

const NETWORK = 'legacy-testnet';

/** What the store says, in a way that can be looked at. */
async function failure(work: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StoreError);
  return error as StoreError;
}

describe('a store that is broken', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await TestDatabase.create();
  });
  afterEach(() => database.remove());

  const nothing = { peers: [], statistics: [] };

  /** Makes a database with a row and closes it. */
  async function filled(): Promise<void> {
    const store = database.store();
    await store.save({ peers: [peerRecord()], statistics: [commandStatistic()] });
    await store.close();
  }

  /** Does something to the tables of a sound database. */
  async function after(
    change: (stranger: DataSource, table: (name: string) => string) => Promise<unknown>,
  ): Promise<TypeOrmPeerStore> {
    await filled();
    const stranger = await database.stranger();
    const { schema } = stranger.options as { schema?: string };
    await change(stranger, (name) => `${schema === undefined ? '' : `${schema}.`}neo_peer_${name}`);
    await stranger.destroy();
    return database.store();
  }

  const onSqlite = ON_SQLITE ? describe : describe.skip;

  onSqlite('as a file', () => {
    it.each([
      ['a text', Buffer.from('This is not a database, whatever its name says. '.repeat(100))],
      ['zeros', Buffer.alloc(8192)],
      ['a database of another program, cut off in the header', Buffer.from('SQLite format 3\0'.repeat(3))],
    ])('is not a database but %s: says `open` and leaves the bytes as they are', async (_what, bytes) => {
      await writeFile(database.file, bytes);
      const store = database.store();
      const loading = await failure(all(store.load(NETWORK)));
      expect(loading).toMatchObject({ code: 'NEO_PEER_STORE', problem: 'open', database: database.file });
      expect(loading.message).toContain('move the file away');
      expect(loading.cause).toBeInstanceOf(Error);
      expect(await failure(store.save({ peers: [peerRecord()], statistics: [] }))).toMatchObject({ problem: 'open' });
      await store.close();
      expect(await readFile(database.file)).toEqual(bytes);
    });

    it('is a folder: says `open`', async () => {
      const store = database.store({ database: database.folder });
      expect(await failure(store.save(nothing))).toMatchObject({ problem: 'open', database: database.folder });
    });

    it('lies where no folder can be made: says `open`', async () => {
      await writeFile(database.file, 'x');
      const store = database.store({ database: join(database.file, 'below', 'peers.sqlite') });
      expect(await failure(store.save(nothing))).toMatchObject({ problem: 'open' });
    });

    it.each([
      ['a page overwritten', (bytes: Buffer) => bytes.fill(0xa5, 4096, 8192)],
      ['its end missing', (bytes: Buffer) => bytes.subarray(0, 8192)],
    ])('is damaged, %s: says `damaged` and leaves the bytes as they are', async (_what, damage) => {
      await filled();
      const bytes = damage(await readFile(database.file));
      await writeFile(database.file, bytes);
      const store = database.store();
      expect(await failure(all(store.load(NETWORK)))).toMatchObject({ problem: 'damaged' });
      expect(await failure(store.save({ peers: [peerRecord()], statistics: [] }))).toMatchObject({
        problem: 'damaged',
      });
      await store.close();
      expect(await readFile(database.file)).toEqual(bytes);
    });

    it('is read-only: gives its rows, and says `read-only` even to a save of nothing', async () => {
      await filled();
      const bytes = await readFile(database.file);
      const store = database.store(READ_ONLY);
      expect(await all(store.load(NETWORK))).toEqual([peerRecord()]);
      const saving = await failure(store.save(nothing));
      expect(saving).toMatchObject({ problem: 'read-only' });
      expect(saving.message).toContain('check the rights');
      await store.close();
      expect(await readFile(database.file)).toEqual(bytes);
    });

    it('is read-only without our tables: says `read-only`', async () => {
      const stranger = await database.stranger();
      await stranger.query('CREATE TABLE other (x)');
      await stranger.destroy();
      expect(await failure(all(database.store(READ_ONLY).load(NETWORK)))).toMatchObject({ problem: 'read-only' });
    });

    it('is locked by another connection: gives its rows, and says `locked` to a save', async () => {
      await filled();
      const stranger = await database.stranger();
      await stranger.query('BEGIN IMMEDIATE');
      const store = database.store({ busyTimeout: 10, timeout: 10 });
      expect(await all(store.load(NETWORK))).toEqual([peerRecord()]);
      expect(await failure(store.save(nothing))).toMatchObject({ problem: 'locked' });
      await stranger.query('ROLLBACK');
      await store.save({ peers: [peerRecord({ attempts: 9 })], statistics: [] });
      expect((await all(store.load(NETWORK)))[0]?.attempts).toBe(9);
    });

    it('waits out a lock that does not last', async () => {
      await filled();
      const stranger = await database.stranger();
      await stranger.query('BEGIN IMMEDIATE');
      const store = database.store({ busyTimeout: 10, timeout: 10 });
      await all(store.load(NETWORK));
      const saving = store.save({ peers: [peerRecord({ attempts: 9 })], statistics: [] });
      await stranger.query('SELECT 1');
      await stranger.query('COMMIT');
      await saving;
      expect((await all(store.load(NETWORK)))[0]?.attempts).toBe(9);
    });

    it('is full: says `full`, keeps what it had, and works again when there is room', async () => {
      await filled();
      const store = database.store();
      await all(store.load(NETWORK));
      const [{ page_count: pages }] = (await store.dataSource.query('PRAGMA page_count')) as [{ page_count: number }];
      await store.dataSource.query(`PRAGMA max_page_count = ${pages}`);
      const peers = Array.from({ length: 2000 }, (_, i) => peerRecord({ host: `h${i}` }));
      const saving = await failure(store.save({ peers, statistics: [commandStatistic()] }));
      expect(saving).toMatchObject({ problem: 'full' });
      expect(saving.message).toContain('free some');
      expect(await all(store.load(NETWORK))).toEqual([peerRecord()]);
      await store.dataSource.query('PRAGMA max_page_count = 1000000');
      await store.save({ peers, statistics: [] });
      expect(await all(store.load(NETWORK))).toHaveLength(2001);
    });

    it.each([
      ['deleted', (file: string) => Promise.all(['', '-wal', '-shm'].map((end) => rm(file + end, { force: true })))],
      ['moved away', (file: string) => rename(file, `${file}.old`)],
    ])('is %s while in use: says `open` rather than writing to nowhere, and makes a new one', async (_what, lose) => {
      const store = database.store();
      await store.save({ peers: [peerRecord()], statistics: [] });
      await lose(database.file);
      const saving = await failure(store.save({ peers: [peerRecord({ host: 'b' })], statistics: [] }));
      expect(saving).toMatchObject({ problem: 'open' });
      expect(saving.message).toContain('deleted, moved or replaced');
      await store.save({ peers: [peerRecord({ host: 'c' })], statistics: [] });
      await store.close();
      expect(await all(database.store().load(NETWORK))).toEqual([peerRecord({ host: 'c' })]);
    });

    it('is replaced by another while in use: says `open`, and goes on with that one', async () => {
      await filled();
      const other = `${database.file}.other`;
      await copyFile(database.file, other);
      const store = database.store();
      await store.save({ peers: [peerRecord({ host: 'lost' })], statistics: [] });
      for (const end of ['-wal', '-shm']) await rm(database.file + end, { force: true });
      await rename(other, database.file);
      expect(await failure(store.save(nothing))).toMatchObject({ problem: 'open' });
      await store.save({ peers: [peerRecord({ host: 'b' })], statistics: [] });
      expect(new Set((await all(store.load(NETWORK))).map(({ host }) => host))).toEqual(new Set(['10.0.0.1', 'b']));
    });

    it('is put right while the store is in use: the next save works', async () => {
      await filled();
      const sound = join(database.folder, 'sound.sqlite');
      await copyFile(database.file, sound);
      await writeFile(database.file, 'rubbish'.repeat(1000));
      const store = database.store();
      expect(await failure(store.save(nothing))).toMatchObject({ problem: 'open' });
      await copyFile(sound, database.file);
      await store.save({ peers: [peerRecord({ host: 'b' })], statistics: [] });
      expect(await all(store.load(NETWORK))).toHaveLength(2);
    });
  });

  describe('in its tables', () => {
    it.each([
      [
        'a column is missing',
        (name: (table: string) => string) => `ALTER TABLE ${name('record')} DROP COLUMN user_agent`,
      ],
      ['a table is missing', (name: (table: string) => string) => `DROP TABLE ${name('command_statistic')}`],
      ['the table of bans is missing', (name: (table: string) => string) => `DROP TABLE ${name('ban')}`],
      [
        'a column of settings is missing',
        (name: (table: string) => string) => `ALTER TABLE ${name('setting')} DROP COLUMN value`,
      ],
      [
        'it is from a newer version',
        (name: (table: string) => string) =>
          `INSERT INTO ${name('migration')} (timestamp, name) VALUES (2000000000000, 'ChangePeerTables2000000000000')`,
      ],
      [
        'a table of ours is there, but not its migration',
        (name: (table: string) => string) => `DELETE FROM ${name('migration')}`,
      ],
    ])('%s: says `schema`', async (_what, sql) => {
      const store = await after((stranger, table) => stranger.query(sql(table)));
      const loading = await failure(all(store.load(NETWORK)));
      expect(loading).toMatchObject({ problem: 'schema' });
      expect(loading.message).toContain('tables are not those of this version');
      expect(await failure(all(store.loadBans(NETWORK)))).toMatchObject({ problem: 'schema' });
      expect(await failure(store.loadSettings(NETWORK))).toMatchObject({ problem: 'schema' });
      expect(await failure(store.save(nothing))).toMatchObject({ problem: 'schema' });
    });

    it('loses a table while in use: says so, and what it still has can be read', async () => {
      await filled();
      const store = database.store();
      await all(store.load(NETWORK));
      const stranger = await database.stranger();
      const { schema } = stranger.options as { schema?: string };
      await stranger.query(`DROP TABLE ${schema === undefined ? '' : `${schema}.`}neo_peer_record`);
      expect((await failure(store.save({ peers: [peerRecord()], statistics: [] }))).problem).toMatch(/query|schema/);
      expect(await failure(store.save(nothing))).toMatchObject({ problem: 'schema' });
    });
  });
});
