import { afterEach, describe, expect, it } from '@jest/globals';
import type { Peer } from '../../../src/peer/peer.js';
import type { Inventory } from '../../../src/wire/common/inventory.js';
import type { Message, Outgoing } from '../../../src/wire/messages.js';
import { HashList } from '../../../src/wire/primitives/hash-list.js';
import { KITS, LEGACY_KIT, N3_KIT, type DialectKit } from '../../support/dialect-kit.js';
import { failure } from '../../support/failure.js';
import { PeerLab } from '../../support/peer-lab.js';

const quiet = { keepaliveMs: 0 };

let lab: PeerLab;
afterEach(() => lab.close());

/** A handler whose calls end when the test says so. */
function gate(target: PeerLab): { readonly waiting: (() => void)[]; open(): void } {
  const waiting: (() => void)[] = [];
  target.handle = () => new Promise((resolve) => waiting.push(resolve));
  return {
    waiting,
    open: () => {
      target.handle = () => undefined;
      for (const resolve of waiting) resolve();
    },
  };
}

/** A list of hashes of blocks in a message of that command. */
function hashesIn({ dialect }: DialectKit, command: 'inv' | 'getdata' | 'notfound', hashes: HashList): Outgoing {
  if (command === 'inv') return dialect.inventory('block', hashes);
  return (command === 'getdata' ? dialect.requestObjects('block', hashes) : dialect.notFound('block', hashes))!;
}

/** How often hashes are given, and in what lists they leave. */
interface Split {
  readonly command: 'inv' | 'getdata' | 'notfound';
  readonly unique: number;
  readonly times: number;
  readonly sizes: readonly number[];
}

/** Sends hashes, each as often as `times` says; gives the lists in which they came, and what else came. */
async function sendHashes(kit: DialectKit, { command, unique, times, sizes }: Split) {
  lab = new PeerLab({ network: kit.network });
  const { peer, remote } = await lab.ready();
  const all = new HashList(Buffer.concat(Array<Uint8Array>(times).fill(kit.hashes(unique).bytes)));
  await Promise.all([peer.send(hashesIn(kit, command, all)), lab.settle()]);
  const sent: Inventory[] = [];
  for (const _ of sizes) sent.push((await remote.expect(command)).payload as Inventory);
  return {
    sizes: sent.map(({ hashes }) => hashes.length),
    bytes: Buffer.concat(sent.map(({ hashes }) => hashes.bytes)),
    others: remote.received.length - sent.length,
  };
}

/** What {@link sendHashes} must give: each hash once, in order. */
function everyHashOnce(kit: DialectKit, { unique, sizes }: Split) {
  return { sizes, bytes: Buffer.from(kit.hashes(unique).bytes), others: 2 };
}

describe.each(KITS)('$name: the inbox', (kit) => {
  const { network } = kit;

  it('handles one message at a time, in order', async () => {
    lab = new PeerLab({ network });
    const { waiting } = gate(lab);
    const { remote } = await lab.ready();
    remote.send(kit.dialect.requestAddresses());
    remote.send(kit.message('mempool'));
    remote.send(kit.dialect.inventory('block', kit.hashes(1)));
    for (const handled of [['getaddr'], ['getaddr', 'mempool'], ['getaddr', 'mempool', 'inv']]) {
      await lab.settle();
      expect(lab.handled).toEqual(handled);
      waiting.at(-1)!();
    }
  });

  it('is felt by the remote when it is full: the socket takes no more than its own buffer', async () => {
    lab = new PeerLab({ network, limits: { inboxMessages: 2 }, memory: { windowBytes: 10 * kit.emptyFrame } });
    const { open } = gate(lab);
    const { remote } = await lab.ready();
    const frame = kit.encode(kit.dialect.requestAddresses());
    let taken = 0;
    for (let i = 0; i < 100; i++) remote.connection.write(frame, (error) => (taken += error ? 0 : 1));
    await lab.settle();
    expect(taken).toBe(13); // one with the handler, two in the inbox, ten in the buffer
    open();
    await lab.settle();
    expect(taken).toBe(100);
    expect(lab.handled).toHaveLength(100);
  });

  it('is of one peer: two never wait for each other', async () => {
    lab = new PeerLab({ network, limits: { inboxMessages: 1 } });
    const { remote: slow } = await lab.ready();
    const { remote: quick, peer } = await lab.ready();
    lab.handle = (handling) => (handling === peer ? undefined : new Promise(() => undefined));
    for (let i = 0; i < 10; i++) slow.send(kit.dialect.requestAddresses());
    await lab.settle();
    for (let i = 0; i < 10; i++) quick.send(kit.message('mempool'));
    await lab.settle();
    expect(lab.handled.filter((command) => command === 'mempool')).toHaveLength(10);
  });

  it('pauses the connection when it is full, and loses nothing', async () => {
    lab = new PeerLab({
      network,
      limits: { inboxMessages: 100 },
      timeouts: quiet,
      memory: { windowBytes: 40 * kit.emptyFrame },
    });
    const { open, waiting } = gate(lab);
    const { peer, remote } = await lab.ready();
    for (let i = 0; i < 1000; i++) remote.send(kit.dialect.requestAddresses());
    await lab.settle();
    // One in the handler's hands, a hundred that wait.
    expect(peer.traffic.in.messages).toBe(2 + 101);
    expect(waiting).toHaveLength(1);
    open();
    await lab.settle();
    expect(lab.handled).toHaveLength(1000);
  });

  it('pauses in the middle of one read too', async () => {
    lab = new PeerLab({ network, limits: { inboxMessages: 10 }, timeouts: quiet });
    const { open } = gate(lab);
    const { peer, remote } = await lab.ready();
    const frame = kit.encode(kit.dialect.requestAddresses());
    remote.write(Buffer.concat(Array.from({ length: 500 }, () => frame)));
    await lab.settle();
    expect(peer.traffic.in.messages).toBe(2 + 11);
    open();
    await lab.settle();
    expect(lab.handled).toHaveLength(500);
  });

  it('is bounded in bytes as well, and takes a single message over the bound', async () => {
    const [block] = kit.blocks(1);
    lab = new PeerLab({ network, limits: { inboxBytes: 100 }, timeouts: quiet });
    const { open } = gate(lab);
    const { peer, remote } = await lab.ready();
    for (let i = 0; i < 5; i++) remote.send(kit.block(block!));
    await lab.settle();
    expect(peer.traffic.in.messages).toBe(2 + 2);
    open();
    await lab.settle();
    expect(lab.handled).toHaveLength(5);
  });

  it('holds what came before the remote hung up', async () => {
    lab = new PeerLab({ network, limits: { inboxMessages: 2 }, timeouts: quiet });
    const { open } = gate(lab);
    const { peer, remote } = await lab.ready();
    const frame = kit.encode(kit.dialect.requestAddresses());
    remote.write(Buffer.concat([frame, frame, frame, frame, frame]));
    remote.connection.end();
    await lab.settle();
    open();
    await lab.settle();
    expect(await peer.closed).toMatchObject({ reason: 'remote-closed', by: 'remote' });
    expect(lab.handled).toHaveLength(5);
  });

  it('holds what came before the connection broke, although it was paused', async () => {
    lab = new PeerLab({ network, limits: { inboxMessages: 2 }, timeouts: quiet });
    const { open } = gate(lab);
    const { peer, remote } = await lab.ready();
    const frame = kit.encode(kit.dialect.requestAddresses());
    remote.write(Buffer.concat([frame, frame, frame, frame, frame]));
    await lab.settle();
    // A reset is seen even while nothing is read.
    peer.post(kit.dialect.requestAddresses());
    remote.connection.pause();
    await lab.settle();
    peer.post(kit.dialect.requestAddresses());
    await lab.settle();
    remote.connection.destroy();
    await lab.settle();
    expect(await peer.closed).toMatchObject({
      reason: 'socket-error',
      by: 'remote',
      error: { code: 'NEO_PEER_SOCKET' },
    });
    open();
    await lab.settle();
    expect(lab.handled).toHaveLength(5);
  });

  it('drops what waits when the application disconnects', async () => {
    lab = new PeerLab({ network });
    const { open } = gate(lab);
    const { peer, remote } = await lab.ready();
    for (let i = 0; i < 5; i++) remote.send(kit.dialect.requestAddresses());
    await lab.settle();
    const gone = peer.disconnect();
    await lab.settle();
    await gone;
    open();
    await lab.settle();
    expect(lab.handled).toEqual(['getaddr']);
  });
});

describe.each(KITS)('$name: a handler that asks its own peer', (kit) => {
  const { network } = kit;

  it('gets 500 blocks although the inbox has room for 100', async () => {
    lab = new PeerLab({ network, limits: { inboxMessages: 100 }, timeouts: quiet });
    let found = 0;
    lab.handle = (peer: Peer, message: Message) => {
      if (message.command !== 'inv') return undefined;
      return peer.requestBlocks(message.payload.hashes).then((answer) => void (found = answer.found.length));
    };
    const { remote } = await lab.ready();
    remote.send(kit.dialect.inventory('block', kit.hashes(500)));
    const asked = await remote.expect('getdata');
    expect(asked.payload.hashes).toHaveLength(500);
    for (const block of kit.blocks(500)) remote.send(kit.block(block));
    await lab.clock.advance(1000);
    expect(found).toBe(500);
    expect(lab.handled.filter((command) => command === 'block')).toHaveLength(500);
  });

  it('gets them although 150 other messages come first', async () => {
    lab = new PeerLab({ network, limits: { inboxMessages: 100 }, timeouts: quiet });
    let found = 0;
    lab.handle = (peer: Peer, message: Message) => {
      if (message.command !== 'inv') return undefined;
      return peer.requestBlocks(message.payload.hashes).then((answer) => void (found = answer.found.length));
    };
    const { remote } = await lab.ready();
    remote.send(kit.dialect.inventory('block', kit.hashes(500)));
    for (let i = 0; i < 150; i++) remote.send(kit.dialect.requestAddresses());
    for (const block of kit.blocks(500)) remote.send(kit.block(block));
    await lab.clock.advance(1000);
    expect(found).toBe(500);
    expect(lab.handled).toHaveLength(651);
  });

  it('is not starved by a full inbox for longer than the request may take', async () => {
    lab = new PeerLab({ network, limits: { inboxMessages: 10 }, timeouts: quiet });
    const failed: unknown[] = [];
    lab.handle = (peer: Peer, message: Message) =>
      message.command === 'inv'
        ? peer.requestBlocks(message.payload.hashes).then(
            () => undefined,
            (error: unknown) => void failed.push(error),
          )
        : undefined;
    const { peer, remote } = await lab.ready();
    remote.send(kit.dialect.inventory('block', kit.hashes(1)));
    for (let i = 0; i < 30; i++) remote.send(kit.dialect.requestAddresses());
    remote.send(kit.block(kit.blocks(1)[0]!));
    await lab.clock.advance(59_999);
    // Twice the inbox, and the inv; the rest isn't read.
    expect(peer.traffic.in.messages).toBe(2 + 1 + 20);
    await lab.clock.advance(1);
    expect(failed).toMatchObject([{ code: 'NEO_PEER_REQUEST_TIMEOUT' }]);
    expect(lab.handled).toHaveLength(32);
  });
});

/** More than a connection takes ahead of a remote that doesn't read, and too much to go out joined with another. */
function large(kit: DialectKit): Outgoing {
  return kit.message('alert', new Uint8Array(50_000));
}

describe.each(KITS)('$name: the outbox', (kit) => {
  const { network } = kit;

  it('says no to post when it is full, and makes send wait', async () => {
    lab = new PeerLab({ network, limits: { outboxMessages: 3 }, timeouts: quiet, memory: { windowBytes: 10 } });
    const { peer, remote } = await lab.ready();
    remote.connection.pause();
    for (let i = 0; i < 3; i++) {
      // Two of them are in the connection: what is on its way, and what it has taken and waits with.
      expect(peer.post(large(kit))).toBe(true);
      await lab.settle();
    }
    const posted = Array.from({ length: 5 }, () => peer.post(kit.dialect.requestAddresses()));
    expect(posted).toEqual([true, true, false, false, false]);
    let sent = false;
    const sending = peer.send(kit.dialect.ping(1, 0, 1)).then(() => (sent = true));
    await lab.settle();
    expect(sent).toBe(false);
    expect(peer.post(kit.dialect.requestAddresses())).toBe(false);
    remote.connection.resume();
    await lab.settle();
    await sending;
    expect(remote.received.map(({ command }) => command).slice(2)).toEqual([
      'alert',
      'alert',
      'alert',
      'getaddr',
      'getaddr',
      'ping',
    ]);
  });

  it.each(['timeout', 'abort'] as const)('gives up a send that waits (%s), and sends nothing of it', async (how) => {
    lab = new PeerLab({ network, limits: { outboxMessages: 1 }, timeouts: quiet, memory: { windowBytes: 10 } });
    const { peer, remote } = await lab.ready();
    remote.connection.pause();
    const abort = new AbortController();
    const options = how === 'abort' ? { signal: abort.signal } : { timeoutMs: 500 };
    const ahead = [1, 2, 3].map(() => peer.send(large(kit)));
    await lab.settle();
    const queued = failure(peer.send(kit.dialect.requestAddresses(), options));
    const outside = failure(peer.send(kit.dialect.ping(1, 0, 1), options));
    await lab.settle();
    if (how === 'abort') abort.abort();
    else await lab.clock.advance(500);
    const expected = how === 'abort' ? { code: 'NEO_PEER_ABORTED' } : { code: 'NEO_PEER_MAILBOX_FULL', timeoutMs: 500 };
    expect(await queued).toMatchObject(expected);
    expect(await outside).toMatchObject(expected);
    remote.connection.resume();
    await lab.settle();
    await Promise.all(ahead);
    expect(remote.received.map(({ command }) => command).slice(2)).toEqual(['alert', 'alert', 'alert']);
  });

  it('joins many small frames into few writes', async () => {
    lab = new PeerLab({ network, timeouts: quiet });
    const { peer, remote } = await lab.ready();
    const chunks: number[] = [];
    remote.connection.onData((chunk) => chunks.push(chunk.length));
    for (let i = 0; i < 50; i++) peer.post(kit.dialect.requestAddresses());
    await lab.settle();
    expect(chunks).toEqual([50 * kit.emptyFrame]);
    expect(lab.countedIn('out')).toHaveLength(52);
    expect(peer.traffic.out.messages).toBe(52);
  });

  it('answers a ping although it is full', async () => {
    lab = new PeerLab({ network, limits: { outboxMessages: 1 }, timeouts: quiet, memory: { windowBytes: 10 } });
    const { peer, remote } = await lab.ready();
    remote.connection.pause();
    for (let i = 0; i < 3; i++) {
      peer.post(large(kit));
      await lab.settle();
    }
    expect(peer.post(kit.dialect.requestAddresses())).toBe(false);
    remote.send(kit.dialect.ping(1, 0, 1));
    await lab.settle();
    remote.connection.resume();
    await lab.settle();
    expect(remote.received.map(({ command }) => command).slice(-2)).toEqual(['pong', 'alert']);
  });

  it('does not grow by the pings of a remote that does not read', async () => {
    lab = new PeerLab({ network, timeouts: quiet, memory: { windowBytes: 10 } });
    const { remote } = await lab.ready();
    remote.connection.pause();
    for (let i = 0; i < 5000; i++) remote.send(kit.dialect.ping(1, 0, i));
    await lab.settle();
    remote.connection.resume();
    await lab.settle();
    const pongs = remote.received.filter(({ command }) => command === 'pong').length;
    expect(pongs).toBeGreaterThan(0);
    expect(pongs).toBeLessThan(2000);
  });

  it('writes a block in pieces, so that a slow remote is seen to take it', async () => {
    lab = new PeerLab({ network, timeouts: quiet, memory: { windowBytes: 300_000 } });
    const { peer, remote } = await lab.ready();
    const chunks: number[] = [];
    remote.connection.onData((chunk) => chunks.push(chunk.length));
    const message = kit.message('alert', new Uint8Array(1_000_000));
    await Promise.all([peer.send(message), lab.settle()]);
    expect(chunks).toEqual([262_144, 262_144, 262_144, kit.encode(message).length - 3 * 262_144]);
  });
});

describe.each(KITS)('$name: two full peers', (kit) => {
  const { network } = kit;

  it('do not wait for each other for ever', async () => {
    const limits = { inboxMessages: 1, outboxMessages: 1 };
    lab = new PeerLab({ network, limits, timeouts: quiet, memory: { windowBytes: 100 } });
    const other = new PeerLab({ network, limits, timeouts: quiet });
    // Each answers every inv with many, so that both fill up and neither reads.
    const answer = kit.dialect.inventory('block', kit.hashes(20));
    const handle = async (peer: Peer): Promise<void> => {
      for (let i = 0; i < 5; i++) await failure(peer.send(answer));
    };
    lab.handle = other.handle = handle;
    const listener = await lab.factory.listen({ host: '10.0.0.1', port: 0 });
    const connection = await lab.memory.transport('10.0.0.9').connect(listener.address, {});
    const theirs = other.factory.create(connection, { inbound: false });
    const running = failure(theirs.run());
    await lab.settle();
    const ours = lab.connected[0]!;
    void failure(ours.send(answer));
    void failure(theirs.send(answer));
    for (let i = 0; i < 70 && ours.state !== 'closed'; i++) {
      await lab.clock.advance(1000);
      await other.clock.advance(1000);
    }
    expect(ours.state === 'closed' || lab.handled.length > 1000).toBe(true);
    await listener.close();
    void theirs.disconnect();
    await other.clock.advance(10_000);
    await running;
  });
});

describe.each(KITS)('$name: sending', (kit) => {
  const { network } = kit;

  it('is refused before the peer is ready and after it closed', async () => {
    lab = new PeerLab({ network });
    const { peer, remote } = await lab.inbound();
    expect(peer.post(kit.dialect.requestAddresses())).toBe(false);
    expect(await failure(peer.send(kit.dialect.requestAddresses()))).toMatchObject({
      code: 'NEO_PEER_PEER_NOT_READY',
      state: 'negotiating',
    });
    expect(await failure(peer.requestAddresses())).toMatchObject({ code: 'NEO_PEER_PEER_NOT_READY' });
    await remote.handshake();
    await lab.settle();
    expect(peer.post(kit.dialect.requestAddresses())).toBe(true);
    remote.connection.end();
    await peer.closed;
    expect(peer.post(kit.dialect.requestAddresses())).toBe(false);
    expect(await failure(peer.send(kit.dialect.requestAddresses()))).toMatchObject({
      code: 'NEO_PEER_PEER_CLOSED',
      reason: 'remote-closed',
    });
    expect(await failure(peer.ping())).toMatchObject({ code: 'NEO_PEER_PEER_CLOSED' });
    expect(await failure(peer.requestBlocks([]))).toMatchObject({ code: 'NEO_PEER_PEER_CLOSED' });
  });

  it.each(['inv', 'getdata'] as const)('never puts an empty %s on the wire', async (command) => {
    lab = new PeerLab({ network });
    const { peer, remote } = await lab.ready();
    const message = hashesIn(kit, command, HashList.EMPTY);
    expect(await failure(peer.send(message))).toMatchObject({ code: 'NEO_PEER_EMPTY_MESSAGE', command });
    expect(peer.post(message)).toBe(false);
    await lab.settle();
    expect(remote.received).toHaveLength(2);
  });

  it.each(
    (['inv', 'getdata'] as const).flatMap((command) => [
      { command, unique: 1, times: 3, sizes: [1] },
      { command, unique: 2, times: 2, sizes: [2] },
      { command, unique: 167, times: 2, sizes: [167] },
      { command, unique: 500, times: 1, sizes: [500] },
    ]),
  )('sends $unique hashes of an $command, given $times times, in lists of $sizes', async (given) => {
    expect(await sendHashes(kit, given)).toEqual(everyHashOnce(kit, given));
  });

  it('refuses a message of another dialect', async () => {
    lab = new PeerLab({ network });
    const { peer, remote } = await lab.ready();
    const other = kit === N3_KIT ? LEGACY_KIT : N3_KIT;
    const getaddr = other.dialect.requestAddresses();
    const disguised = { ...getaddr, dialect: kit.name } as Outgoing;
    for (const message of [getaddr, disguised]) {
      expect(await failure(peer.send(message))).toMatchObject({
        code: 'NEO_PEER_UNSUPPORTED_BY_DIALECT',
        dialect: kit.name,
        request: expect.stringMatching(/^getaddr .*of /),
      });
      expect(peer.post(message)).toBe(false);
    }
    await lab.settle();
    expect(remote.received).toHaveLength(2);
    expect(peer.state).toBe('ready');
  });

  it('of something that is no message rejects, and nothing goes unhandled', async () => {
    lab = new PeerLab({ network });
    const { peer } = await lab.ready();
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', note);
    const nothing = { dialect: kit.name, command: 'getdata', payload: undefined } as never;
    expect(await failure(peer.send(nothing))).toBeInstanceOf(TypeError);
    expect(peer.post(nothing)).toBe(false);
    await lab.settle();
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
    expect(peer.state).toBe('ready');
  });

  it('disconnects after what is queued was written', async () => {
    lab = new PeerLab({ network });
    const { peer, remote } = await lab.ready();
    for (let i = 0; i < 50; i++) peer.post(kit.dialect.requestAddresses());
    const done = peer.disconnect();
    expect(peer.state).toBe('closed');
    await lab.settle();
    await done;
    expect(remote.received.slice(2)).toHaveLength(50);
    expect(await peer.closed).toMatchObject({ reason: 'local', by: 'us' });
    await peer.disconnect();
    expect(lab.happened).toEqual(['connected', 'ready', 'disconnected local']);
  });

  it('drops what the remote does not take within the drain limit', async () => {
    lab = new PeerLab({ network, memory: { windowBytes: 10 } });
    const { peer, remote, closed } = await lab.ready();
    remote.connection.pause();
    const sends = [1, 2, 3].map(() => failure(peer.send(kit.dialect.requestAddresses())));
    await lab.settle();
    sends.push(failure(peer.send(kit.dialect.requestAddresses())));
    void peer.disconnect('evicted');
    await lab.clock.advance(4999);
    expect(closed()).toBeUndefined();
    await lab.clock.advance(1);
    expect(closed()).toMatchObject({ reason: 'evicted' });
    expect((await Promise.all(sends)).at(-1)).toMatchObject({ code: 'NEO_PEER_PEER_CLOSED', reason: 'evicted' });
  });

  it('over a connection nobody ran says nothing', async () => {
    lab = new PeerLab({ network });
    const listener = await lab.listening();
    const connection = await lab.memory.transport('10.0.0.1').connect(listener.address, {});
    const remote = await listener.accepted();
    const peer = lab.factory.create(connection, { inbound: false });
    expect(peer.state).toBe('connecting');
    await Promise.all([peer.disconnect(), remote.closed, lab.settle()]);
    expect(await failure(peer.run())).toMatchObject({ code: 'NEO_PEER_HANDSHAKE', reason: 'local' });
    expect(remote.received).toEqual([]);
    expect(lab.happened).toEqual([]);
    await listener.close();
  });
});

describe('legacy: sending', () => {
  const { network, dialect } = LEGACY_KIT;

  it('never puts an empty addr on the wire', async () => {
    lab = new PeerLab({ network });
    const { peer, remote } = await lab.ready();
    const message = dialect.addresses([]);
    expect(await failure(peer.send(message))).toMatchObject({ code: 'NEO_PEER_EMPTY_MESSAGE', command: 'addr' });
    expect(peer.post(message)).toBe(false);
    await lab.settle();
    expect(remote.received).toHaveLength(2);
  });

  it('asks nobody for leave to answer, and answers with no headers too', async () => {
    lab = new PeerLab({ network, timeouts: quiet });
    const { peer, remote } = await lab.ready();
    for (const message of [dialect.headers([]), LEGACY_KIT.addr(), LEGACY_KIT.pong(1)]) {
      expect(peer.post(message)).toBe(true);
    }
    await lab.settle();
    expect(remote.received.map(({ command }) => command).slice(2)).toEqual(['headers', 'addr', 'pong']);
  });

  it.each(
    (['inv', 'getdata'] as const).flatMap((command) => [
      { command, unique: 501, times: 1, sizes: [500, 1] },
      { command, unique: 1100, times: 2, sizes: [500, 500, 100] },
    ]),
  )('sends $unique hashes of an $command, given $times times, in lists of $sizes', async (given) => {
    expect(await sendHashes(LEGACY_KIT, given)).toEqual(everyHashOnce(LEGACY_KIT, given));
  });
});

describe('n3: sending', () => {
  const { network, dialect } = N3_KIT;

  it('never puts an empty notfound on the wire', async () => {
    lab = new PeerLab({ network });
    const { peer, remote } = await lab.ready();
    const message = hashesIn(N3_KIT, 'notfound', HashList.EMPTY);
    expect(await failure(peer.send(message))).toMatchObject({ code: 'NEO_PEER_EMPTY_MESSAGE', command: 'notfound' });
    await lab.settle();
    expect(remote.received).toHaveLength(2);
  });

  it.each([
    ['addr', () => dialect.addresses([])],
    ['headers', () => dialect.headers([])],
    ['mptdata', () => N3_KIT.message('mptdata', Buffer.from([0]))],
    ['inv of 501 hashes', () => dialect.inventory('block', N3_KIT.hashes(501))],
    ['inv of consensus payloads', () => dialect.inventory('consensus', N3_KIT.hashes(1))],
  ])('has no words for an empty or overfull list: %s', (_, make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'NEO_PEER_DECODE' }));
  });

  it.each([
    { command: 'notfound', unique: 1, times: 2, sizes: [1] },
    { command: 'notfound', unique: 500, times: 1, sizes: [500] },
  ] as const)('sends $unique hashes of a $command, given $times times, in lists of $sizes', async (given) => {
    expect(await sendHashes(N3_KIT, given)).toEqual(everyHashOnce(N3_KIT, given));
  });
});
