import { describe, expect, it } from '@jest/globals';
import { selectPeers, type PeerSelection } from '../../src/cli/peer-selection.js';
import { peerRecord } from '../support/records.js';

const NEVER = { lastHeight: null, latencyMs: null, lastSeenAtMs: null, lastSuccessAtMs: null, userAgent: null };

const ROWS = [
  peerRecord({
    host: '9.0.0.1',
    port: 2,
    network: 'n3-mainnet',
    source: 'gossip',
    ...NEVER,
    attempts: 9,
    failuresInARow: 9,
  }),
  peerRecord({
    host: '10.0.0.1',
    port: 2,
    lastHeight: 7,
    latencyMs: 30,
    attempts: 1,
    lastSeenAtMs: 3,
    lastSuccessAtMs: 2,
  }),
  peerRecord({
    host: '10.0.0.1',
    port: 1,
    lastHeight: 9,
    latencyMs: 10,
    attempts: 5,
    lastSeenAtMs: 2,
    lastSuccessAtMs: 3,
  }),
  peerRecord({
    host: '2001:db8::1',
    port: 1,
    source: 'inbound',
    ...NEVER,
    userAgent: '/NEO-GO:0.106/',
    lastHeight: 0,
    attempts: 2,
  }),
  peerRecord({
    host: 'seed2.example',
    port: 1,
    lastHeight: 8,
    latencyMs: 20,
    attempts: 3,
    lastSeenAtMs: 9,
    lastSuccessAtMs: 1,
  }),
  peerRecord({ host: 'seed1.example', port: 1, source: 'manual', ...NEVER, attempts: 4, failuresInARow: 2 }),
];

/** The rows that are selected, by their places in {@link ROWS}. */
function selected(selection: PeerSelection): number[] {
  return selectPeers(ROWS, selection).map((row) => ROWS.indexOf(row));
}

describe('selectPeers', () => {
  it.each<[PeerSelection, readonly number[]]>([
    [{}, [0, 1, 2, 3, 4, 5]],
    [{ network: 'n3-mainnet' }, [0]],
    [{ network: 'n3-testnet' }, []],
    [{ source: 'seed' }, [1, 2, 4]],
    [{ source: 'manual' }, [5]],
    [{ userAgent: 'neo-go' }, [3]],
    [{ userAgent: '/neo' }, [1, 2, 3, 4]],
    [{ minHeight: 8 }, [2, 4]],
    [{ minHeight: 0 }, [1, 2, 3, 4]],
    [{ reached: true }, [1, 2, 4]],
    [{ limit: 2 }, [0, 1]],
    [{ limit: 100 }, [0, 1, 2, 3, 4, 5]],
    [{ source: 'seed', minHeight: 8, reached: true, limit: 1 }, [2]],
  ])('leaves those that %j is true of', (selection, places) => {
    expect(selected(selection)).toEqual(places);
  });

  it.each<[PeerSelection, readonly number[]]>([
    [{ sort: 'address' }, [0, 2, 1, 3, 5, 4]],
    [{ sort: 'address', reverse: true }, [4, 5, 3, 1, 2, 0]],
    [{ sort: 'height' }, [2, 4, 1, 3, 0, 5]],
    [{ sort: 'height', reverse: true }, [3, 1, 4, 2, 0, 5]],
    [{ sort: 'ping' }, [2, 4, 1, 0, 3, 5]],
    [{ sort: 'ping', reverse: true }, [1, 4, 2, 0, 3, 5]],
    [{ sort: 'seen' }, [4, 1, 2, 0, 3, 5]],
    [{ sort: 'success' }, [2, 1, 4, 0, 3, 5]],
    [{ sort: 'dials' }, [0, 2, 5, 4, 3, 1]],
    [{ sort: 'failed' }, [0, 5, 1, 2, 3, 4]],
    [{ reverse: true }, [5, 4, 3, 2, 1, 0]],
    [{ sort: 'ping', limit: 2 }, [2, 4]],
  ])('sorts by %j', (selection, places) => {
    expect(selected(selection)).toEqual(places);
  });

  it('keeps the order of names that are the same on several networks', () => {
    const rows = ['b', 'a'].map((network) => peerRecord({ network, host: 'seed.example', port: 1 }));
    expect(selectPeers(rows, { sort: 'address' })).toEqual(rows);
  });
});
