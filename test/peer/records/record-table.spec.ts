import { beforeEach, describe, expect, it } from '@jest/globals';
import { mergedRecord, RecordTable } from '../../../src/peer/records/record-table.js';
import { all, peerRecord } from '../../support/records.js';
import { MemoryPeerStore } from '../../../src/persistence/memory-peer-store.js';
import type { PeerRecord } from '../../../src/persistence/peer-record.js';

const NETWORK = 'legacy-testnet';

let table: RecordTable;
let watched: string[];

beforeEach(() => {
  table = new RecordTable(NETWORK, 5);
  watched = [];
});

function watch(): void {
  table.watch({
    added: ({ host }, restored) => watched.push(`added ${host}${restored ? ' restored' : ''}`),
    removed: ({ host }) => watched.push(`removed ${host}`),
  });
}

const touch = (host: string, source: PeerRecord['source'] = 'inbound') => table.touch(host, 1, source, 1000);
const neverReached = (host: string): PeerRecord => peerRecord({ host, source: 'gossip', lastSuccessAtMs: null });
const forgotten = () => table.takeForgotten().map(({ host }) => host);
const changed = () => table.takeChanged().map(({ host }) => host);

describe('a watcher of the rows', () => {
  it('hears of every row that comes, and whether it came from the store, and of every one that goes', () => {
    watch();
    touch('a');
    touch('a');
    table.put(peerRecord({ host: 'b' }));
    table.forget('a', 1);
    table.forget('a', 1);
    table.forget('unknown', 1);
    expect(watched).toEqual(['added a', 'added b restored', 'removed a']);
  });

  it('hears of rows that have to go for others', () => {
    watch();
    for (const host of ['a', 'b', 'c', 'd', 'e', 'f']) touch(host);
    expect(watched.at(-1)).toBe('removed a');
    expect(table.size).toBe(5);
  });

  it('gets the row itself, which stays the same for as long as it is there', () => {
    let row: PeerRecord | undefined;
    table.watch({ added: (added) => (row = added), removed: () => undefined });
    touch('a');
    expect(touch('a')).toBe(row);
    expect(table.find('a', 1)).toBe(row);
  });

  it('may forget a row as it is told of it: then it is neither there nor saved, but deleted', () => {
    table.watch({ added: ({ host, port }) => table.forget(host, port), removed: ({ host }) => watched.push(host) });
    touch('a');
    expect([table.size, changed(), forgotten(), watched]).toEqual([0, [], ['a'], ['a']]);
  });
});

describe('a row that is forgotten', () => {
  it('is deleted from the store, once', () => {
    touch('a');
    table.takeChanged();
    table.forget('a', 1);
    expect([forgotten(), forgotten(), changed()]).toEqual([['a'], [], []]);
  });

  it('is not deleted if it is back before the next save', () => {
    touch('a');
    table.forget('a', 1);
    touch('a');
    expect([forgotten(), changed()]).toEqual([[], ['a']]);
  });

  it('does not come back when it was on its way out of the store', () => {
    table.disown({ host: 'a', port: 20333 });
    table.put(peerRecord({ host: 'a' }));
    expect(table.size).toBe(0);
  });

  it('is deleted the next time if that could not be saved, unless it is back by then', () => {
    for (const host of ['a', 'b']) {
      touch(host);
      table.forget(host, 1);
    }
    const taken = table.takeForgotten();
    touch('b');
    table.giveBack([], taken);
    expect(forgotten()).toEqual(['a']);
  });

  it('is not remembered without bound while the store is away', () => {
    for (let i = 0; i < 100; i++) {
      touch(`h${i}`);
      table.forget(`h${i}`, 1);
      table.giveBack([], table.takeForgotten());
    }
    expect(forgotten()).toEqual(Array.from({ length: 10 }, (_, i) => `h${90 + i}`));
  });
});

describe('what is stored and what was learnt, as one', () => {
  const stored = peerRecord({ source: 'gossip', nextDialAtMs: 5, learntFrom: 'x', sources: 2 });

  it('is a seed if either is: seeds are never dropped', () => {
    expect(mergedRecord(stored, peerRecord({ source: 'seed' })).source).toBe('seed');
    expect(mergedRecord(peerRecord({ source: 'seed' }), stored).source).toBe('seed');
    expect(mergedRecord(stored, peerRecord({ source: 'manual' })).source).toBe('gossip');
  });

  it('takes what a peer said of itself over, also of one who has only dialled us', () => {
    const learnt = peerRecord({
      lastSuccessAtMs: null,
      attempts: 0,
      failuresInARow: 0,
      services: 7n,
      userAgent: 'new',
    });
    expect(mergedRecord(peerRecord({ failuresInARow: 2 }), learnt)).toMatchObject({
      services: 7n,
      userAgent: 'new',
      lastSuccessAtMs: peerRecord().lastSuccessAtMs,
      failuresInARow: 2,
    });
    const unmet = peerRecord({ lastSuccessAtMs: null, protocolVersion: null, userAgent: null, services: 0n });
    expect(mergedRecord(peerRecord(), unmet)).toMatchObject({ services: 1n, userAgent: '/NEO:2.12.0/' });
  });

  it('rests as was learnt, or as is stored, and keeps who told of it first', () => {
    expect(mergedRecord(stored, peerRecord({ nextDialAtMs: 9, learntFrom: 'y', sources: 7 }))).toMatchObject({
      nextDialAtMs: 9,
      learntFrom: 'x',
      sources: 2,
    });
    const bare = peerRecord({ nextDialAtMs: null, learntFrom: null, sources: null });
    expect(mergedRecord(stored, bare)).toMatchObject({ nextDialAtMs: 5, learntFrom: 'x', sources: 2 });
    expect(mergedRecord(bare, stored)).toMatchObject({ nextDialAtMs: 5, learntFrom: 'x', sources: 2 });
    expect(mergedRecord(bare, bare)).toMatchObject({ nextDialAtMs: null, learntFrom: null, sources: null });
  });
});

describe('the order of rows', () => {
  it('is that of the store, and of the last touch from then on', async () => {
    const store = new MemoryPeerStore();
    const rows = [1, 3, 2].map((atMs) => peerRecord({ host: `h${atMs}`, lastSuccessAtMs: atMs }));
    await store.save({ peers: [...rows, peerRecord({ host: 'never', lastSuccessAtMs: null })], statistics: [] });
    for (const row of await all(store.load(NETWORK))) table.put(row);
    expect([...table].map(({ host }) => host)).toEqual(['h3', 'h2', 'h1', 'never']);
    table.touch('h2', 20333, 'seed', 1);
    expect([...table].at(-1)!.host).toBe('h2');
  });

  it('is that in which rows are dropped: of those of the store the last first, then those touched longest ago', () => {
    const small = new RecordTable(NETWORK, 4);
    for (const host of ['s1', 's2', 's3', 's4']) small.put(neverReached(host));
    small.touch('s3', 20333, 'gossip', 1);
    const dropped: string[] = [];
    small.watch({ added: () => undefined, removed: ({ host }) => dropped.push(host) });
    for (const host of ['t1', 't2', 't3', 't4', 't5']) small.touch(host, 20333, 'gossip', 1);
    expect(dropped).toEqual(['s4', 's2', 's1', 's3', 't1']);
  });
});
