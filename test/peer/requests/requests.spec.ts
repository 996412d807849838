import { afterEach, describe, expect, it } from '@jest/globals';
import type { Peer } from '../../../src/peer/peer.js';
import { LegacyBlock } from '../../../src/wire/legacy/block.js';
import { dialectOf, type Outgoing } from '../../../src/wire/messages.js';
import { HashList } from '../../../src/wire/primitives/hash-list.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { chainBlocks, GENESIS, type ChainBlock } from '../../support/local-chain.js';
import { failure } from '../../support/failure.js';
import { PeerLab } from '../../support/peer-lab.js';

const dialect = dialectOf('legacy');
const { headers, inventory, addresses, requestAddresses } = dialect;
const blocks = chainBlocks(1200);
const timeouts = { keepaliveMs: 0 };

let lab: PeerLab;
afterEach(() => lab.close());

function headersOf(from: number, to: number): Outgoing<'headers'> {
  return headers(blocks.slice(from - 1, to).map(({ header }) => header)) as Outgoing<'headers'>;
}

function hashesOf(from: number, to: number): UInt256[] {
  return blocks.slice(from - 1, to).map(({ hash }) => hash);
}

function blockMessage(block: ChainBlock): Outgoing<'block'> {
  return { dialect: 'legacy', command: 'block', payload: block };
}

/** Block `index` with the transactions of another one. */
function forged(index: number): ChainBlock {
  const [real, other] = [blocks[index - 1]!, blocks[index]!];
  const transactions = other.raw.subarray(other.header.raw.length);
  return dialect.decodePayload('block', Buffer.concat([real.header.raw, transactions])) as LegacyBlock;
}

describe('requestHeaders', () => {
  it('asks for what follows, and gives what came', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready();
    const asked = peer.requestHeaders({ after: GENESIS });
    const request = await remote.expect('getheaders');
    expect(request.payload.starts.at(0)).toEqual(GENESIS);
    expect(request.payload.stop).toEqual(UInt256.ZERO);
    remote.send(headersOf(1, 600));
    const answer = await asked;
    expect(answer.map(({ index }) => index)).toEqual(Array.from({ length: 600 }, (_, i) => i + 1));
    await lab.settle();
    expect(lab.handled).toEqual(['headers']);
  });

  it('is not answered by headers of another place', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready();
    let answered = false;
    const asked = peer.requestHeaders({ after: GENESIS }).finally(() => (answered = true));
    await remote.expect('getheaders');
    remote.send(headersOf(5, 10));
    await lab.settle();
    expect(answered).toBe(false);
    remote.send(headersOf(1, 3));
    expect((await asked).map(({ index }) => index)).toEqual([1, 2, 3]);
    expect(lab.handled).toEqual(['headers', 'headers']);
  });

  it('is answered by nothing where the remote has nothing', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready();
    const asked = peer.requestHeaders({ after: blocks[3]!.hash });
    await remote.expect('getheaders');
    remote.send(headers([]));
    await expect(asked).resolves.toEqual([]);
  });

  it('takes of an answer what links', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready();
    const asked = peer.requestHeaders({ after: GENESIS });
    await remote.expect('getheaders');
    remote.send(headers([...blocks.slice(0, 4), ...blocks.slice(8, 12)].map(({ header }) => header)));
    expect((await asked).map(({ index }) => index)).toEqual([1, 2, 3, 4]);
  });

  it('gives no more than count, and ends before stop', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready();
    const counted = peer.requestHeaders({ after: GENESIS }, { count: 2 });
    await remote.expect('getheaders');
    remote.send(headersOf(1, 10));
    await expect(counted).resolves.toHaveLength(2);
    const stop = blocks[4]!.hash;
    const stopped = peer.requestHeaders({ after: GENESIS }, { stop });
    expect((await remote.expect('getheaders')).payload.stop).toEqual(stop);
    remote.send(headersOf(1, 10)); // as C# 2.9.0 does, which takes no notice of it
    expect((await stopped).map(({ index }) => index)).toEqual([1, 2, 3, 4]);
  });

  it('by height can not be said in the Legacy dialect', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready();
    expect(await failure(peer.requestHeaders({ index: 1 }))).toMatchObject({
      code: 'NEO_PEER_UNSUPPORTED_BY_DIALECT',
      dialect: 'legacy',
      request: 'requestHeaders({ index })',
    });
    expect(await failure(peer.requestBlocksByIndex(1, 2))).toMatchObject({
      code: 'NEO_PEER_UNSUPPORTED_BY_DIALECT',
      request: 'requestBlocksByIndex',
    });
    expect(remote.received).toHaveLength(2);
  });
});

describe('requestBlockHashes', () => {
  it('is answered by the next inventory of blocks, each hash once', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready();
    const asked = peer.requestBlockHashes(GENESIS);
    await remote.expect('getblocks');
    remote.send(inventory('transaction', HashList.of(hashesOf(1, 2))));
    remote.send(inventory('block', HashList.of([...hashesOf(1, 3), ...hashesOf(2, 4)])));
    expect([...(await asked)]).toEqual(hashesOf(1, 4));
  });

  it('is answered by an empty one with nothing', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready();
    const asked = peer.requestBlockHashes(GENESIS);
    await remote.expect('getblocks');
    remote.send(inventory('block', HashList.EMPTY));
    await expect(asked).resolves.toHaveLength(0);
  });

  it('is not answered by the announcement of a new block, where the remote must have more to tell', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready({ height: 8 });
    const asked = peer.requestBlockHashes(GENESIS);
    await remote.expect('getblocks');
    remote.send(inventory('block', HashList.of(hashesOf(9, 9))));
    await lab.clock.advance(2999);
    remote.send(inventory('block', HashList.of(hashesOf(1, 8))));
    expect([...(await asked)]).toEqual(hashesOf(1, 8));
  });

  it.each([
    ['for three seconds', 3000, {}],
    ['until its time is out', 1000, { timeoutMs: 1000 }],
  ])('is answered by one hash if nothing better comes %s', async (_, ms, options) => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready({ height: 8 });
    const asked = peer.requestBlockHashes(GENESIS, options);
    await remote.expect('getblocks');
    remote.send(inventory('block', HashList.of(hashesOf(1, 1))));
    await lab.clock.advance(ms - 1);
    remote.send(inventory('block', HashList.of(hashesOf(9, 9))));
    await lab.clock.advance(1);
    expect([...(await asked)]).toEqual(hashesOf(1, 1));
  });

  it.each([
    ['one more block is all there is', 1, GENESIS, {}],
    ['the remote withholds its newest', 2, GENESIS, { userAgent: 'NEO:neo-one-js:1.0.0' }],
    ['nobody knows how high it begins', 8, UInt256.from('ab'.repeat(32)), {}],
  ])('is answered by one hash at once where %s', async (_, height, after, version) => {
    lab = new PeerLab({ timeouts });
    const { peer, remote } = await lab.ready({ height, ...version });
    const asked = peer.requestBlockHashes(after);
    await remote.expect('getblocks');
    remote.send(inventory('block', HashList.of(hashesOf(1, 1))));
    expect([...(await asked)]).toEqual(hashesOf(1, 1));
  });

  it('with an end is answered by one hash at once', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready({ height: 8 });
    const asked = peer.requestBlockHashes(GENESIS, { stop: blocks[1]!.hash });
    await remote.expect('getblocks');
    remote.send(inventory('block', HashList.of(hashesOf(1, 1))));
    expect([...(await asked)]).toEqual(hashesOf(1, 1));
  });

  it('is not answered by what came before it was sent', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready();
    remote.send(inventory('block', HashList.of(hashesOf(9, 9))));
    const asked = peer.requestBlockHashes(GENESIS, { count: 2 });
    await remote.expect('getblocks');
    await lab.settle();
    remote.send(inventory('block', HashList.of(hashesOf(1, 3))));
    expect([...(await asked)]).toEqual(hashesOf(1, 2));
  });
});

describe('requestAddresses', () => {
  const known = [{ host: '10.1.2.3', port: 10_333, timestamp: 5, services: 1n }];

  it.each([[known], [[]]])('is answered by the next addr: %j', async (answer) => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready();
    const asked = peer.requestAddresses();
    await remote.expect('getaddr');
    remote.send(addresses(answer));
    await expect(asked).resolves.toEqual(answer);
  });
});

describe('requestBlocks', () => {
  it('gives them in the order they were asked for, whatever order they come in', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready();
    const asked = peer.requestBlocks(hashesOf(1, 5));
    const request = await remote.expect('getdata');
    expect(request.payload.kind).toBe('block');
    for (const block of blocks.slice(0, 5).toReversed()) remote.send(blockMessage(block));
    const { found, missing } = await asked;
    expect(found.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5]);
    expect(missing).toEqual([]);
    await lab.settle();
    expect(lab.handled).toHaveLength(5);
  });

  it('asks for each hash once, 500 at a time, one request after the other', async () => {
    lab = new PeerLab({ timeouts });
    const { peer, remote } = await lab.ready();
    const asked = peer.requestBlocks([...hashesOf(1, 1100), ...hashesOf(1, 50)]);
    for (const [before, size] of [500, 500, 100].entries()) {
      const { payload } = await remote.expect('getdata');
      await lab.settle();
      expect(remote.received.filter(({ command }) => command === 'getdata')).toHaveLength(before + 1);
      expect(payload.hashes).toHaveLength(size);
      for (const block of blocks.slice(before * 500, before * 500 + size)) remote.send(blockMessage(block));
    }
    expect((await asked).found).toHaveLength(1100);
  });

  it('of nothing asks for nothing', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready();
    await expect(peer.requestBlocks([])).resolves.toEqual({ found: [], missing: [] });
    await lab.settle();
    expect(remote.received).toHaveLength(2);
  });

  it('gives what came when the time runs out', async () => {
    lab = new PeerLab({ timeouts });
    const { peer, remote } = await lab.ready();
    const asked = peer.requestBlocks(hashesOf(1, 3));
    await remote.expect('getdata');
    remote.send(blockMessage(blocks[1]!));
    await lab.clock.advance(59_999);
    let answered = false;
    void asked.then(() => (answered = true));
    await lab.settle();
    expect(answered).toBe(false);
    await lab.clock.advance(1);
    const { found, missing } = await asked;
    expect(found.map(({ index }) => index)).toEqual([2]);
    expect(missing).toEqual([blocks[0]!.hash, blocks[2]!.hash]);
  });

  it('fails when none came in time, and lets what was not asked be asked again', async () => {
    lab = new PeerLab({ timeouts });
    const { peer, remote } = await lab.ready();
    const asked = failure(peer.requestBlocks(hashesOf(1, 600)));
    await remote.expect('getdata');
    await lab.clock.advance(60_000);
    expect(await asked).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT', command: 'getdata', timeoutMs: 60_000 });
    expect(await failure(peer.requestBlocks(hashesOf(500, 500)))).toMatchObject({ code: 'NEO_PEER_ALREADY_REQUESTED' });
    const again = peer.requestBlocks(hashesOf(501, 600));
    await remote.expect('getdata');
    for (const block of blocks.slice(500, 600)) remote.send(blockMessage(block));
    expect((await again).found).toHaveLength(100);
  });

  it('ends with what came when a later part of it runs out of time', async () => {
    lab = new PeerLab({ timeouts });
    const { peer, remote } = await lab.ready();
    const asked = peer.requestBlocks(hashesOf(1, 1100));
    await remote.expect('getdata');
    for (const block of blocks.slice(0, 500)) remote.send(blockMessage(block));
    await remote.expect('getdata');
    await lab.clock.advance(60_000);
    const { found, missing } = await asked;
    expect(found).toHaveLength(500);
    expect(missing).toHaveLength(600);
    expect(remote.received.filter(({ command }) => command === 'getdata')).toHaveLength(2);
  });

  it('takes a limit of the caller for all of it', async () => {
    lab = new PeerLab({ timeouts });
    const { peer, remote } = await lab.ready();
    const asked = peer.requestBlocks(hashesOf(1, 1100), { timeoutMs: 1000 });
    await remote.expect('getdata');
    await lab.clock.advance(600);
    for (const block of blocks.slice(0, 500)) remote.send(blockMessage(block));
    await remote.expect('getdata');
    remote.send(blockMessage(blocks[500]!));
    await lab.clock.advance(400);
    expect((await asked).found).toHaveLength(501);
  });

  it('does not count a block whose transactions are not its own, and does not wait for it', async () => {
    lab = new PeerLab({ timeouts });
    const { peer, remote } = await lab.ready();
    const asked = peer.requestBlocks(hashesOf(1, 2));
    await remote.expect('getdata');
    remote.send(blockMessage(forged(1)));
    remote.send(blockMessage(blocks[1]!));
    const { found, missing } = await asked;
    expect(found.map(({ index }) => index)).toEqual([2]);
    expect(missing).toEqual([blocks[0]!.hash]);
    expect(peer.state).toBe('ready');
    const onlyForged = peer.requestBlocks(hashesOf(3, 3));
    await remote.expect('getdata');
    remote.send(blockMessage(forged(3)));
    await expect(onlyForged).resolves.toEqual({ found: [], missing: hashesOf(3, 3) });
  });

  it('is never sent twice for one hash', async () => {
    lab = new PeerLab({ timeouts });
    const { peer, remote } = await lab.ready({ userAgent: '/NEO-GO:0.78.4/' });
    const first = peer.requestBlocks(hashesOf(1, 2));
    await remote.expect('getdata');
    for (const block of blocks.slice(0, 2)) remote.send(blockMessage(block));
    await first;
    // One old hash among new ones: nothing is sent, and the new ones stay askable.
    expect(await failure(peer.requestBlocks(hashesOf(2, 4)))).toMatchObject({
      code: 'NEO_PEER_ALREADY_REQUESTED',
      hashes: hashesOf(2, 2),
    });
    expect(await failure(peer.requestTransactions(hashesOf(1, 1)))).toMatchObject({
      code: 'NEO_PEER_ALREADY_REQUESTED',
    });
    await lab.settle();
    expect(remote.received.filter(({ command }) => command === 'getdata')).toHaveLength(1);
    const rest = peer.requestBlocks(hashesOf(3, 4));
    await remote.expect('getdata');
    for (const block of blocks.slice(2, 4)) remote.send(blockMessage(block));
    expect((await rest).found).toHaveLength(2);
  });

  it('knows of hashes the application asked for by a message of its own', async () => {
    lab = new PeerLab({ timeouts });
    const { peer } = await lab.ready();
    expect(peer.post(dialect.requestObjects('block', HashList.of(hashesOf(1, 2)))!)).toBe(true);
    await Promise.all([peer.send(dialect.requestObjects('block', HashList.of(hashesOf(3, 3)))!), lab.settle()]);
    for (const index of [1, 2, 3]) {
      expect(await failure(peer.requestBlocks(hashesOf(index, index)))).toMatchObject({
        code: 'NEO_PEER_ALREADY_REQUESTED',
      });
    }
  });
});

describe('requestTransactions', () => {
  const [first, second] = blocks[0]!.transactions;

  it('gives transactions', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready();
    const asked = peer.requestTransactions([first!.hash]);
    expect((await remote.expect('getdata')).payload.kind).toBe('transaction');
    remote.send({ dialect: 'legacy', command: 'transaction', payload: first! });
    const { found, missing } = await asked;
    expect(found[0]!.hash).toEqual(first!.hash);
    expect(missing).toEqual([]);
    expect(second).toBeUndefined();
  });

  it('shares getdata with requestBlocks: one waits for the other', async () => {
    lab = new PeerLab({ timeouts });
    const { peer, remote } = await lab.ready();
    const one = peer.requestBlocks(hashesOf(1, 1));
    const two = peer.requestTransactions([first!.hash]);
    await lab.settle();
    expect(remote.received.filter(({ command }) => command === 'getdata')).toHaveLength(1);
    remote.send(blockMessage(blocks[0]!));
    await one;
    await lab.settle();
    expect(remote.received.filter(({ command }) => command === 'getdata')).toHaveLength(2);
    remote.send({ dialect: 'legacy', command: 'transaction', payload: first! });
    expect((await two).found).toHaveLength(1);
  });
});

type Ask = (peer: Peer, options?: { signal?: AbortSignal; timeoutMs?: number }) => Promise<unknown>;
const ASKS: readonly (readonly [string, string, Ask])[] = [
  ['requestHeaders', 'getheaders', (peer, options) => peer.requestHeaders({ after: GENESIS }, options)],
  ['requestBlockHashes', 'getblocks', (peer, options) => peer.requestBlockHashes(GENESIS, options)],
  ['requestBlocks', 'getdata', (peer, options) => peer.requestBlocks([blocks[lab.handled.length]!.hash], options)],
  ['requestAddresses', 'getaddr', (peer, options) => peer.requestAddresses(options)],
  ['ping', 'ping', (peer, options) => peer.ping(options)],
];

describe.each(ASKS)('%s', (name, command, ask) => {
  it('fails after 60 seconds without an answer, and the peer lives on', async () => {
    lab = new PeerLab({ timeouts });
    const { peer } = await lab.ready();
    const asked = failure(ask(peer));
    await lab.clock.advance(60_000);
    expect(await asked).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT', command, timeoutMs: 60_000 });
    expect(peer.state).toBe('ready');
  });

  it('fails after the time its caller gives it', async () => {
    lab = new PeerLab({ timeouts });
    const { peer } = await lab.ready();
    const asked = failure(ask(peer, { timeoutMs: 50 }));
    await lab.clock.advance(50);
    expect(await asked).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT', command, timeoutMs: 50 });
  });

  it('fails when its caller aborts it, and forgets the signal', async () => {
    lab = new PeerLab({ timeouts });
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
    lab = new PeerLab({ timeouts });
    const { peer, remote } = await lab.ready();
    expect(await failure(ask(peer, { signal: AbortSignal.abort('reason') }))).toMatchObject({
      code: 'NEO_PEER_ABORTED',
    });
    await lab.settle();
    expect(remote.received).toHaveLength(2);
  });

  it('that was given up while it waited behind other messages is never sent', async () => {
    lab = new PeerLab({ timeouts, memory: { windowBytes: 1000 } });
    const { peer, remote } = await lab.ready();
    remote.connection.pause();
    const before = Array.from({ length: 3 }, () => peer.send(headersOf(1, 1200)));
    await lab.settle();
    const abort = new AbortController();
    const given = failure(peer.requestBlocks(hashesOf(1, 2), { signal: abort.signal }));
    await lab.settle();
    abort.abort();
    expect(await given).toMatchObject({ code: 'NEO_PEER_ABORTED' });
    const asked = peer.requestBlocks(hashesOf(2, 3));
    remote.connection.resume();
    const { payload } = await remote.expect('getdata');
    expect([...payload.hashes]).toEqual(hashesOf(2, 3));
    remote.send(blockMessage(blocks[1]!));
    remote.send(blockMessage(blocks[2]!));
    expect((await asked).missing).toEqual([]);
    await Promise.all(before);
    expect(remote.received.filter((message) => message.command === 'getdata')).toHaveLength(1);
  });

  it('fails when the peer closes', async () => {
    lab = new PeerLab({ timeouts });
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

describe.each(ASKS.filter(([name]) => name !== 'ping' && name !== 'requestBlocks'))('%s', (_, command, ask) => {
  it('is sent one at a time, and a timeout frees its place', async () => {
    lab = new PeerLab({ timeouts });
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
    remote.send(headers([]));
    remote.send(inventory('block', HashList.EMPTY));
    remote.send(addresses([]));
    expect(await second).toMatchObject({ notFailed: { length: 0 } });
    expect(sent()).toBe(2);
  });
});

describe('requests of different kinds', () => {
  it('are under way at the same time', async () => {
    lab = new PeerLab({ timeouts });
    const { peer, remote } = await lab.ready();
    const all = [
      peer.requestHeaders({ after: GENESIS }),
      peer.requestBlockHashes(GENESIS),
      peer.requestBlocks(hashesOf(1, 1)),
      peer.requestAddresses(),
    ];
    await lab.settle();
    expect(remote.received.slice(2).map(({ command }) => command)).toEqual([
      'getheaders',
      'getblocks',
      'getdata',
      'getaddr',
    ]);
    remote.send(requestAddresses());
    remote.send(addresses([]));
    remote.send(blockMessage(blocks[0]!));
    remote.send(inventory('block', HashList.of(hashesOf(1, 1))));
    remote.send(headersOf(1, 1));
    await expect(Promise.all(all)).resolves.toHaveLength(4);
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
