import { afterEach, describe, expect, it } from '@jest/globals';
import type { Peer } from '../../../src/peer/peer.js';
import { KITS, type DialectKit } from '../../support/dialect-kit.js';
import { failure } from '../../support/failure.js';
import { PeerLab } from '../../support/peer-lab.js';
import { ChainMessages } from './chain-messages.js';

const timeouts = { keepaliveMs: 0 };

let lab: PeerLab;
afterEach(() => lab.close());

type Ask = (peer: Peer, options?: { signal?: AbortSignal; timeoutMs?: number }) => Promise<unknown>;

const byIndex: Ask = (peer, options) => peer.requestBlocksByIndex(1, 1, options);

/** Every request that the dialect has words for: its method, its command, a call of it. */
function asksOf(kit: DialectKit): readonly (readonly [string, string, Ask])[] {
  return [
    ['requestHeaders', 'getheaders', (peer, options) => peer.requestHeaders(kit.from(1), options)],
    ['requestBlockHashes', 'getblocks', (peer, options) => peer.requestBlockHashes(kit.genesis, options)],
    ['requestBlocks', 'getdata', (peer, options) => peer.requestBlocks([kit.hashes(1).at(0)], options)],
    ['requestAddresses', 'getaddr', (peer, options) => peer.requestAddresses(options)],
    ['ping', 'ping', (peer, options) => peer.ping(options)],
    ...(kit.name === 'n3' ? [['requestBlocksByIndex', 'getblockbyindex', byIndex] as const] : []),
  ];
}

describe.each(KITS)('on $name', (kit) => {
  const chain = new ChainMessages(kit);
  const asks = asksOf(kit);

  describe.each(asks)('%s', (name, command, ask) => {
    it('fails after 60 seconds without an answer, and the peer lives on', async () => {
      lab = new PeerLab({ network: kit.network, timeouts });
      const { peer } = await lab.ready();
      const asked = failure(ask(peer));
      await lab.clock.advance(60_000);
      expect(await asked).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT', command, timeoutMs: 60_000 });
      expect(peer.state).toBe('ready');
    });

    it('fails after the time its caller gives it', async () => {
      lab = new PeerLab({ network: kit.network, timeouts });
      const { peer } = await lab.ready();
      const asked = failure(ask(peer, { timeoutMs: 50 }));
      await lab.clock.advance(50);
      expect(await asked).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT', command, timeoutMs: 50 });
    });

    it('fails when its caller aborts it, and forgets the signal', async () => {
      lab = new PeerLab({ network: kit.network, timeouts });
      const { peer } = await lab.ready();
      const { signal, listeners, abort } = watchedSignal();
      const asked = failure(ask(peer, { signal }));
      expect(listeners()).toBe(1);
      abort();
      expect(await asked).toMatchObject({ code: 'NEO_PEER_ABORTED', cause: 'reason' });
      expect(listeners()).toBe(0);
      await lab.settle();
      expect(lab.clock.pending).toBeLessThanOrEqual(3); // idle, stalled, write-stalled
    });

    it('fails at once with a signal that is aborted already, and sends nothing', async () => {
      lab = new PeerLab({ network: kit.network, timeouts });
      const { peer, remote } = await lab.ready();
      expect(await failure(ask(peer, { signal: AbortSignal.abort('reason') }))).toMatchObject({
        code: 'NEO_PEER_ABORTED',
      });
      await lab.settle();
      expect(remote.received).toHaveLength(2);
    });

    it('fails when the peer closes', async () => {
      lab = new PeerLab({ network: kit.network, timeouts });
      const { peer, remote } = await lab.ready();
      const { signal, listeners } = watchedSignal();
      const asked = [
        failure(ask(peer, { signal })),
        name === 'requestBlocks' ? undefined : failure(ask(peer, { signal })),
      ];
      remote.connection.end();
      for (const error of await Promise.all([asked[0], asked[1] ?? asked[0]])) {
        expect(error).toMatchObject({ code: 'NEO_PEER_PEER_CLOSED', reason: 'remote-closed' });
      }
      expect(listeners()).toBe(0);
    });
  });

  describe.each(asks.filter(([name]) => name !== 'ping' && name !== 'requestBlocks'))('%s', (_, command, ask) => {
    it('is sent one at a time, and a timeout frees its place', async () => {
      lab = new PeerLab({ network: kit.network, timeouts });
      const { peer, remote } = await lab.ready();
      const sent = (): number => remote.received.filter((message) => message.command === command).length;
      const first = failure(ask(peer));
      const second = failure(ask(peer));
      const third = failure(ask(peer, { timeoutMs: 1000 }));
      await lab.settle();
      expect(sent()).toBe(1);
      await lab.clock.advance(1000);
      expect(await third).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT' }); // it never had its turn
      await lab.clock.advance(59_000);
      expect(await first).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT' });
      expect(sent()).toBe(2);
      // Waiting for its turn has not cost it anything.
      await lab.clock.advance(59_000);
      remote.send(chain.headers(1, 1));
      remote.send(chain.inventory(1, 1));
      remote.send(kit.addr());
      remote.send(chain.block(1));
      expect(await second).toMatchObject({ notFailed: { length: 1 } });
      expect(sent()).toBe(2);
    });
  });

  describe('requests of different kinds', () => {
    it('one that was given up while it waited behind other messages is never sent', async () => {
      lab = new PeerLab({ network: kit.network, timeouts, memory: { windowBytes: 1000 } });
      const { peer, remote } = await lab.ready();
      remote.connection.pause();
      const before = Array.from({ length: 10 }, () => peer.send(chain.inventory(1, 500)));
      await lab.settle();
      const abort = new AbortController();
      const given = failure(peer.requestBlocks(chain.hashes(1, 2), { signal: abort.signal }));
      await lab.settle();
      abort.abort();
      expect(await given).toMatchObject({ code: 'NEO_PEER_ABORTED' });
      const asked = peer.requestBlocks(chain.hashes(2, 3));
      remote.connection.resume();
      const { payload } = await remote.expect('getdata');
      expect([...payload.hashes]).toEqual(chain.hashes(2, 3));
      remote.send(chain.block(2));
      remote.send(chain.block(3));
      expect((await asked).missing).toEqual([]);
      await Promise.all(before);
      expect(remote.received.filter((message) => message.command === 'getdata')).toHaveLength(1);
    });

    it('are under way at the same time', async () => {
      lab = new PeerLab({ network: kit.network, timeouts });
      const { peer, remote } = await lab.ready();
      const all = [
        peer.requestHeaders(kit.from(1)),
        peer.requestBlockHashes(kit.genesis),
        peer.requestBlocks(chain.hashes(1, 1)),
        peer.requestAddresses(),
      ];
      await lab.settle();
      expect(remote.received.slice(2).map(({ command }) => command)).toEqual([
        'getheaders',
        'getblocks',
        'getdata',
        'getaddr',
      ]);
      remote.send(kit.dialect.requestAddresses());
      remote.send(kit.addr());
      remote.send(chain.block(1));
      remote.send(chain.inventory(1, 1));
      remote.send(chain.headers(1, 1));
      await expect(Promise.all(all)).resolves.toHaveLength(4);
    });
  });
});

/** A signal that tells how many listen to it. */
function watchedSignal() {
  const controller = new AbortController();
  const { signal } = controller;
  let count = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  const listening = new Set<unknown>();
  Object.assign(signal, {
    addEventListener: (...args: Parameters<typeof add>) => {
      listening.add(args[1]);
      count = listening.size;
      add(...args);
    },
    removeEventListener: (...args: Parameters<typeof remove>) => {
      listening.delete(args[1]);
      count = listening.size;
      remove(...args);
    },
  });
  return { signal, listeners: () => count, abort: () => controller.abort('reason') };
}
