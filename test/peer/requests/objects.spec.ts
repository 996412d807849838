import { afterEach, describe, expect, it } from '@jest/globals';
import type { Transaction } from '../../../src/wire/common/transaction.js';
import type { Message, Outgoing } from '../../../src/wire/messages.js';
import { HashList } from '../../../src/wire/primitives/hash-list.js';
import { KITS, LEGACY_KIT, N3_KIT } from '../../support/dialect-kit.js';
import { failure } from '../../support/failure.js';
import { PeerLab } from '../../support/peer-lab.js';
import { ChainMessages } from './chain-messages.js';

const timeouts = { keepaliveMs: 0 };

let lab: PeerLab;
afterEach(() => lab.close());

describe.each(KITS)('on $name', (kit) => {
  const chain = new ChainMessages(kit);

  describe('requestBlocks', () => {
    it('gives them in the order they were asked for, whatever order they come in', async () => {
      lab = new PeerLab({ network: kit.network });
      const { peer, remote } = await lab.ready();
      const asked = peer.requestBlocks(chain.hashes(1, 5));
      const request = await remote.expect('getdata');
      expect(request.payload.kind).toBe('block');
      for (const block of kit.blocks(5).toReversed()) remote.send(kit.block(block));
      const { found, missing } = await asked;
      expect(found.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5]);
      expect(missing).toEqual([]);
      await lab.settle();
      expect(lab.handled).toHaveLength(5);
    });

    it('asks for each hash once, 500 at a time, one request after the other', async () => {
      lab = new PeerLab({ network: kit.network, timeouts });
      const { peer, remote } = await lab.ready();
      const asked = peer.requestBlocks([...chain.hashes(1, 1100), ...chain.hashes(1, 50)]);
      for (const [before, size] of [500, 500, 100].entries()) {
        const { payload } = await remote.expect('getdata');
        await lab.settle();
        expect(remote.received.filter(({ command }) => command === 'getdata')).toHaveLength(before + 1);
        expect(payload.hashes).toHaveLength(size);
        for (const block of kit.blocks(1100).slice(before * 500, before * 500 + size)) remote.send(kit.block(block));
      }
      expect((await asked).found).toHaveLength(1100);
    });

    it('of nothing asks for nothing', async () => {
      lab = new PeerLab({ network: kit.network });
      const { peer, remote } = await lab.ready();
      await expect(peer.requestBlocks([])).resolves.toEqual({ found: [], missing: [] });
      await lab.settle();
      expect(remote.received).toHaveLength(2);
    });

    it('gives what came when the time runs out', async () => {
      lab = new PeerLab({ network: kit.network, timeouts });
      const { peer, remote } = await lab.ready();
      const asked = peer.requestBlocks(chain.hashes(1, 3));
      await remote.expect('getdata');
      remote.send(chain.block(2));
      await lab.clock.advance(59_999);
      let answered = false;
      void asked.then(() => (answered = true));
      await lab.settle();
      expect(answered).toBe(false);
      await lab.clock.advance(1);
      const { found, missing } = await asked;
      expect(found.map(({ index }) => index)).toEqual([2]);
      expect(missing).toEqual([chain.blockAt(1).hash, chain.blockAt(3).hash]);
    });

    it('fails when none came in time, and lets what was not asked be asked again', async () => {
      lab = new PeerLab({ network: kit.network, timeouts });
      const { peer, remote } = await lab.ready();
      const asked = failure(peer.requestBlocks(chain.hashes(1, 600)));
      await remote.expect('getdata');
      await lab.clock.advance(60_000);
      expect(await asked).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT', command: 'getdata', timeoutMs: 60_000 });
      expect(await failure(peer.requestBlocks(chain.hashes(500, 500)))).toMatchObject({
        code: 'NEO_PEER_ALREADY_REQUESTED',
      });
      const again = peer.requestBlocks(chain.hashes(501, 600));
      await remote.expect('getdata');
      for (const block of kit.blocks(600).slice(500)) remote.send(kit.block(block));
      expect((await again).found).toHaveLength(100);
    });

    it('ends with what came when a later part of it runs out of time', async () => {
      lab = new PeerLab({ network: kit.network, timeouts });
      const { peer, remote } = await lab.ready();
      const asked = peer.requestBlocks(chain.hashes(1, 1100));
      await remote.expect('getdata');
      for (const block of kit.blocks(500)) remote.send(kit.block(block));
      await remote.expect('getdata');
      await lab.clock.advance(60_000);
      const { found, missing } = await asked;
      expect(found).toHaveLength(500);
      expect(missing).toHaveLength(600);
      expect(remote.received.filter(({ command }) => command === 'getdata')).toHaveLength(2);
    });

    it('takes a limit of the caller for all of it', async () => {
      lab = new PeerLab({ network: kit.network, timeouts });
      const { peer, remote } = await lab.ready();
      const asked = peer.requestBlocks(chain.hashes(1, 1100), { timeoutMs: 1000 });
      await remote.expect('getdata');
      await lab.clock.advance(600);
      for (const block of kit.blocks(500)) remote.send(kit.block(block));
      await remote.expect('getdata');
      remote.send(chain.block(501));
      await lab.clock.advance(400);
      expect((await asked).found).toHaveLength(501);
    });

    it('does not count a block whose transactions are not its own, and does not wait for it', async () => {
      lab = new PeerLab({ network: kit.network, timeouts });
      const { peer, remote } = await lab.ready();
      const asked = peer.requestBlocks(chain.hashes(1, 2));
      await remote.expect('getdata');
      remote.send(chain.forged(1));
      remote.send(chain.block(2));
      const { found, missing } = await asked;
      expect(found.map(({ index }) => index)).toEqual([2]);
      expect(missing).toEqual([chain.blockAt(1).hash]);
      expect(peer.state).toBe('ready');
      const onlyForged = peer.requestBlocks(chain.hashes(3, 3));
      await remote.expect('getdata');
      remote.send(chain.forged(3));
      await expect(onlyForged).resolves.toEqual({ found: [], missing: chain.hashes(3, 3) });
    });

    it('is never sent twice for one hash', async () => {
      lab = new PeerLab({ network: kit.network, timeouts });
      const { peer, remote } = await lab.ready({ userAgent: kit.agents.go });
      const first = peer.requestBlocks(chain.hashes(1, 2));
      await remote.expect('getdata');
      for (const block of kit.blocks(2)) remote.send(kit.block(block));
      await first;
      // One old hash among new ones: nothing is sent, and the new ones stay askable.
      expect(await failure(peer.requestBlocks(chain.hashes(2, 4)))).toMatchObject({
        code: 'NEO_PEER_ALREADY_REQUESTED',
        hashes: chain.hashes(2, 2),
      });
      expect(await failure(peer.requestTransactions(chain.hashes(1, 1)))).toMatchObject({
        code: 'NEO_PEER_ALREADY_REQUESTED',
      });
      await lab.settle();
      expect(remote.received.filter(({ command }) => command === 'getdata')).toHaveLength(1);
      const rest = peer.requestBlocks(chain.hashes(3, 4));
      await remote.expect('getdata');
      for (const block of kit.blocks(4).slice(2)) remote.send(kit.block(block));
      expect((await rest).found).toHaveLength(2);
    });

    it('fails with what the remote may be blamed for, not with what it may not have', async () => {
      lab = new PeerLab({ network: kit.network, timeouts });
      const { peer, closed } = await lab.ready();
      for (const index of [1, 2, 3, 4]) {
        const asked = failure(peer.requestBlocks(chain.hashes(index, index)));
        await lab.clock.advance(60_000);
        expect(await asked).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT' });
      }
      expect(closed()).toBeUndefined();
    });

    it('that were announced and never come end the peer after a while', async () => {
      lab = new PeerLab({ network: kit.network, timeouts });
      const { peer, remote, closed } = await lab.ready();
      remote.send(chain.inventory(1, 1));
      await lab.settle();
      const asked = failure(peer.requestBlocks(chain.hashes(1, 1)));
      await lab.clock.advance(120_000);
      expect(await asked).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT' });
      expect(closed()).toMatchObject({ reason: 'stalled' });
    });

    it('knows of hashes the application asked for by a message of its own', async () => {
      lab = new PeerLab({ network: kit.network, timeouts });
      const { peer } = await lab.ready();
      expect(peer.post(kit.dialect.requestObjects('block', HashList.of(chain.hashes(1, 2)))!)).toBe(true);
      await Promise.all([
        peer.send(kit.dialect.requestObjects('block', HashList.of(chain.hashes(3, 3)))!),
        lab.settle(),
      ]);
      for (const index of [1, 2, 3]) {
        expect(await failure(peer.requestBlocks(chain.hashes(index, index)))).toMatchObject({
          code: 'NEO_PEER_ALREADY_REQUESTED',
        });
      }
    });
  });

  describe('requestTransactions', () => {
    const first = kit.blocks(50).flatMap<Transaction>(({ transactions }) => transactions)[0]!;

    it('gives transactions', async () => {
      lab = new PeerLab({ network: kit.network });
      const { peer, remote } = await lab.ready();
      const asked = peer.requestTransactions([first.hash]);
      expect((await remote.expect('getdata')).payload.kind).toBe('transaction');
      remote.send(kit.dialect.object(first));
      const { found, missing } = await asked;
      expect(found[0]!.hash).toEqual(first.hash);
      expect(missing).toEqual([]);
    });

    it('shares getdata with requestBlocks: one waits for the other', async () => {
      lab = new PeerLab({ network: kit.network, timeouts });
      const { peer, remote } = await lab.ready();
      const one = peer.requestBlocks(chain.hashes(1, 1));
      const two = peer.requestTransactions([first.hash]);
      await lab.settle();
      expect(remote.received.filter(({ command }) => command === 'getdata')).toHaveLength(1);
      remote.send(chain.block(1));
      await one;
      await lab.settle();
      expect(remote.received.filter(({ command }) => command === 'getdata')).toHaveLength(2);
      remote.send(kit.dialect.object(first));
      expect((await two).found).toHaveLength(1);
    });
  });
});

describe('on legacy alone', () => {
  const kit = LEGACY_KIT;
  const chain = new ChainMessages(kit);

  it('a notfound settles nothing: nobody knows what it says', async () => {
    lab = new PeerLab({ network: kit.network, timeouts });
    const { peer, remote } = await lab.ready();
    const asked = failure(peer.requestBlocks(chain.hashes(1, 1)));
    await remote.expect('getdata');
    remote.send(kit.message('notfound', chain.hashes(1, 1)[0]!.bytes));
    await lab.clock.advance(60_000);
    expect(await asked).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT' });
    expect(lab.handled).toEqual(['notfound']);
  });
});

describe('on n3 alone', () => {
  const kit = N3_KIT;
  const chain = new ChainMessages(kit);

  function notFound(from: number, to: number): Outgoing<'notfound'> {
    return kit.dialect.notFound('block', HashList.of(chain.hashes(from, to))) as Outgoing<'notfound'>;
  }

  it('what a notfound names is missing, and not waited for', async () => {
    lab = new PeerLab({ network: kit.network, timeouts });
    const { peer, remote } = await lab.ready();
    const asked = peer.requestBlocks(chain.hashes(1, 5));
    await remote.expect('getdata');
    for (const index of [1, 3]) remote.send(chain.block(index));
    remote.send(notFound(4, 5));
    remote.send(notFound(7, 9));
    let answered = false;
    void asked.then(() => (answered = true));
    await lab.settle();
    expect(answered).toBe(false);
    remote.send(notFound(2, 3)); // block 3 has come: it stays
    const { found, missing } = await asked;
    expect(found.map(({ index }) => index)).toEqual([1, 3]);
    expect(missing).toEqual([chain.blockAt(2), chain.blockAt(4), chain.blockAt(5)].map(({ hash }) => hash));
    expect(lab.handled).toHaveLength(5);
  });

  it('the next of several messages goes out after a notfound', async () => {
    lab = new PeerLab({ network: kit.network, timeouts });
    const { peer, remote } = await lab.ready();
    const asked = peer.requestBlocks(chain.hashes(1, 501));
    await remote.expect('getdata');
    remote.send(notFound(1, 500));
    const { payload } = (await remote.expect('getdata')) as Message<'getdata', 'n3'>;
    expect([...payload.hashes]).toEqual(chain.hashes(501, 501));
    remote.send(chain.block(501));
    const { found, missing } = await asked;
    expect(found.map(({ index }) => index)).toEqual([501]);
    expect(missing).toHaveLength(500);
  });

  it('a remote that has none of it ends the request with nothing, and is not blamed', async () => {
    lab = new PeerLab({ network: kit.network, timeouts });
    const { peer, remote } = await lab.ready();
    remote.send(chain.inventory(1, 3));
    const asked = peer.requestBlocks(chain.hashes(1, 3));
    await remote.expect('getdata');
    remote.send(notFound(1, 3));
    await expect(asked).resolves.toEqual({ found: [], missing: chain.hashes(1, 3) });
    await lab.clock.advance(240_000);
    expect(peer.state).toBe('ready');
  });

  it('hashes are remembered as long as C# nodes remember them, the last thousand', async () => {
    lab = new PeerLab({ network: kit.network, timeouts });
    const { peer, remote } = await lab.ready();
    for (const [from, to] of [
      [1, 500],
      [501, 1000],
      [1001, 1001],
    ] as const) {
      const asked = peer.requestBlocks(chain.hashes(from, to));
      await remote.expect('getdata');
      remote.send(notFound(from, to));
      await asked;
    }
    expect(await failure(peer.requestBlocks(chain.hashes(2, 2)))).toMatchObject({ code: 'NEO_PEER_ALREADY_REQUESTED' });
    const again = peer.requestBlocks(chain.hashes(1, 1));
    await remote.expect('getdata');
    remote.send(chain.block(1));
    expect((await again).found).toHaveLength(1);
  });

  it('announced consensus payloads are none of what a remote could have met', async () => {
    lab = new PeerLab({ network: kit.network, timeouts });
    const { peer, remote } = await lab.ready();
    remote.send(kit.dialect.inventory('extensible', HashList.of(chain.hashes(1, 1))));
    await lab.settle();
    const asked = failure(peer.requestBlocks(chain.hashes(1, 1)));
    await lab.clock.advance(240_000);
    expect(await asked).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT' });
    expect(peer.state).toBe('ready');
  });
});
