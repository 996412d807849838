import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { CommandStatisticEntity } from '../../src/persistence/command-statistic.entity.js';
import type { CommandStatistic } from '../../src/persistence/command-statistic.js';
import { StoreError } from '../../src/persistence/store.error.js';
import type { TypeOrmPeerStore } from '../../src/persistence/typeorm-peer-store.js';
import { ON_SQLITE, TestDatabase } from '../support/database.js';
import { all, commandStatistic, peerRecord } from '../support/records.js';

const NETWORK = 'legacy-testnet';

/** Sums of `count` peers, h<first> and so on, each newer than the one before. */
const statisticsOf = (network: string, first: number, count: number): CommandStatistic[] =>
  Array.from({ length: count }, (_, i) => commandStatistic({ network, host: `h${first + i}`, lastAtMs: first + i }));

describe('TypeOrmPeerStore', () => {
  let database: TestDatabase;
  let store: TypeOrmPeerStore;

  beforeEach(async () => {
    Logger.overrideLogger(false);
    database = await TestDatabase.create();
    store = database.store();
  });
  afterEach(() => {
    Logger.overrideLogger(['log', 'warn', 'error']);
    return database.remove();
  });

  const statistics = (from = store): Promise<CommandStatistic[]> =>
    from.dataSource
      .getRepository(CommandStatisticEntity)
      .find({ order: { host: 'ASC', command: 'ASC', direction: 'ASC' } });

  it('has nothing in a new database', async () => {
    expect(await all(store.load(NETWORK))).toEqual([]);
  });

  it.each([
    ['every field', peerRecord()],
    [
      'nothing but the address',
      peerRecord({
        userAgent: null,
        protocolVersion: null,
        lastHeight: null,
        lastSeenAtMs: null,
        lastAttemptAtMs: null,
        lastSuccessAtMs: null,
        latencyMs: null,
        lastDisconnectReason: null,
      }),
    ],
    ['services of 64 bits', peerRecord({ services: 0xffff_ffff_ffff_fffen })],
    ['services over 2^53', peerRecord({ services: (1n << 63n) - 1n })],
    ['unsigned 32-bit numbers', peerRecord({ protocolVersion: 0xffff_ffff, lastHeight: 0xffff_ffff })],
    ['a host name', peerRecord({ host: 'seed1.ngd.network' })],
    ['an IPv6 address that does not listen', peerRecord({ host: '2001:db8::1', port: 0, source: 'inbound' })],
    ['quotes and letters from elsewhere', peerRecord({ userAgent: `/'";--/ \u{1F600} \\ é` })],
    ['a fraction of a millisecond', peerRecord({ latencyMs: 0.1 + 0.2 })],
  ])('gives back %s as it was saved', async (_what, record) => {
    await store.save({ peers: [record], statistics: [] });
    await store.close();
    expect(await all(database.store().load(NETWORK))).toEqual([record]);
  });

  it('keeps a user agent with U+0000, which Postgres would refuse, with a sign in its place', async () => {
    await store.save({ peers: [peerRecord({ userAgent: 'a\0b' })], statistics: [] });
    expect((await all(store.load(NETWORK)))[0]?.userAgent).toBe('a\uFFFDb');
  });

  it('replaces the row of an address, and takes the last of two with the same', async () => {
    await store.save({ peers: [peerRecord({ attempts: 1 })], statistics: [] });
    await store.save({ peers: [peerRecord({ attempts: 2 }), peerRecord({ attempts: 3 })], statistics: [] });
    expect(await all(store.load(NETWORK))).toEqual([peerRecord({ attempts: 3 })]);
  });

  it('keeps networks, hosts and ports apart', async () => {
    const records = [
      peerRecord({ network: 'other' }),
      peerRecord({ port: 1 }),
      peerRecord({ port: 2 }),
      peerRecord({ host: '10.0.0.2' }),
    ];
    await store.save({ peers: records, statistics: [] });
    expect(await all(store.load('other'))).toEqual([peerRecord({ network: 'other' })]);
    expect(await all(store.load(NETWORK))).toHaveLength(3);
  });

  it('gives the newest success first, over several pages, each row once', async () => {
    const peers = Array.from({ length: 2345 }, (_, i) =>
      peerRecord({ host: `h${i}`, lastSuccessAtMs: i % 3 === 0 ? null : 1_700_000_000_000 + (i % 500) }),
    );
    await store.save({ peers, statistics: [] });
    const loaded = await all(store.load(NETWORK));
    expect(new Set(loaded.map((row) => row.host)).size).toBe(2345);
    expect(loaded).toHaveLength(2345);
    const successes = loaded.map((row) => row.lastSuccessAtMs ?? -1);
    expect(successes).toEqual(successes.toSorted((a, b) => b - a));
  });

  it('saves and loads 10,000 rows', async () => {
    const peers = Array.from({ length: 10_000 }, (_, i) =>
      peerRecord({ host: `10.1.${i >> 8}.${i & 255}`, attempts: i }),
    );
    await store.save({ peers, statistics: [] });
    const loaded = await all(store.load(NETWORK));
    expect(loaded.map((row) => row.attempts).toSorted((a, b) => a - b)).toEqual(peers.map((row) => row.attempts));
  });

  it('begins to give rows before it has read all of them', async () => {
    const peers = Array.from({ length: 1500 }, (_, i) => peerRecord({ host: `h${i}` }));
    await store.save({ peers, statistics: [] });
    const rows = store.load(NETWORK)[Symbol.asyncIterator]();
    expect((await rows.next()).done).toBe(false);
    await store.close();
    await expect(
      (async () => {
        for (let next = await rows.next(); next.done !== true; next = await rows.next());
      })(),
    ).rejects.toBeInstanceOf(StoreError);
  });

  it('leaves rows alone that can not be ours', async () => {
    await store.save({
      peers: [peerRecord(), peerRecord({ host: 'b', port: 70_000 }), peerRecord({ host: '' })],
      statistics: [],
    });
    expect(await all(store.load(NETWORK))).toEqual([peerRecord()]);
    await store.dataSource.query(`UPDATE ${table('record')} SET last_disconnect_reason = 'from-the-future'`);
    expect(await all(store.load(NETWORK))).toEqual([peerRecord({ lastDisconnectReason: null })]);
  });

  it('keeps whole milliseconds of a clock that has fractions', async () => {
    await store.save({
      peers: [peerRecord({ lastSeenAtMs: 1.5 })],
      statistics: [commandStatistic({ lastAtMs: 1_700_000_000_000.25 })],
    });
    expect((await all(store.load(NETWORK)))[0]?.lastSeenAtMs).toBe(2);
    expect((await statistics())[0]?.lastAtMs).toBe(1_700_000_000_000);
  });

  it('makes its tables also where the application opened the data source before', async () => {
    await store.dataSource.initialize();
    await store.save({ peers: [peerRecord()], statistics: [] });
    expect(await all(store.load(NETWORK))).toEqual([peerRecord()]);
  });

  it('lets other work have its turns while it saves and loads many rows', async () => {
    await store.save({ peers: [], statistics: [] });
    const peers = Array.from({ length: 3000 }, (_, i) => peerRecord({ host: `h${i}` }));
    let turns = 0;
    const other = setInterval(() => turns++, 0);
    try {
      await store.save({ peers, statistics: [] });
      const whileSaving = turns;
      await all(store.load(NETWORK));
      expect(whileSaving).toBeGreaterThan(10);
      expect(turns - whileSaving).toBeGreaterThan(1);
    } finally {
      clearInterval(other);
    }
  });

  it('adds sums to those of earlier runs', async () => {
    await store.save({ peers: [], statistics: [commandStatistic(), commandStatistic({ direction: 'out' })] });
    await store.close();
    const next = database.store();
    const more = commandStatistic({
      messages: 1,
      bytes: 7,
      calls: 1,
      errors: 0,
      refused: 2,
      minMs: 0.25,
      totalMs: 0.25,
      maxMs: 0.25,
      lastAtMs: 1_700_000_200_000,
    });
    await next.save({ peers: [], statistics: [more] });
    expect(await statistics(next)).toEqual([
      commandStatistic({
        messages: 3,
        bytes: 1007,
        calls: 3,
        errors: 1,
        refused: 2,
        minMs: 0.25,
        totalMs: 2.25,
        maxMs: 1.5,
        lastAtMs: 1_700_000_200_000,
      }),
      commandStatistic({ direction: 'out' }),
    ]);
  });

  it('adds up sums of one peer that come in one save', async () => {
    await store.save({
      peers: [],
      statistics: [
        commandStatistic(),
        commandStatistic({ minMs: null, maxMs: null, calls: 0, totalMs: 0, lastAtMs: 1 }),
      ],
    });
    expect(await statistics()).toEqual([commandStatistic({ messages: 4, bytes: 2000, errors: 2 })]);
  });

  it('takes a time over no time, and no time for none', async () => {
    const none = commandStatistic({ calls: 0, minMs: null, totalMs: 0, maxMs: null });
    await store.save({ peers: [], statistics: [none, { ...none, command: 'inv' }] });
    await store.save({ peers: [], statistics: [commandStatistic(), { ...none, command: 'inv' }] });
    expect((await statistics()).map((row) => [row.command, row.minMs, row.maxMs])).toEqual([
      ['headers', 0.5, 1.5],
      ['inv', null, null],
    ]);
  });

  it('keeps the sums of the newest peers only, network by network', async () => {
    const few = database.store({}, 3);
    await few.save({ peers: [], statistics: [...statisticsOf(NETWORK, 1, 3), ...statisticsOf('other', 1, 2)] });
    expect(await statistics(few)).toHaveLength(5);
    await few.save({
      peers: [],
      statistics: [
        ...statisticsOf(NETWORK, 4, 1),
        ...statisticsOf(NETWORK, 4, 1).map((row) => ({ ...row, command: 'inv' })),
      ],
    });
    await few.save({ peers: [], statistics: statisticsOf(NETWORK, 2, 1) });
    const kept = await statistics(few);
    expect(kept.filter((row) => row.network === NETWORK).map((row) => row.host)).toEqual(['h2', 'h3', 'h4', 'h4']);
    expect(kept.filter((row) => row.network === 'other')).toHaveLength(2);
    await few.close();
    const again = database.store({}, 2);
    await again.save({ peers: [], statistics: statisticsOf(NETWORK, 4, 1) });
    expect((await statistics(again)).filter((row) => row.network === NETWORK).map((row) => row.host)).toEqual([
      'h3',
      'h4',
      'h4',
    ]);
  });

  it('does saves and loads that are asked for at once one after the other', async () => {
    const saves = Array.from({ length: 20 }, (_, i) =>
      store.save({ peers: [peerRecord({ host: `h${i}` })], statistics: [commandStatistic()] }),
    );
    const seen = await all(store.load(NETWORK));
    await Promise.all(saves);
    expect(seen).toHaveLength(20);
    expect((await statistics())[0]?.messages).toBe(40);
  });

  it('asks for the changes only when it is ready for them, and once', async () => {
    let asked = 0;
    const peers = {
      *[Symbol.iterator]() {
        asked++;
        yield peerRecord();
      },
    };
    const first = store.save({ peers: [], statistics: [] });
    const second = store.save({ peers, statistics: [] });
    expect(asked).toBe(0);
    await Promise.all([first, second]);
    expect(asked).toBe(1);
  });

  it('writes all of a save or nothing', async () => {
    await store.save({ peers: [peerRecord()], statistics: [commandStatistic()] });
    const broken = commandStatistic({ command: null as never });
    const failed = store.save({
      peers: [peerRecord({ attempts: 99 }), peerRecord({ host: 'new' })],
      statistics: [broken],
    });
    await expect(failed).rejects.toMatchObject({ code: 'NEO_PEER_STORE', problem: 'query' });
    expect(await all(store.load(NETWORK))).toEqual([peerRecord()]);
    await store.save({ peers: [peerRecord({ attempts: 100 })], statistics: [] });
    expect((await all(store.load(NETWORK)))[0]?.attempts).toBe(100);
  });

  it('lets two stores write to one database at once', async () => {
    const other = database.store();
    const saves = Array.from({ length: 10 }, (_, i) => [
      store.save({ peers: [peerRecord({ host: `a${i}` })], statistics: [commandStatistic()] }),
      other.save({ peers: [peerRecord({ host: `b${i}` })], statistics: [commandStatistic()] }),
    ]);
    await Promise.all(saves.flat());
    expect(await all(store.load(NETWORK))).toHaveLength(20);
    expect((await statistics())[0]?.messages).toBe(40);
  });

  it('refuses to work after it was closed, and may be closed again', async () => {
    await store.save({ peers: [peerRecord()], statistics: [] });
    await Promise.all([store.close(), store.onApplicationShutdown()]);
    await expect(store.save({ peers: [], statistics: [] })).rejects.toMatchObject({ problem: 'open' });
    expect(store.dataSource.isInitialized).toBe(false);
  });

  it('finishes what was asked for before it was closed', async () => {
    const saving = store.save({ peers: [peerRecord()], statistics: [] });
    await store.close();
    await saving;
    expect(await all(database.store().load(NETWORK))).toHaveLength(1);
  });

  (ON_SQLITE ? describe : describe.skip)('on SQLite', () => {
    it('leaves rows alone with texts for numbers: they could not be saved again', async () => {
      await store.save({ peers: ['a', 'b', 'c'].map((host) => peerRecord({ host })), statistics: [] });
      await store.dataSource.query(`UPDATE ${table('record')} SET attempts = 'many' WHERE host = 'a'`);
      await store.dataSource.query(`UPDATE ${table('record')} SET latency_ms = 'short' WHERE host = 'b'`);
      expect((await all(store.load(NETWORK))).map(({ host }) => host)).toEqual(['c']);
    });

    it('uses a write-ahead log', async () => {
      await all(store.load(NETWORK));
      expect(await store.dataSource.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    });

    it('leaves the log out where the options say so', async () => {
      const plain = database.store({ enableWAL: false });
      await all(plain.load(NETWORK));
      expect(await plain.dataSource.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'delete' }]);
    });
  });

  const table = (name: string): string =>
    store.dataSource.driver
      .buildTableName(`neo_peer_${name}`, (store.dataSource.options as { schema?: string }).schema)
      .split('.')
      .map((part) => `"${part}"`)
      .join('.');
});
