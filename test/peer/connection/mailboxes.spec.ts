import { afterEach, describe, expect, it } from '@jest/globals';
import type { Peer } from '../../../src/peer/peer.js';
import { dialectOf, type Message, type Outgoing, type PayloadOf } from '../../../src/wire/messages.js';
import { HashList } from '../../../src/wire/primitives/hash-list.js';
import { chainBlocks, type ChainBlock } from '../../support/local-chain.js';
import { PeerLab } from '../../support/peer-lab.js';

const dialect = dialectOf('legacy');
const { requestAddresses, inventory, ping, headers } = dialect;
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

function blockMessage(block: ChainBlock): Outgoing<'block'> {
  return { dialect: 'legacy', command: 'block', payload: block };
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('the inbox', () => {
  it('handles one message at a time, in order', async () => {
    lab = new PeerLab();
    const { waiting } = gate(lab);
    const { remote } = await lab.ready();
    remote.send(requestAddresses());
    remote.send(headers([]));
    remote.send(inventory('block', HashList.EMPTY));
    for (const handled of [['getaddr'], ['getaddr', 'headers'], ['getaddr', 'headers', 'inv']]) {
      await lab.settle();
      expect(lab.handled).toEqual(handled);
      waiting.at(-1)!();
    }
  });

  it('is felt by the remote when it is full: the socket takes no more than its own buffer', async () => {
    lab = new PeerLab({ limits: { inboxMessages: 2 }, memory: { windowBytes: 240 } });
    const { open } = gate(lab);
    const { remote } = await lab.ready();
    const frame = dialect.encode(requestAddresses(), lab.definition.magic);
    let taken = 0;
    for (let i = 0; i < 100; i++) remote.connection.write(frame, (error) => (taken += error ? 0 : 1));
    await lab.settle();
    expect(taken).toBe(13); // one with the handler, two in the inbox, ten in the buffer of 240 bytes
    open();
    await lab.settle();
    expect(taken).toBe(100);
    expect(lab.handled).toHaveLength(100);
  });

  it('is of one peer: two never wait for each other', async () => {
    lab = new PeerLab({ limits: { inboxMessages: 1 } });
    const { remote: slow } = await lab.ready();
    const { remote: quick, peer } = await lab.ready();
    lab.handle = (handling) => (handling === peer ? undefined : new Promise(() => undefined));
    for (let i = 0; i < 10; i++) slow.send(requestAddresses());
    await lab.settle();
    for (let i = 0; i < 10; i++) quick.send(headers([]));
    await lab.settle();
    expect(lab.handled.filter((command) => command === 'headers')).toHaveLength(10);
  });

  it('pauses the connection when it is full, and loses nothing', async () => {
    lab = new PeerLab({ limits: { inboxMessages: 100 }, timeouts: quiet, memory: { windowBytes: 1000 } });
    const { open, waiting } = gate(lab);
    const { peer, remote } = await lab.ready();
    for (let i = 0; i < 1000; i++) remote.send(requestAddresses());
    await lab.settle();
    // One in the handler's hands, a hundred that wait.
    expect(peer.traffic.in.messages).toBe(2 + 101);
    expect(waiting).toHaveLength(1);
    open();
    await lab.settle();
    expect(lab.handled).toHaveLength(1000);
  });

  it('pauses in the middle of one read too', async () => {
    lab = new PeerLab({ limits: { inboxMessages: 10 }, timeouts: quiet });
    const { open } = gate(lab);
    const { peer, remote } = await lab.ready();
    const frame = dialect.encode(requestAddresses(), lab.definition.magic);
    remote.write(Buffer.concat(Array.from({ length: 500 }, () => frame)));
    await lab.settle();
    expect(peer.traffic.in.messages).toBe(2 + 11);
    open();
    await lab.settle();
    expect(lab.handled).toHaveLength(500);
  });

  it('is bounded in bytes as well, and takes a single message over the bound', async () => {
    const [block] = chainBlocks(1);
    lab = new PeerLab({ limits: { inboxBytes: 100 }, timeouts: quiet });
    const { open } = gate(lab);
    const { peer, remote } = await lab.ready();
    for (let i = 0; i < 5; i++) remote.send(blockMessage(block!));
    await lab.settle();
    expect(peer.traffic.in.messages).toBe(2 + 2);
    open();
    await lab.settle();
    expect(lab.handled).toHaveLength(5);
  });

  it('holds what came before the remote hung up', async () => {
    lab = new PeerLab({ limits: { inboxMessages: 2 }, timeouts: quiet });
    const { open } = gate(lab);
    const { peer, remote } = await lab.ready();
    const frame = dialect.encode(requestAddresses(), lab.definition.magic);
    remote.write(Buffer.concat([frame, frame, frame, frame, frame]));
    remote.connection.end();
    await lab.settle();
    open();
    await lab.settle();
    expect(await peer.closed).toMatchObject({ reason: 'remote-closed', by: 'remote' });
    expect(lab.handled).toHaveLength(5);
  });

  it('holds what came before the connection broke, although it was paused', async () => {
    lab = new PeerLab({ limits: { inboxMessages: 2 }, timeouts: quiet });
    const { open } = gate(lab);
    const { peer, remote } = await lab.ready();
    const frame = dialect.encode(requestAddresses(), lab.definition.magic);
    remote.write(Buffer.concat([frame, frame, frame, frame, frame]));
    await lab.settle();
    // A reset is seen even while nothing is read.
    peer.post(requestAddresses());
    remote.connection.pause();
    await lab.settle();
    peer.post(requestAddresses());
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
    lab = new PeerLab();
    const { open } = gate(lab);
    const { peer, remote } = await lab.ready();
    for (let i = 0; i < 5; i++) remote.send(requestAddresses());
    await lab.settle();
    const gone = peer.disconnect();
    await lab.settle();
    await gone;
    open();
    await lab.settle();
    expect(lab.handled).toEqual(['getaddr']);
  });
});

describe('a handler that asks its own peer', () => {
  const blocks = chainBlocks(500);

  it('gets 500 blocks although the inbox has room for 100', async () => {
    lab = new PeerLab({ limits: { inboxMessages: 100 }, timeouts: quiet });
    let found = 0;
    lab.handle = (peer: Peer, message: Message) => {
      if (message.command !== 'inv') return undefined;
      return peer.requestBlocks(message.payload.hashes).then((answer) => void (found = answer.found.length));
    };
    const { remote } = await lab.ready();
    remote.send(inventory('block', HashList.of(blocks.map(({ hash }) => hash))));
    const asked = await remote.expect('getdata');
    expect(asked.payload.hashes).toHaveLength(500);
    for (const block of blocks) remote.send(blockMessage(block));
    await lab.clock.advance(1000);
    expect(found).toBe(500);
    expect(lab.handled.filter((command) => command === 'block')).toHaveLength(500);
  });

  it('gets them although 150 other messages come first', async () => {
    lab = new PeerLab({ limits: { inboxMessages: 100 }, timeouts: quiet });
    let found = 0;
    lab.handle = (peer: Peer, message: Message) => {
      if (message.command !== 'inv') return undefined;
      return peer.requestBlocks(message.payload.hashes).then((answer) => void (found = answer.found.length));
    };
    const { remote } = await lab.ready();
    remote.send(inventory('block', HashList.of(blocks.map(({ hash }) => hash))));
    for (let i = 0; i < 150; i++) remote.send(requestAddresses());
    for (const block of blocks) remote.send(blockMessage(block));
    await lab.clock.advance(1000);
    expect(found).toBe(500);
    expect(lab.handled).toHaveLength(651);
  });

  it('is not starved by a full inbox for longer than the request may take', async () => {
    lab = new PeerLab({ limits: { inboxMessages: 10 }, timeouts: quiet });
    const failed: unknown[] = [];
    lab.handle = (peer: Peer, message: Message) =>
      message.command === 'inv'
        ? peer.requestBlocks(message.payload.hashes).then(
            () => undefined,
            (error: unknown) => void failed.push(error),
          )
        : undefined;
    const { peer, remote } = await lab.ready();
    remote.send(inventory('block', HashList.of([blocks[0]!.hash])));
    for (let i = 0; i < 30; i++) remote.send(requestAddresses());
    remote.send(blockMessage(blocks[0]!));
    await lab.clock.advance(59_999);
    // Twice the inbox, and the inv; the rest isn't read.
    expect(peer.traffic.in.messages).toBe(2 + 1 + 20);
    await lab.clock.advance(1);
    expect(failed).toMatchObject([{ code: 'NEO_PEER_REQUEST_TIMEOUT' }]);
    expect(lab.handled).toHaveLength(32);
  });
});

describe('the outbox', () => {
  it('says no to post when it is full, and makes send wait', async () => {
    lab = new PeerLab({ limits: { outboxMessages: 3 }, timeouts: quiet, memory: { windowBytes: 10 } });
    const { peer, remote } = await lab.ready();
    remote.connection.pause();
    for (let i = 0; i < 3; i++) {
      // Two of them are in the connection: what is on its way, and what it has taken and waits with.
      expect(peer.post(headers(chainBlocks(80).map(({ header }) => header)))).toBe(true);
      await lab.settle();
    }
    const posted = Array.from({ length: 5 }, () => peer.post(requestAddresses()));
    expect(posted).toEqual([true, true, false, false, false]);
    let sent = false;
    const sending = peer.send(ping(1, 0, 1)).then(() => (sent = true));
    await lab.settle();
    expect(sent).toBe(false);
    expect(peer.post(requestAddresses())).toBe(false);
    remote.connection.resume();
    await lab.settle();
    await sending;
    expect(remote.received.map(({ command }) => command).slice(2)).toEqual([
      'headers',
      'headers',
      'headers',
      'getaddr',
      'getaddr',
      'ping',
    ]);
  });

  it.each(['timeout', 'abort'] as const)('gives up a send that waits (%s), and sends nothing of it', async (how) => {
    lab = new PeerLab({ limits: { outboxMessages: 1 }, timeouts: quiet, memory: { windowBytes: 10 } });
    const { peer, remote } = await lab.ready();
    remote.connection.pause();
    const abort = new AbortController();
    const options = how === 'abort' ? { signal: abort.signal } : { timeoutMs: 500 };
    const ahead = [1, 2, 3].map(() => failure(peer.send(headers(chainBlocks(80).map(({ header }) => header)))));
    await lab.settle();
    const queued = failure(peer.send(requestAddresses(), options));
    const outside = failure(peer.send(ping(1, 0, 1), options));
    await lab.settle();
    if (how === 'abort') abort.abort();
    else await lab.clock.advance(500);
    const expected = how === 'abort' ? { code: 'NEO_PEER_ABORTED' } : { code: 'NEO_PEER_MAILBOX_FULL', timeoutMs: 500 };
    expect(await queued).toMatchObject(expected);
    expect(await outside).toMatchObject(expected);
    remote.connection.resume();
    await lab.settle();
    expect(await Promise.all(ahead)).toEqual([undefined, undefined, undefined]);
    expect(remote.received.map(({ command }) => command).slice(2)).toEqual(['headers', 'headers', 'headers']);
  });

  it('joins many small frames into few writes', async () => {
    lab = new PeerLab({ timeouts: quiet });
    const { peer, remote } = await lab.ready();
    const chunks: number[] = [];
    remote.connection.onData((chunk) => chunks.push(chunk.length));
    for (let i = 0; i < 50; i++) peer.post(requestAddresses());
    await lab.settle();
    expect(chunks).toEqual([50 * 24]);
    expect(lab.countedIn('out')).toHaveLength(52);
    expect(peer.traffic.out.messages).toBe(52);
  });

  it('answers a ping although it is full', async () => {
    lab = new PeerLab({ limits: { outboxMessages: 1 }, timeouts: quiet, memory: { windowBytes: 10 } });
    const { peer, remote } = await lab.ready();
    remote.connection.pause();
    for (let i = 0; i < 3; i++) {
      peer.post(headers(chainBlocks(80).map(({ header }) => header)));
      await lab.settle();
    }
    expect(peer.post(requestAddresses())).toBe(false);
    remote.send(ping(1, 0, 1));
    await lab.settle();
    remote.connection.resume();
    await lab.settle();
    expect(remote.received.map(({ command }) => command).slice(-2)).toEqual(['pong', 'headers']);
  });

  it('does not grow by the pings of a remote that does not read', async () => {
    lab = new PeerLab({ timeouts: quiet, memory: { windowBytes: 10 } });
    const { remote } = await lab.ready();
    remote.connection.pause();
    for (let i = 0; i < 5000; i++) remote.send(ping(1, 0, i));
    await lab.settle();
    remote.connection.resume();
    await lab.settle();
    const pongs = remote.received.filter(({ command }) => command === 'pong').length;
    expect(pongs).toBeGreaterThan(0);
    expect(pongs).toBeLessThan(1000);
  });

  it('writes a block in pieces, so that a slow remote is seen to take it', async () => {
    lab = new PeerLab({ timeouts: quiet, memory: { windowBytes: 300_000 } });
    const { peer, remote } = await lab.ready();
    const chunks: number[] = [];
    remote.connection.onData((chunk) => chunks.push(chunk.length));
    const large = dialect.decodePayload('alert', new Uint8Array(1_000_000)) as Outgoing<'alert'>['payload'];
    await Promise.all([peer.send({ dialect: 'legacy', command: 'alert', payload: large }), lab.settle()]);
    expect(chunks).toEqual([262_144, 262_144, 262_144, 1_000_024 - 3 * 262_144]);
  });
});

describe('two full peers', () => {
  it('do not wait for each other for ever', async () => {
    const limits = { inboxMessages: 1, outboxMessages: 1 };
    lab = new PeerLab({ limits, timeouts: quiet, memory: { windowBytes: 100 } });
    const other = new PeerLab({ limits, timeouts: quiet });
    // Each answers every inv with many, so that both fill up and neither reads.
    const answer = inventory('block', HashList.of(chainBlocks(20).map(({ hash }) => hash)));
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

describe('sending', () => {
  it('is refused before the peer is ready and after it closed', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.inbound();
    expect(peer.post(requestAddresses())).toBe(false);
    expect(await failure(peer.send(requestAddresses()))).toMatchObject({
      code: 'NEO_PEER_PEER_NOT_READY',
      state: 'negotiating',
    });
    expect(await failure(peer.requestAddresses())).toMatchObject({ code: 'NEO_PEER_PEER_NOT_READY' });
    await remote.handshake();
    await lab.settle();
    expect(peer.post(requestAddresses())).toBe(true);
    remote.connection.end();
    await peer.closed;
    expect(peer.post(requestAddresses())).toBe(false);
    expect(await failure(peer.send(requestAddresses()))).toMatchObject({
      code: 'NEO_PEER_PEER_CLOSED',
      reason: 'remote-closed',
    });
    expect(await failure(peer.ping())).toMatchObject({ code: 'NEO_PEER_PEER_CLOSED' });
    expect(await failure(peer.requestBlocks([]))).toMatchObject({ code: 'NEO_PEER_PEER_CLOSED' });
  });

  it.each([
    ['addr', dialect.addresses([])],
    ['inv', inventory('block', HashList.EMPTY)],
    ['getdata', dialect.requestObjects('block', HashList.EMPTY)!],
  ])('never puts an empty %s on the wire', async (command, message) => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready();
    expect(await failure(peer.send(message))).toMatchObject({ code: 'NEO_PEER_EMPTY_MESSAGE', command });
    expect(peer.post(message)).toBe(false);
    await lab.settle();
    expect(remote.received).toHaveLength(2);
  });

  it.each(
    (['inv', 'getdata'] as const).flatMap((command) => [
      { command, unique: 1, times: 3, sizes: [1] },
      { command, unique: 2, times: 2, sizes: [2] },
      { command, unique: 500, times: 1, sizes: [500] },
      { command, unique: 501, times: 1, sizes: [500, 1] },
      { command, unique: 1100, times: 2, sizes: [500, 500, 100] },
    ]),
  )('sends $unique hashes of an $command, given $times times, in lists of $sizes', async (given) => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready();
    const unique = HashList.of(chainBlocks(given.unique).map(({ hash }) => hash));
    const all = new HashList(Buffer.concat(Array<Uint8Array>(given.times).fill(unique.bytes)));
    const { command } = given;
    const message = command === 'inv' ? inventory('block', all) : dialect.requestObjects('block', all)!;
    await Promise.all([peer.send(message), lab.settle()]);
    const sent: PayloadOf<'inv'>[] = [];
    for (const _ of given.sizes) sent.push((await remote.expect(command)).payload);
    expect(sent.map(({ hashes }) => hashes.length)).toEqual(given.sizes);
    expect(Buffer.concat(sent.map(({ hashes }) => hashes.bytes))).toEqual(Buffer.from(unique.bytes));
    expect(remote.received).toHaveLength(2 + given.sizes.length);
  });

  it('of something that is no message rejects, and nothing goes unhandled', async () => {
    lab = new PeerLab();
    const { peer } = await lab.ready();
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', note);
    expect(await failure(peer.send({ dialect: 'legacy', command: 'getdata', payload: {} } as never))).toBeInstanceOf(
      TypeError,
    );
    await lab.settle();
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
    expect(peer.state).toBe('ready');
  });

  it('disconnects after what is queued was written', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready();
    for (let i = 0; i < 50; i++) peer.post(requestAddresses());
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
    lab = new PeerLab({ memory: { windowBytes: 10 } });
    const { peer, remote, closed } = await lab.ready();
    remote.connection.pause();
    const sends = [1, 2, 3].map(() => failure(peer.send(requestAddresses())));
    await lab.settle();
    sends.push(failure(peer.send(requestAddresses())));
    void peer.disconnect('evicted');
    await lab.clock.advance(4999);
    expect(closed()).toBeUndefined();
    await lab.clock.advance(1);
    expect(closed()).toMatchObject({ reason: 'evicted' });
    expect((await Promise.all(sends)).at(-1)).toMatchObject({ code: 'NEO_PEER_PEER_CLOSED', reason: 'evicted' });
  });

  it('over a connection nobody ran says nothing', async () => {
    lab = new PeerLab();
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
