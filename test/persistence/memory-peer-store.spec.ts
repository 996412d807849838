import { describe, expect, it } from '@jest/globals';
import { MemoryPeerStore } from '../../src/persistence/memory-peer-store.js';
import { all, ban, changes, commandStatistic, peerRecord } from '../support/records.js';

const NETWORK = 'legacy-testnet';

describe('MemoryPeerStore', () => {
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
    const ports = (await all(store.load(NETWORK))).map(({ port }) => port);
    expect(ports).toHaveLength(50_000);
    expect(ports).not.toContain(0);
    const statistics = store.statistics(NETWORK);
    expect(statistics).toHaveLength(20_000);
    expect(statistics.some(({ port }) => port === 0)).toBe(false);
  });

  it('keeps the bans and settings that changed last, of each network', async () => {
    const store = new MemoryPeerStore();
    const bans = Array.from({ length: 10_001 }, (_, i) => ban({ subject: `s${i}` }));
    const settings = new Map(Array.from({ length: 1001 }, (_, i) => [`n${i}`, `${i}`]));
    await store.save(changes({ network: 'other', bans: { put: bans.slice(0, 5), removed: [] } }));
    await store.save(changes({ network: 'other', settings: new Map([['n0', 'theirs']]) }));
    await store.save(changes({ network: NETWORK, bans: { put: bans.slice(0, 10_000), removed: [] } }));
    await store.save(changes({ network: NETWORK, bans: { put: [bans[0]!, bans[10_000]!], removed: [] }, settings }));
    const subjects = (await all(store.loadBans(NETWORK))).map(({ subject }) => subject);
    expect(subjects).toHaveLength(10_000);
    expect(subjects).not.toContain('s1');
    expect(subjects.slice(-2)).toEqual(['s0', 's10000']);
    const names = [...(await store.loadSettings(NETWORK)).keys()];
    expect(names).toHaveLength(1000);
    expect(names).not.toContain('n0');
    expect(await all(store.loadBans('other'))).toHaveLength(5);
    expect(await store.loadSettings('other')).toEqual(new Map([['n0', 'theirs']]));
  });

  it('takes no room for statistics and rows that were forgotten', async () => {
    const store = new MemoryPeerStore();
    const peers = Array.from({ length: 50_000 }, (_, i) => peerRecord({ host: '10.0.0.1', port: i }));
    await store.save(changes({ peers, statistics: [commandStatistic({ port: 1 })] }));
    await store.save(changes({ forgotten: peers.slice(1) }));
    await store.save(changes({ peers: peers.slice(1).map((row) => ({ ...row, host: '10.0.0.2' })) }));
    expect((await all(store.load(NETWORK))).filter(({ host }) => host === '10.0.0.1')).toEqual([peers[0]]);
    expect(store.statistics(NETWORK)).toEqual([]);
  });
});
