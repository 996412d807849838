import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { CommandStatisticEntity } from '../../src/persistence/command-statistic.entity.js';
import type { CommandStatistic } from '../../src/persistence/command-statistic.js';
import { MemoryPeerStore } from '../../src/persistence/memory-peer-store.js';
import type { PeerRecord } from '../../src/persistence/peer-record.js';
import { PeerStore, type StoreChanges } from '../../src/persistence/peer-store.js';
import { TestDatabase } from '../support/database.js';
import { all, ban, changes, commandStatistic, peerRecord } from '../support/records.js';

const NETWORK = 'legacy-testnet';
const OTHER = 'n3-testnet';

/** A store to be tried, and what it keeps that it doesn't give. */
interface Tried {
  readonly store: PeerStore;
  statistics(network: string): Promise<readonly CommandStatistic[]>;
}

/** All that a store has of a network, in an order that is the same for all stores. */
async function contents({ store, statistics }: Tried, network: string): Promise<object> {
  return {
    records: (await all(store.load(network))).toSorted(byText),
    statistics: (await statistics(network)).toSorted(byText),
    bans: (await all(store.loadBans(network))).toSorted(byText),
    settings: [...(await store.loadSettings(network))].toSorted(byText),
  };
}

function byText(a: unknown, b: unknown): number {
  return textOf(a) < textOf(b) ? -1 : 1;
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? part.toString() : part));
}

function inMemory(): Tried {
  const store = new MemoryPeerStore();
  return { store, statistics: (network) => Promise.resolve(store.statistics(network)) };
}

function inDatabase(database: TestDatabase): Tried {
  const store = database.store();
  return {
    store,
    statistics: (network) => store.dataSource.getRepository(CommandStatisticEntity).find({ where: { network } }),
  };
}

let database: TestDatabase;
beforeEach(async () => {
  database = await TestDatabase.create();
});
afterEach(() => database.remove());

describe('a store of somebody who has no use for bans and settings', () => {
  class RowsOnly extends PeerStore {
    override load(): AsyncIterable<PeerRecord> {
      return new MemoryPeerStore().load(NETWORK);
    }
    override save(): Promise<void> {
      return Promise.resolve();
    }
  }

  it('has none', async () => {
    const store = new RowsOnly();
    expect(await all(store.loadBans(NETWORK))).toEqual([]);
    expect(await store.loadSettings(NETWORK)).toEqual(new Map());
  });
});

describe.each([
  ['MemoryPeerStore', inMemory],
  ['TypeOrmPeerStore', () => inDatabase(database)],
])('%s as a PeerStore', (_name, make) => {
  let tried: Tried;
  let store: PeerStore;

  const save = (network: string, settings: Record<string, string>): Promise<void> =>
    store.save(changes({ network, settings: new Map(Object.entries(settings)) }));

  beforeEach(() => {
    tried = make();
    store = tried.store;
  });

  it('has nothing when it is new', async () => {
    expect(await contents(tried, NETWORK)).toEqual({ records: [], statistics: [], bans: [], settings: [] });
  });

  describe('of peers', () => {
    it('gives back what it was given, newest success first, network by network', async () => {
      const never = peerRecord({ host: 'never', lastSuccessAtMs: null });
      const old = peerRecord({ host: 'old', lastSuccessAtMs: 1 });
      const recent = peerRecord({ host: 'recent', lastSuccessAtMs: 2 });
      await store.save(changes({ peers: [never, old, recent, peerRecord({ network: OTHER })] }));
      expect(await all(store.load(NETWORK))).toEqual([recent, old, never]);
      expect(await all(store.load('nobody'))).toEqual([]);
    });

    it('gives null for fields that older code does not set', async () => {
      const { nextDialAtMs, learntFrom, sources, ...older } = peerRecord();
      expect([nextDialAtMs, learntFrom, sources]).not.toContain(null);
      await store.save(
        changes({ peers: [older, { ...older, host: 'b', sources: undefined } as object as PeerRecord] }),
      );
      const nothing = { nextDialAtMs: null, learntFrom: null, sources: null };
      const loaded = (await all(store.load(NETWORK))).toSorted(byText);
      expect(loaded).toEqual([peerRecord(nothing), peerRecord({ ...nothing, host: 'b' })].toSorted(byText));
    });

    it('replaces the row of an address, and takes the last of two with the same', async () => {
      await store.save(changes({ peers: [peerRecord({ attempts: 1, sources: 7 })] }));
      await store.save(changes({ peers: [peerRecord({ attempts: 2 }), peerRecord({ attempts: 3, sources: null })] }));
      expect(await all(store.load(NETWORK))).toEqual([peerRecord({ attempts: 3, sources: null })]);
    });

    it('adds up statistics', async () => {
      await store.save(changes({ statistics: [commandStatistic()] }));
      await store.save(
        changes({ statistics: [commandStatistic({ minMs: 0.25, maxMs: null }), commandStatistic({ network: OTHER })] }),
      );
      expect(await tried.statistics(NETWORK)).toEqual([
        commandStatistic({ messages: 4, bytes: 2000, calls: 4, errors: 2, minMs: 0.25, totalMs: 4 }),
      ]);
    });

    it('forgets those that it is told to, with their statistics, and nobody else', async () => {
      const hosts = ['a', 'b', 'c'];
      await store.save(
        changes({
          peers: [...hosts.map((host) => peerRecord({ host })), peerRecord({ host: 'a', port: 1 })],
          statistics: hosts.flatMap((host) => [
            commandStatistic({ host }),
            commandStatistic({ host, direction: 'out' }),
            commandStatistic({ host, network: OTHER }),
          ]),
        }),
      );
      const gone = [peerRecord({ host: 'a' }), { network: NETWORK, host: 'b', port: 20333 }, peerRecord({ host: 'x' })];
      await store.save(changes({ forgotten: [...gone, ...gone] }));
      expect((await all(store.load(NETWORK))).map(({ host, port }) => [host, port])).toEqual(
        expect.arrayContaining([
          ['c', 20333],
          ['a', 1],
        ]),
      );
      expect(await all(store.load(NETWORK))).toHaveLength(2);
      expect((await tried.statistics(NETWORK)).map(({ host }) => host)).toEqual(['c', 'c']);
      expect(await tried.statistics(OTHER)).toHaveLength(3);
    });

    it('forgets first: who is forgotten and comes back in one save begins anew', async () => {
      await store.save(changes({ peers: [peerRecord()], statistics: [commandStatistic({ messages: 100 })] }));
      const again = peerRecord({ attempts: 0 });
      await store.save(changes({ forgotten: [again], peers: [again], statistics: [commandStatistic()] }));
      expect(await all(store.load(NETWORK))).toEqual([again]);
      expect(await tried.statistics(NETWORK)).toEqual([commandStatistic()]);
    });
  });

  describe('of bans', () => {
    it.each([
      ['every field', ban()],
      ['no evidence and an operator', ban({ evidence: undefined, author: 'operator', dryRun: false })],
      ['a subnet', ban({ subject: '2001:db8::/32' })],
      ['an end that is over', ban({ sinceMs: 1, untilMs: 2 })],
      ['quotes and letters from elsewhere', ban({ reason: `'";--`, evidence: `\u{1F600} \\ é` })],
    ])('gives back %s', async (_what, given) => {
      await store.save(changes({ network: NETWORK, bans: { put: [given], removed: [] } }));
      const { evidence, dryRun, ...rest } = given;
      const expected = { ...rest, ...(evidence === undefined ? {} : { evidence }), ...(dryRun ? { dryRun } : {}) };
      expect(await all(store.loadBans(NETWORK))).toStrictEqual([expected]);
    });

    it('gives those of every network, then those of this one, and not those of another', async () => {
      await store.save(changes({ network: NETWORK, bans: { put: [ban({ subject: 'a' })], removed: [] } }));
      await store.save(changes({ network: OTHER, bans: { put: [ban({ subject: 'b' })], removed: [] } }));
      await store.save(changes({ bans: { put: [ban({ subject: 'c' }), ban({ subject: 'a' })], removed: [] } }));
      const subjects = async (network: string): Promise<string[]> =>
        (await all(store.loadBans(network))).map(({ subject }) => subject);
      expect(['a,c,a', 'c,a,a']).toContain((await subjects(NETWORK)).join(','));
      expect(['a,c,b', 'c,a,b']).toContain((await subjects(OTHER)).join(','));
      expect(['a,c', 'c,a']).toContain((await subjects('')).join(','));
    });

    it('replaces the ban of a subject, and takes the last of two', async () => {
      await store.save(changes({ bans: { put: [ban()], removed: [] } }));
      const later = ban({ evidence: undefined, author: 'operator', untilMs: 5 });
      await store.save(changes({ bans: { put: [ban({ untilMs: 4 }), later], removed: [] } }));
      expect(await all(store.loadBans(NETWORK))).toEqual([later]);
    });

    it('removes one of every network too, which would be back at the next start otherwise', async () => {
      const shared = ban({ subject: 'a' });
      await store.save(changes({ bans: { put: [shared], removed: [] } }));
      await store.save(changes({ network: NETWORK, bans: { put: [ban({ subject: 'a', untilMs: 9 })], removed: [] } }));
      await store.save(changes({ network: NETWORK, bans: { put: [], removed: ['a'] } }));
      expect(await all(store.loadBans(NETWORK))).toEqual([]);
      expect(await all(store.loadBans(OTHER))).toEqual([]);
    });

    it('removes in no other network, and before it puts', async () => {
      const put = [ban({ subject: 'a' }), ban({ subject: 'b' })];
      for (const network of [NETWORK, OTHER]) await store.save(changes({ network, bans: { put, removed: [] } }));
      const renewed = ban({ subject: 'b', untilMs: 9 });
      const removed = ['a', 'b', 'b', 'never banned'];
      await store.save(changes({ network: NETWORK, bans: { put: [renewed], removed } }));
      expect(await all(store.loadBans(NETWORK))).toEqual([renewed]);
      expect(await all(store.loadBans(OTHER))).toEqual(put);
    });
  });

  describe('of settings', () => {
    it('gives those of every network and those of this one, which win', async () => {
      await save(NETWORK, { own: '1', both: 'mine' });
      await save('', { shared: '2', both: "everyone's" });
      await save(OTHER, { foreign: '3' });
      expect(await store.loadSettings(NETWORK)).toEqual(
        new Map(Object.entries({ own: '1', both: 'mine', shared: '2' })),
      );
      expect(await store.loadSettings('')).toEqual(new Map(Object.entries({ shared: '2', both: "everyone's" })));
    });

    it('replaces what it is given, and keeps the rest', async () => {
      await save(NETWORK, { a: '1', b: '2' });
      await save(NETWORK, { a: '3' });
      expect(await store.loadSettings(NETWORK)).toEqual(new Map(Object.entries({ a: '3', b: '2' })));
    });

    it('deletes what is set to nothing, so that the setting of every network counts again', async () => {
      await save('', { a: 'shared' });
      await save(NETWORK, { a: 'own', b: '2' });
      await save(NETWORK, { a: '', b: '', c: '' });
      expect(await store.loadSettings(NETWORK)).toEqual(new Map([['a', 'shared']]));
    });

    it('keeps a long text', async () => {
      const secret = 'f'.repeat(1_000_000);
      await save(NETWORK, { secret });
      expect((await store.loadSettings(NETWORK)).get('secret')).toBe(secret);
    });
  });

  it('writes nothing of a save that can not be taken whole', async () => {
    const before = changes({
      peers: [peerRecord()],
      bans: { put: [ban()], removed: [] },
      settings: new Map([['a', '1']]),
    });
    await store.save(before);
    const stored = await contents(tried, NETWORK);
    const failing = {
      *[Symbol.iterator]() {
        yield ban({ subject: 'new' });
        throw new Error('no more');
      },
    };
    const saving = Promise.resolve().then(() =>
      store.save(
        changes({
          forgotten: [peerRecord()],
          peers: [peerRecord({ host: 'new' })],
          statistics: [commandStatistic()],
          bans: { put: failing, removed: ['10.0.0.66'] },
          settings: new Map([['a', '2']]),
        }),
      ),
    );
    await expect(saving).rejects.toThrow('no more');
    expect(await contents(tried, NETWORK)).toEqual(stored);
  });

  it('does not see later changes of what it was given', async () => {
    const record = { ...peerRecord({ attempts: 1 }) };
    const verdict = { ...ban({ reason: 'before' }) };
    const settings = new Map([['a', 'before']]);
    await store.save(changes({ peers: [record], bans: { put: [verdict], removed: [] }, settings }));
    record.attempts = 2;
    verdict.reason = 'after';
    settings.set('a', 'after');
    expect((await all(store.load(NETWORK)))[0]?.attempts).toBe(1);
    expect((await all(store.loadBans(NETWORK)))[0]?.reason).toBe('before');
    expect(await store.loadSettings(NETWORK)).toEqual(new Map([['a', 'before']]));
  });
});

function some<T>(of: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(of, { maxLength: 5 });
}

describe('both stores', () => {
  const network = fc.constantFrom('', NETWORK, OTHER);
  const key = fc.record({ network, host: fc.constantFrom('a', 'b', 'c'), port: fc.constantFrom(0, 1) });
  const whole = fc.nat(1000);
  const perhaps = fc.option(whole);
  const record = fc
    .tuple(key, fc.record({ attempts: whole, lastSuccessAtMs: perhaps, nextDialAtMs: perhaps, sources: perhaps }))
    .map(([{ host, port, ...rest }, facts]) => peerRecord({ host, port, ...rest, ...facts }));
  const statistic = fc
    .tuple(key, fc.record({ messages: whole, minMs: perhaps, maxMs: perhaps }))
    .map(([peer, sums]) => commandStatistic({ ...peer, ...sums }));
  const subject = fc.constantFrom('10.0.0.1', '10.0.0.0/8', '2001:db8::1');
  const verdict = fc
    .record({
      subject,
      untilMs: whole,
      evidence: fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }),
      dryRun: fc.boolean(),
    })
    .map((given) => ban({ ...given, evidence: given.evidence?.replaceAll('\0', '') }));
  const setting = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('', '1', '2'));
  const changed: fc.Arbitrary<StoreChanges> = fc.record(
    {
      peers: some(record),
      statistics: some(statistic),
      forgotten: some(key),
      network,
      bans: fc.record({ put: some(verdict), removed: some(subject) }),
      settings: some(setting).map((entries) => new Map(entries)),
    },
    { requiredKeys: ['peers', 'statistics'] },
  );

  it('have the same after the same changes, whatever these are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(changed, { minLength: 1, maxLength: 6 }), async (saves) => {
        const own = await TestDatabase.create();
        try {
          const [model, tried] = [inMemory(), inDatabase(own)];
          for (const each of saves) {
            await model.store.save(each);
            await tried.store.save(each);
          }
          for (const name of ['', NETWORK, OTHER])
            expect(await contents(tried, name)).toEqual(await contents(model, name));
        } finally {
          await own.remove();
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
