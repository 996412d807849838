import { afterEach, describe, expect, it } from '@jest/globals';
import type { Peer } from '../../../src/peer/peer.js';
import type { ScriptedPeer } from '../../../src/testing/scripted-peer.js';
import { dialectOf, type Outgoing } from '../../../src/wire/messages.js';
import { HashList } from '../../../src/wire/primitives/hash-list.js';
import { chainBlocks, GENESIS } from '../../support/local-chain.js';
import { PeerLab } from '../../support/peer-lab.js';

const dialect = dialectOf('legacy');
const { verack } = dialect;
const blocks = chainBlocks(12);

let lab: PeerLab;
afterEach(() => lab.close());

function headersOf(from: number, to: number): Outgoing {
  return dialect.headers(blocks.slice(from - 1, to).map(({ header }) => header));
}

function inventoryOf(from: number, to: number): Outgoing {
  return dialect.inventory('block', HashList.of(blocks.slice(from - 1, to).map(({ hash }) => hash)));
}

/** Tells whether a promise has settled, without waiting for it. */
function watched<T>(promise: Promise<T>): { readonly promise: Promise<T>; readonly isSettled: boolean } {
  const state = { promise, isSettled: false };
  promise.then(
    () => (state.isSettled = true),
    () => (state.isSettled = true),
  );
  return state;
}

/** Ready, and not allowed to say anything for another 20 ms. */
async function silenced(): Promise<{ peer: Peer; remote: ScriptedPeer }> {
  lab = new PeerLab();
  const { peer, remote } = await lab.inbound({ userAgent: 'NEO:neo-one-js:1.0.0-preview', height: 12 });
  remote.send(remote.version());
  remote.send(verack());
  await lab.settle();
  expect(peer.state).toBe('ready');
  return { peer, remote };
}

describe('headers that do not follow the start', () => {
  it.each([
    ['whose height is known', GENESIS, 1],
    ['whose height is not known', blocks[4]!.hash, 6],
  ])('are no answer to a request from a place %s', async (_, after, first) => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready({ height: 12 });
    const asked = watched(peer.requestHeaders({ after }));
    await remote.expect('getheaders');
    for (const wrong of [first + 1, first + 2, first === 1 ? 5 : 1]) remote.send(headersOf(wrong, wrong + 2));
    await lab.settle();
    expect(asked.isSettled).toBe(false);
    remote.send(headersOf(first, first + 2));
    expect((await asked.promise).map(({ index }) => index)).toEqual([first, first + 1, first + 2]);
  });
});

describe('a request that waits to be written', () => {
  it('for headers is not answered by no headers', async () => {
    const { peer, remote } = await silenced();
    const asked = watched(peer.requestHeaders({ after: GENESIS }));
    remote.send(dialect.headers([]));
    await lab.settle();
    expect(asked.isSettled).toBe(false);
    await lab.clock.advance(20);
    await remote.expect('getheaders');
    remote.send(headersOf(1, 3));
    await expect(asked.promise).resolves.toHaveLength(3);
  });

  it('for hashes is not answered by an inventory', async () => {
    const { peer, remote } = await silenced();
    const asked = watched(peer.requestBlockHashes(GENESIS));
    remote.send(inventoryOf(9, 12));
    await lab.settle();
    expect(asked.isSettled).toBe(false);
    await lab.clock.advance(20);
    await remote.expect('getblocks');
    remote.send(inventoryOf(1, 3));
    await expect(asked.promise).resolves.toHaveLength(3);
  });
});
