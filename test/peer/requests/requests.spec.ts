import { afterEach, describe, expect, it } from '@jest/globals';
import type { Message } from '../../../src/wire/messages.js';
import { HashList } from '../../../src/wire/primitives/hash-list.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { KITS, LEGACY_KIT, N3_KIT } from '../../support/dialect-kit.js';
import { failure } from '../../support/failure.js';
import { PeerLab } from '../../support/peer-lab.js';
import { ChainMessages, numbers } from './chain-messages.js';

const timeouts = { keepaliveMs: 0 };

let lab: PeerLab;
afterEach(() => lab.close());

describe.each(KITS)('on $name', (kit) => {
  const chain = new ChainMessages(kit);

  describe('requestHeaders', () => {
    it('asks for what follows, and gives what came', async () => {
      lab = new PeerLab({ network: kit.network });
      const { peer, remote } = await lab.ready();
      const asked = peer.requestHeaders(kit.from(1));
      expect(kit.firstAsked(await remote.expect('getheaders'))).toBe(1);
      remote.send(chain.headers(1, 600));
      const answer = await asked;
      expect(answer.map(({ index }) => index)).toEqual(numbers(1, 600));
      await lab.settle();
      expect(lab.handled).toEqual(['headers']);
    });

    it('is not answered by headers of another place', async () => {
      lab = new PeerLab({ network: kit.network });
      const { peer, remote } = await lab.ready();
      let answered = false;
      const asked = peer.requestHeaders(kit.from(1)).finally(() => (answered = true));
      await remote.expect('getheaders');
      remote.send(chain.headers(5, 10));
      await lab.settle();
      expect(answered).toBe(false);
      remote.send(chain.headers(1, 3));
      expect((await asked).map(({ index }) => index)).toEqual([1, 2, 3]);
      expect(lab.handled).toEqual(['headers', 'headers']);
    });

    it('takes of an answer what links', async () => {
      lab = new PeerLab({ network: kit.network });
      const { peer, remote } = await lab.ready();
      const asked = peer.requestHeaders(kit.from(1));
      await remote.expect('getheaders');
      remote.send(kit.dialect.headers([...kit.blocks(4), ...kit.blocks(12).slice(8)].map(({ header }) => header)));
      expect((await asked).map(({ index }) => index)).toEqual([1, 2, 3, 4]);
    });

    it('gives no more than count, and ends before stop', async () => {
      lab = new PeerLab({ network: kit.network });
      const { peer, remote } = await lab.ready();
      const counted = peer.requestHeaders(kit.from(1), { count: 2 });
      await remote.expect('getheaders');
      remote.send(chain.headers(1, 10));
      await expect(counted).resolves.toHaveLength(2);
      const stopped = peer.requestHeaders(kit.from(1), { stop: chain.blockAt(5).hash });
      await remote.expect('getheaders');
      remote.send(chain.headers(1, 10)); // as C# 2.9.0 does, which takes no notice of it
      expect((await stopped).map(({ index }) => index)).toEqual([1, 2, 3, 4]);
    });

    it('of nothing asks for nothing', async () => {
      lab = new PeerLab({ network: kit.network });
      const { peer, remote } = await lab.ready();
      await expect(peer.requestHeaders(kit.from(1), { count: 0 })).resolves.toEqual([]);
      await expect(peer.requestBlockHashes(kit.genesis, { count: 0 })).resolves.toHaveLength(0);
      await lab.settle();
      expect(remote.received).toHaveLength(2);
    });

    it.each([-1, 1.5, Number.NaN])('refuses a count of %p', async (count) => {
      lab = new PeerLab({ network: kit.network });
      const { peer, remote } = await lab.ready();
      expect(await failure(peer.requestHeaders(kit.from(1), { count }))).toBeInstanceOf(RangeError);
      expect(await failure(peer.requestBlockHashes(kit.genesis, { count }))).toBeInstanceOf(RangeError);
      expect(remote.received).toHaveLength(2);
    });
  });

  describe('requestBlockHashes', () => {
    it('is answered by the next inventory of blocks, each hash once', async () => {
      lab = new PeerLab({ network: kit.network });
      const { peer, remote } = await lab.ready();
      const asked = peer.requestBlockHashes(kit.genesis);
      await remote.expect('getblocks');
      remote.send(kit.dialect.inventory('transaction', HashList.of(chain.hashes(1, 2))));
      remote.send(kit.dialect.inventory('block', HashList.of([...chain.hashes(1, 3), ...chain.hashes(2, 4)])));
      expect([...(await asked)]).toEqual(chain.hashes(1, 4));
    });

    it('is answered by an empty one with nothing', async () => {
      lab = new PeerLab({ network: kit.network });
      const { peer, remote } = await lab.ready();
      const asked = peer.requestBlockHashes(kit.genesis);
      await remote.expect('getblocks');
      remote.send(kit.dialect.inventory('block', HashList.EMPTY));
      await expect(asked).resolves.toHaveLength(0);
    });

    it('is not answered by the announcement of a new block, where the remote must have more to tell', async () => {
      lab = new PeerLab({ network: kit.network });
      const { peer, remote } = await lab.ready({ height: 8 });
      const asked = peer.requestBlockHashes(kit.genesis);
      await remote.expect('getblocks');
      remote.send(chain.inventory(9, 9));
      await lab.clock.advance(2999);
      remote.send(chain.inventory(1, 8));
      expect([...(await asked)]).toEqual(chain.hashes(1, 8));
    });

    it.each([
      ['for three seconds', 3000, {}],
      ['until its time is out', 1000, { timeoutMs: 1000 }],
    ])('is answered by one hash if nothing better comes %s', async (_, ms, options) => {
      lab = new PeerLab({ network: kit.network });
      const { peer, remote } = await lab.ready({ height: 8 });
      const asked = peer.requestBlockHashes(kit.genesis, options);
      await remote.expect('getblocks');
      remote.send(chain.inventory(1, 1));
      await lab.clock.advance(ms - 1);
      remote.send(chain.inventory(9, 9));
      await lab.clock.advance(1);
      expect([...(await asked)]).toEqual(chain.hashes(1, 1));
    });

    it.each([
      ['one more block is all there is', 1, kit.genesis],
      ['nobody knows how high it begins', 8, UInt256.from('ab'.repeat(32))],
    ])('is answered by one hash at once where %s', async (_, height, after) => {
      lab = new PeerLab({ network: kit.network, timeouts });
      const { peer, remote } = await lab.ready({ height });
      const asked = peer.requestBlockHashes(after);
      await remote.expect('getblocks');
      remote.send(chain.inventory(1, 1));
      expect([...(await asked)]).toEqual(chain.hashes(1, 1));
    });

    it('is not answered by what came before it was sent', async () => {
      lab = new PeerLab({ network: kit.network });
      const { peer, remote } = await lab.ready();
      remote.send(chain.inventory(9, 9));
      const asked = peer.requestBlockHashes(kit.genesis, { count: 2 });
      await remote.expect('getblocks');
      await lab.settle();
      remote.send(chain.inventory(1, 3));
      expect([...(await asked)]).toEqual(chain.hashes(1, 2));
    });
  });

  describe('requestAddresses', () => {
    it('is answered by the next addr', async () => {
      lab = new PeerLab({ network: kit.network });
      const { peer, remote } = await lab.ready();
      const asked = peer.requestAddresses();
      await remote.expect('getaddr');
      remote.send(kit.addr('10.1.2.3', 10_333));
      await expect(asked).resolves.toMatchObject([{ host: '10.1.2.3', port: 10_333, services: 1n }]);
    });
  });
});

describe('on legacy alone', () => {
  const kit = LEGACY_KIT;
  const chain = new ChainMessages(kit);

  it('requestHeaders says where it begins and ends', async () => {
    lab = new PeerLab({ network: kit.network });
    const { peer, remote } = await lab.ready();
    const stop = chain.blockAt(5).hash;
    const asked = [peer.requestHeaders({ after: kit.genesis }), peer.requestHeaders({ after: kit.genesis }, { stop })];
    for (const end of [UInt256.ZERO, stop]) {
      const { payload } = (await remote.expect('getheaders')) as Message<'getheaders', 'legacy'>;
      expect(payload.starts.at(0)).toEqual(kit.genesis);
      expect(payload.stop).toEqual(end);
      remote.send(chain.headers(1, 2));
    }
    await Promise.all(asked);
  });

  it('requestHeaders is answered by nothing where the remote has nothing', async () => {
    lab = new PeerLab({ network: kit.network });
    const { peer, remote } = await lab.ready();
    const asked = peer.requestHeaders({ after: chain.blockAt(4).hash });
    await remote.expect('getheaders');
    remote.send(kit.dialect.headers([]));
    await expect(asked).resolves.toEqual([]);
  });

  it('nothing can be asked for by height', async () => {
    lab = new PeerLab({ network: kit.network });
    const { peer, remote } = await lab.ready();
    const unsupported = { code: 'NEO_PEER_UNSUPPORTED_BY_DIALECT', dialect: 'legacy' };
    for (const count of [0, 2]) {
      expect(await failure(peer.requestHeaders({ index: 1 }, { count }))).toMatchObject({
        ...unsupported,
        request: 'requestHeaders({ index })',
      });
      expect(await failure(peer.requestBlocksByIndex(1, count))).toMatchObject({
        ...unsupported,
        request: 'requestBlocksByIndex',
      });
    }
    expect(remote.received).toHaveLength(2);
  });

  it('requestBlockHashes is answered by one hash at once where the remote withholds its newest', async () => {
    lab = new PeerLab({ network: kit.network, timeouts });
    const { peer, remote } = await lab.ready({ height: 2, userAgent: 'NEO:neo-one-js:1.0.0' });
    const asked = peer.requestBlockHashes(kit.genesis);
    await remote.expect('getblocks');
    remote.send(chain.inventory(1, 1));
    expect([...(await asked)]).toEqual(chain.hashes(1, 1));
  });

  it('requestBlockHashes with an end is answered by one hash at once', async () => {
    lab = new PeerLab({ network: kit.network });
    const { peer, remote } = await lab.ready({ height: 8 });
    const asked = peer.requestBlockHashes(kit.genesis, { stop: chain.blockAt(2).hash });
    await remote.expect('getblocks');
    remote.send(chain.inventory(1, 1));
    expect([...(await asked)]).toEqual(chain.hashes(1, 1));
  });

  it('requestAddresses is answered by an empty addr', async () => {
    lab = new PeerLab({ network: kit.network });
    const { peer, remote } = await lab.ready();
    const asked = peer.requestAddresses();
    await remote.expect('getaddr');
    remote.send(kit.dialect.addresses([]));
    await expect(asked).resolves.toEqual([]);
  });
});

describe('on n3 alone', () => {
  const kit = N3_KIT;
  const chain = new ChainMessages(kit);

  it.each([
    [{}, -1],
    [{ count: 1 }, 1],
    [{ count: 1999 }, 1999],
    [{ count: 2001 }, 2000],
    [{ count: 100_000 }, 2000],
  ])('requestHeaders with %j asks for a count of %p', async (options, count) => {
    lab = new PeerLab({ network: kit.network });
    const { peer, remote } = await lab.ready();
    const asked = peer.requestHeaders({ index: 3 }, options);
    const { payload } = (await remote.expect('getheaders')) as Message<'getheaders', 'n3'>;
    expect([payload.indexStart, payload.count]).toEqual([3, count]);
    remote.send(chain.headers(3, 3));
    await asked;
  });

  it('requestHeaders is not answered by headers from another height, though they link', async () => {
    lab = new PeerLab({ network: kit.network, timeouts });
    const { peer, remote } = await lab.ready();
    const asked = failure(peer.requestHeaders({ index: 3 }));
    await remote.expect('getheaders');
    remote.send(chain.headers(2, 6));
    await lab.clock.advance(60_000);
    expect(await asked).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT', command: 'getheaders' });
  });

  it.each([-1, 0.5, 2 ** 32])('requestHeaders refuses a height of %p', async (index) => {
    lab = new PeerLab({ network: kit.network });
    const { peer, remote } = await lab.ready();
    expect(await failure(peer.requestHeaders({ index }))).toBeInstanceOf(RangeError);
    expect(remote.received).toHaveLength(2);
  });

  it('headers can not be asked for by hash', async () => {
    lab = new PeerLab({ network: kit.network });
    const { peer, remote } = await lab.ready();
    for (const after of [kit.genesis, chain.blockAt(3).hash]) {
      expect(await failure(peer.requestHeaders({ after }))).toMatchObject({
        code: 'NEO_PEER_UNSUPPORTED_BY_DIALECT',
        dialect: 'n3',
        request: 'requestHeaders({ after })',
      });
    }
    expect(remote.received).toHaveLength(2);
  });

  it.each([
    [{}, -1],
    [{ count: 1 }, 2],
    [{ count: 499 }, 499],
    [{ count: 501 }, 500],
  ])('requestBlockHashes with %j asks for a count of %p', async (options: { count?: number }, count) => {
    lab = new PeerLab({ network: kit.network });
    const { peer, remote } = await lab.ready();
    const asked = peer.requestBlockHashes(kit.genesis, options);
    const { payload } = (await remote.expect('getblocks')) as Message<'getblocks', 'n3'>;
    expect(payload.hashStart).toEqual(kit.genesis);
    expect(payload.count).toBe(count);
    remote.send(chain.inventory(1, 2));
    expect([...(await asked)]).toEqual(chain.hashes(1, Math.min(2, options.count ?? 2)));
  });

  it('requestBlockHashes with an end waits for a better answer than one hash, since the remote is not told of it', async () => {
    lab = new PeerLab({ network: kit.network });
    const { peer, remote } = await lab.ready({ height: 8 });
    const asked = peer.requestBlockHashes(kit.genesis, { stop: chain.blockAt(4).hash });
    await remote.expect('getblocks');
    remote.send(chain.inventory(9, 9));
    await lab.clock.advance(2999);
    remote.send(chain.inventory(1, 8));
    expect([...(await asked)]).toEqual(chain.hashes(1, 3));
  });
});
