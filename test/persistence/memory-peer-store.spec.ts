import { describe, expect, it } from '@jest/globals';
import { MemoryPeerStore } from '../../src/persistence/memory-peer-store.js';
import { all, commandStatistic, peerRecord } from '../support/records.js';

describe('MemoryPeerStore', () => {
  it('gives back what it was given, newest success first, network by network', async () => {
    const store = new MemoryPeerStore();
    const never = peerRecord({ host: 'never', lastSuccessAtMs: null });
    const old = peerRecord({ host: 'old', lastSuccessAtMs: 1 });
    const recent = peerRecord({ host: 'recent', lastSuccessAtMs: 2 });
    await store.save({ peers: [never, old, recent, peerRecord({ network: 'other' })], statistics: [] });
    expect(await all(store.load('legacy-testnet'))).toEqual([recent, old, never]);
    expect(await all(store.load('nobody'))).toEqual([]);
  });

  it('replaces rows with the same key', async () => {
    const store = new MemoryPeerStore();
    await store.save({ peers: [peerRecord({ attempts: 1 })], statistics: [] });
    await store.save({ peers: [peerRecord({ attempts: 2 })], statistics: [] });
    expect(await all(store.load('legacy-testnet'))).toEqual([peerRecord({ attempts: 2 })]);
  });

  it('adds up statistics', async () => {
    const store = new MemoryPeerStore();
    await store.save({ peers: [], statistics: [commandStatistic()] });
    await store.save({
      peers: [],
      statistics: [commandStatistic({ minMs: 0.25, maxMs: null }), commandStatistic({ network: 'other' })],
    });
    expect(store.statistics('legacy-testnet')).toEqual([
      commandStatistic({ messages: 4, bytes: 2000, calls: 4, errors: 2, minMs: 0.25, totalMs: 4 }),
    ]);
  });

  it('does not grow without bound: keeps the rows and statistics that changed last', async () => {
    const store = new MemoryPeerStore();
    const addresses = Array.from({ length: 50_001 }, (_, i) => ({ host: '10.0.0.1', port: i }));
    await store.save({
      peers: addresses.map((address) => peerRecord(address)),
      statistics: addresses
        .slice(0, 10_001)
        .flatMap((address) => [
          commandStatistic({ ...address, direction: 'in' }),
          commandStatistic({ ...address, direction: 'out' }),
        ]),
    });
    const ports = (await all(store.load('legacy-testnet'))).map(({ port }) => port);
    expect(ports).toHaveLength(50_000);
    expect(ports).not.toContain(0);
    const statistics = store.statistics('legacy-testnet');
    expect(statistics).toHaveLength(20_000);
    expect(statistics.some(({ port }) => port === 0)).toBe(false);
  });

  it('does not see later changes of what it was given', async () => {
    const store = new MemoryPeerStore();
    const row = { ...peerRecord({ attempts: 1 }) };
    await store.save({ peers: [row], statistics: [] });
    row.attempts = 2;
    expect((await all(store.load('legacy-testnet')))[0]?.attempts).toBe(1);
  });
});
