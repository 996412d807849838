import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { CommandStatisticEntity } from '../../src/persistence/command-statistic.entity.js';
import type { CommandStatistic } from '../../src/persistence/command-statistic.js';
import { deletions } from '../../src/persistence/deletion.js';
import { StoreError } from '../../src/persistence/store.error.js';
import type { TypeOrmPeerStore } from '../../src/persistence/typeorm-peer-store.js';
import { EXISTING_ONLY, ON_SQLITE, TestDatabase } from '../support/database.js';
import { all, ban, changes, commandStatistic, peerRecord } from '../support/records.js';
import { RecordingLogger } from '../support/recording-logger.js';

const NETWORK = 'legacy-testnet';

/** Sums of `count` peers, h<first> and so on, each newer than the one before. */
const statisticsOf = (network: string, first: number, count: number): CommandStatistic[] =>
  Array.from({ length: count }, (_, i) => commandStatistic({ network, host: `h${first + i}`, lastAtMs: first + i }));

function sorted(numbers: number[]): number[] {
  return numbers.toSorted((a, b) => a - b);
}

describe('TypeOrmPeerStore', () => {
  let database: TestDatabase;
  let store: TypeOrmPeerStore;
  let logger: RecordingLogger;

  beforeEach(async () => {
    logger = new RecordingLogger();
    Logger.overrideLogger(logger);
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
        nextDialAtMs: null,
        learntFrom: null,
        sources: null,
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

  it('keeps other texts with U+0000 in the same way', async () => {
    await store.save({
      peers: [peerRecord({ learntFrom: 'c\0d' })],
      statistics: [],
      bans: { put: [ban({ reason: 'r\0', evidence: '\0e' })], removed: [] },
      settings: new Map([['s', 'v\0w']]),
    });
    expect((await all(store.load(NETWORK)))[0]?.learntFrom).toBe('c\uFFFDd');
    expect(await all(store.loadBans(NETWORK))).toEqual([ban({ reason: 'r\uFFFD', evidence: '\uFFFDe' })]);
    expect((await store.loadSettings(NETWORK)).get('s')).toBe('v\uFFFDw');
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
      peers: [peerRecord({ lastSeenAtMs: 1.5, nextDialAtMs: 2.5 })],
      statistics: [commandStatistic({ lastAtMs: 1_700_000_000_000.25 })],
      bans: { put: [ban({ sinceMs: 0.25, untilMs: 7.75 })], removed: [] },
    });
    expect(await all(store.load(NETWORK))).toMatchObject([{ lastSeenAtMs: 2, nextDialAtMs: 3 }]);
    expect(await all(store.loadBans(NETWORK))).toMatchObject([{ sinceMs: 0, untilMs: 8 }]);
    expect((await statistics())[0]?.lastAtMs).toBe(1_700_000_000_000);
  });

  it('leaves bans alone that can not be ours, and says how many in one warning', async () => {
    const put = ['a', 'b', 'c', 'd', ''].map((subject) => ban({ subject }));
    await store.save(changes({ network: NETWORK, bans: { put, removed: [] } }));
    await store.dataSource.query(`UPDATE ${table('ban')} SET author = 'the-future' WHERE subject = 'a'`);
    await store.dataSource.query(`UPDATE ${table('ban')} SET dry_run = 2 WHERE subject = 'b'`);
    expect((await all(store.loadBans(NETWORK))).map(({ subject }) => subject)).toEqual(['c', 'd']);
    expect(logger.warnings).toEqual([expect.stringContaining(`3 bans of ${NETWORK} are not ours`)]);
    await store.save(changes({ network: NETWORK, bans: { put: [], removed: ['a', 'b', ''] } }));
    expect(await all(store.loadBans(NETWORK))).toHaveLength(2);
    expect(logger.warnings).toHaveLength(1);
  });

  it('leaves settings without a value alone', async () => {
    await store.save(changes({ settings: new Map([['a', '1']]) }));
    await store.dataSource.query(
      `INSERT INTO ${table('setting')} (network, name, value) VALUES ('${NETWORK}', 'a', '')`,
    );
    expect(await store.loadSettings(NETWORK)).toEqual(new Map([['a', '1']]));
    expect(logger.warnings).toEqual([expect.stringContaining(`1 settings of ${NETWORK} are not ours`)]);
  });

  it('gives bans over several pages, each once', async () => {
    const put = Array.from({ length: 2345 }, (_, i) => ban({ subject: `s${i}`, untilMs: i }));
    await store.save(changes({ network: NETWORK, bans: { put, removed: [] } }));
    await store.save(changes({ bans: { put: put.slice(0, 1500), removed: [] } }));
    const loaded = (await all(store.loadBans(NETWORK))).map(({ untilMs }) => untilMs);
    expect(sorted(loaded.slice(0, 1500))).toEqual(Array.from({ length: 1500 }, (_, i) => i));
    expect(sorted(loaded.slice(1500))).toEqual(Array.from({ length: 2345 }, (_, i) => i));
  });

  it('forgets 50,000 rows and their sums in a save, and lets other work have its turns meanwhile', async () => {
    const peers = Array.from({ length: 50_000 }, (_, i) => peerRecord({ host: `10.${i >> 8}.${i & 255}.1` }));
    await store.save({ peers, statistics: peers.slice(0, 3000).map(({ host }) => commandStatistic({ host })) });
    const [kept, ...forgotten] = peers;
    let turns = 0;
    const other = setInterval(() => turns++, 0);
    try {
      await store.save(changes({ forgotten }));
    } finally {
      clearInterval(other);
    }
    expect(turns).toBeGreaterThan(100);
    expect(await all(store.load(NETWORK))).toEqual([kept]);
    expect((await statistics()).map(({ host }) => host)).toEqual([kept?.host]);
  }, 120_000);

  it('uses the index for each key that it deletes, also among many rows', async () => {
    await store.save({ peers: [], statistics: [] });
    const metadata = store.dataSource.getMetadata(CommandStatisticEntity);
    const keys = Array.from({ length: 250 }, (_, i) => ({ network: NETWORK, host: `h${i}`, port: 1 }));
    const statements = [...deletions(store.dataSource, metadata, ['network', 'host', 'port'], keys)];
    expect(statements.map(({ values }) => values.length)).toEqual([300, 300, 150]);
    expect(statements.flatMap(({ values }) => values)).toEqual(keys.flatMap((key) => [NETWORK, key.host, 1]));
    for (const { sql, values } of ON_SQLITE ? statements : []) {
      const plan: { detail: string }[] = await store.dataSource.query(`EXPLAIN QUERY PLAN ${sql}`, values);
      expect(plan.filter(({ detail }) => detail.startsWith('SCAN'))).toEqual([]);
      expect(plan.some(({ detail }) => detail.includes('network=? AND host=? AND port=?'))).toBe(true);
    }
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

    it.each([
      ['record', "next_dial_at_ms = 'soon'"],
      ['record', "sources = 'many'"],
      ['record', "learnt_from = x'00ff'"],
      ['ban', "since_ms = 'then'"],
      ['ban', "until_ms = 'for ever'"],
      ['ban', "dry_run = 'perhaps'"],
      ['ban', "reason = x'00'"],
      ['ban', "evidence = x'00'"],
      ['ban', "subject = x'00'"],
      ['setting', "value = x'00'"],
      ['setting', "name = x'00'"],
    ])('leaves a row of %s alone where %s', async (name, damage) => {
      await store.save({
        peers: [peerRecord({ port: 1 }), peerRecord({ port: 2 })],
        statistics: [],
        network: NETWORK,
        bans: { put: [ban({ subject: 'a' }), ban({ subject: 'b' })], removed: [] },
        settings: new Map(Object.entries({ a: '1', b: '2' })),
      });
      await store.dataSource.query(`UPDATE ${table(name)} SET ${damage} WHERE rowid = 1`);
      const rows = await all(store.load(NETWORK));
      const bans = await all(store.loadBans(NETWORK));
      const settings = [...(await store.loadSettings(NETWORK))];
      const counts = { record: rows.length, ban: bans.length, setting: settings.length };
      expect(counts).toEqual({ record: 2, ban: 2, setting: 2, [name]: 1 });
      expect(logger.warnings).toHaveLength(1);
    });

    it('works on a file that is there, and makes none where it may not', async () => {
      await store.save(changes({ bans: { put: [ban()], removed: [] } }));
      await store.close();
      const alone = database.store(EXISTING_ONLY);
      expect(await all(alone.loadBans(NETWORK))).toEqual([ban()]);
      await alone.save(changes({ bans: { put: [], removed: [ban().subject] } }));
      expect(await all(alone.loadBans(NETWORK))).toEqual([]);
      const missing = join(database.folder, 'missing.sqlite');
      const nowhere = database.store({ ...EXISTING_ONLY, database: missing });
      await expect(all(nowhere.loadBans(NETWORK))).rejects.toMatchObject({ problem: 'open', database: missing });
      await expect(nowhere.save(changes())).rejects.toMatchObject({ problem: 'open' });
      expect(await readdir(database.folder)).not.toContain('missing.sqlite');
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
