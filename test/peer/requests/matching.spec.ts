import { afterEach, describe, expect, it } from '@jest/globals';
import type { Peer } from '../../../src/peer/peer.js';
import type { ScriptedPeer } from '../../../src/testing/scripted-peer.js';
import { KITS, LEGACY_KIT } from '../../support/dialect-kit.js';
import { PeerLab } from '../../support/peer-lab.js';
import { ChainMessages } from './chain-messages.js';

let lab: PeerLab;
afterEach(() => lab.close());

/** Tells whether a promise has settled, without waiting for it. */
function watched<T>(promise: Promise<T>): { readonly promise: Promise<T>; readonly isSettled: boolean } {
  const state = { promise, isSettled: false };
  promise.then(
    () => (state.isSettled = true),
    () => (state.isSettled = true),
  );
  return state;
}

describe.each(KITS)('headers that do not follow the start, on $name,', (kit) => {
  const chain = new ChainMessages(kit);

  it.each([
    ['whose height is known', 1],
    ['in the middle', 6],
  ])('are no answer to a request from a place %s', async (_, first) => {
    lab = new PeerLab({ network: kit.network });
    const { peer, remote } = await lab.ready({ height: 12 });
    const asked = watched(peer.requestHeaders(kit.from(first)));
    await remote.expect('getheaders');
    for (const wrong of [first + 1, first + 2, first === 1 ? 5 : 1]) remote.send(chain.headers(wrong, wrong + 2));
    await lab.settle();
    expect(asked.isSettled).toBe(false);
    remote.send(chain.headers(first, first + 2));
    expect((await asked.promise).map(({ index }) => index)).toEqual([first, first + 1, first + 2]);
  });
});

describe('a request that waits to be written', () => {
  const kit = LEGACY_KIT; // every N3 node takes requests as soon as it is ready
  const chain = new ChainMessages(kit);

  /** Ready, and not allowed to say anything for another 20 ms. */
  async function silenced(): Promise<{ peer: Peer; remote: ScriptedPeer }> {
    lab = new PeerLab({ network: kit.network });
    const { peer, remote } = await lab.inbound({ userAgent: 'NEO:neo-one-js:1.0.0-preview', height: 12 });
    remote.send(remote.version());
    remote.send(kit.dialect.verack());
    await lab.settle();
    expect(peer.state).toBe('ready');
    return { peer, remote };
  }

  it('for headers is not answered by no headers', async () => {
    const { peer, remote } = await silenced();
    const asked = watched(peer.requestHeaders(kit.from(1)));
    remote.send(kit.dialect.headers([]));
    await lab.settle();
    expect(asked.isSettled).toBe(false);
    await lab.clock.advance(20);
    await remote.expect('getheaders');
    remote.send(chain.headers(1, 3));
    await expect(asked.promise).resolves.toHaveLength(3);
  });

  it('for hashes is not answered by an inventory', async () => {
    const { peer, remote } = await silenced();
    const asked = watched(peer.requestBlockHashes(kit.genesis));
    remote.send(chain.inventory(9, 12));
    await lab.settle();
    expect(asked.isSettled).toBe(false);
    await lab.clock.advance(20);
    await remote.expect('getblocks');
    remote.send(chain.inventory(1, 3));
    await expect(asked.promise).resolves.toHaveLength(3);
  });
});
