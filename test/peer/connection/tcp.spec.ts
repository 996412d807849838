import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deepStrictEqual } from 'node:assert';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import { DEFAULTS } from '../../../src/config/defaults.js';
import { SystemClock } from '../../../src/environment/system-clock.js';
import { SystemRandom } from '../../../src/environment/system-random.js';
import { SystemResolver } from '../../../src/environment/system-resolver.js';
import { SystemTransport } from '../../../src/environment/system-transport.js';
import type { PeerListener } from '../../../src/environment/connection.js';
import { ConnectedPeerFactory } from '../../../src/peer/connection/connected-peer-factory.js';
import { PeerRuntime } from '../../../src/peer/connection/peer-runtime.js';
import type { LocalConfig } from '../../../src/peer/behaviours/local-config.js';
import type { MessageDispatcher } from '../../../src/peer/dispatch/message-dispatcher.js';
import { PeerEventBus } from '../../../src/peer/events/peer-event-bus.js';
import type { Peer } from '../../../src/peer/peer.js';
import type { DialObserver } from '../../../src/peer/records/dial-observer.js';
import { StatisticsRegistry } from '../../../src/peer/statistics/statistics-registry.js';
import type { Message } from '../../../src/wire/messages.js';
import { KITS, type DialectKit } from '../../support/dialect-kit.js';
import { aWhile, eventually } from '../../support/transport-conformance.js';

const HEIGHT = 600;

type Handle = (peer: Peer, message: Message) => Promise<void> | undefined;

function nothing(): void {
  // nobody listens
}

/** A node on real TCP, without Nest around it. */
class TcpNode {
  readonly runtime: PeerRuntime;
  readonly factory: ConnectedPeerFactory;
  readonly ready: Peer[] = [];
  handle: Handle = () => undefined;

  constructor(kit: DialectKit, nonce: number, height: number) {
    const clock = new SystemClock();
    const events = new PeerEventBus(clock);
    events.on('ready', (peer) => this.ready.push(peer));
    const local: LocalConfig = {
      network: kit.network,
      userAgent: '/nestjs-neo-peer:0/',
      nonce,
      protocolVersion: 0,
      services: 1n,
      relay: true,
      port: 0,
      capabilities: kit.dialect.capabilities({ relay: true, archival: false, compression: true, port: 0, height }),
      height: { height: () => height },
      admission: { admit: () => true },
    };
    const dispatcher: MessageDispatcher = { dispatch: (peer, message) => this.handle(peer, message) };
    this.runtime = new PeerRuntime({
      clock,
      random: new SystemRandom(),
      local,
      timeouts: { ...DEFAULTS.timeouts, handshakeMs: 5000 },
      limits: { ...DEFAULTS.limits, inboxMessages: 20, outboxMessages: 20 },
      dispatcher,
      statistics: new StatisticsRegistry(clock),
      events,
    });
    const observer: DialObserver = { attempted: nothing, connected: nothing, succeeded: nothing, failed: nothing };
    this.factory = new ConnectedPeerFactory(
      this.runtime,
      new SystemTransport(clock),
      new SystemResolver(clock),
      observer,
    );
  }

  stop(): Promise<void> {
    return this.runtime.registry.shutdown(2000);
  }
}

/** Serves headers and blocks of the chain. */
function serving(kit: DialectKit): Handle {
  const blocks = kit.blocks(HEIGHT);
  const headers = kit.headers(HEIGHT);
  return (peer, message) => {
    if (message.command === 'getheaders') {
      const first = kit.firstAsked(message);
      return peer.send(kit.dialect.headers(headers.slice(first - 1, first + 249)));
    }
    if (message.command !== 'getdata') return undefined;
    return (async () => {
      for (const hash of message.payload.hashes) {
        const block = blocks.find((each) => each.hash.equals(hash));
        if (block) await peer.send(kit.block(block));
      }
    })();
  };
}

describe.each(KITS)('$name: over TCP', (kit) => {
  let us: TcpNode;
  let them: TcpNode;
  let listener: PeerListener;

  beforeEach(async () => {
    Logger.overrideLogger(['error', 'warn']);
    us = new TcpNode(kit, 1, 0);
    them = new TcpNode(kit, 2, HEIGHT);
    them.handle = serving(kit);
    listener = await them.factory.listen({ host: '127.0.0.1', port: 0 });
  });

  afterEach(async () => {
    await Promise.all([us.stop(), them.stop()]);
    deepStrictEqual([...us.runtime.registry.peers, ...them.runtime.registry.peers], []);
  });

  it('two nodes shake hands, ask and answer', async () => {
    const peer = await us.factory.dial(listener.address);
    expect(peer).toMatchObject({ state: 'ready', height: HEIGHT });
    await expect(peer.ping()).resolves.toBeGreaterThan(0);
    let last = 0;
    for await (const { index } of peer.headers(kit.from(1))) expect(index).toBe(++last);
    expect(last).toBe(HEIGHT);
    const { found, missing } = await peer.requestBlocks(kit.hashes(HEIGHT));
    expect(found.map(({ index }) => index)).toEqual(kit.headers(HEIGHT).map(({ index }) => index));
    expect(missing).toEqual([]);
    await peer.disconnect();
    const [other] = them.ready;
    expect(await other!.closed).toMatchObject({ reason: 'remote-closed', by: 'remote' });
    expect(other!.traffic.in).toEqual(peer.traffic.out);
    expect(other!.traffic.out).toEqual(peer.traffic.in);
  });

  it('a handler asks its own peer for 500 blocks', async () => {
    let found = 0;
    const done = new Promise<void>((resolve) => {
      us.handle = (peer, message) => {
        if (message.command !== 'inv') return undefined;
        return (async () => {
          found = (await peer.requestBlocks(message.payload.hashes)).found.length;
          resolve();
        })();
      };
    });
    await us.factory.dial(listener.address);
    await them.ready[0]!.send(kit.dialect.inventory('block', kit.hashes(500)));
    await done;
    expect(found).toBe(500);
  });

  it('a handler that is not done stops the reading, and once it is nothing was lost', async () => {
    const messages = 3000;
    let handled = 0;
    let begin!: () => void;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    us.handle = async () => {
      await begun;
      handled++;
    };
    const peer = await us.factory.dial(listener.address);
    const [sender] = them.ready;
    const message = kit.block(kit.blocks(1)[0]!);
    const sent = Promise.all(Array.from({ length: messages }, () => sender!.send(message)));
    // Version, verack, one with the handler, and twenty that wait: then the socket is paused, however much is there.
    await eventually(() => peer.traffic.in.messages === 23);
    await aWhile();
    expect(peer.traffic.in.messages).toBe(23);
    begin();
    await sent;
    await sender!.disconnect();
    await peer.closed;
    await eventually(() => handled >= messages);
    expect(handled).toBe(messages);
  });

  it('a dial to ourselves is found out', async () => {
    const ours = await us.factory.listen({ host: '127.0.0.1', port: 0 });
    await expect(us.factory.dial(ours.address)).rejects.toMatchObject({ reason: 'self-connection' });
  });

  it('a dial to a closed port fails, and to a host that says nothing times out', async () => {
    const silent: Server = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    await expect(us.factory.dial(`127.0.0.1:${port}`, { timeoutMs: 500 })).rejects.toMatchObject({
      reason: 'handshake-timeout',
    });
    await new Promise((resolve) => silent.close(resolve));
    await expect(us.factory.dial(`127.0.0.1:${port}`)).rejects.toMatchObject({ code: 'NEO_PEER_DIAL' });
  });

  it('a reset in the middle is a socket error or an end, and no more', async () => {
    const socket: Socket = connect(listener.address.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('data', resolve));
    const [peer] = them.runtime.registry.peers;
    socket.resetAndDestroy();
    const { reason, by } = await peer!.closed;
    expect(['socket-error', 'remote-closed']).toContain(reason);
    expect(by).toBe('remote');
  });

  it('an end while we still write is an end', async () => {
    const peer = await us.factory.dial(listener.address);
    const message = kit.block(kit.blocks(1)[0]!);
    const sends = Array.from({ length: 200 }, () =>
      them.ready[0]!.send(message).then(
        () => 'sent',
        ({ code }: { code: string }) => code,
      ),
    );
    await peer.disconnect();
    for (const outcome of await Promise.all(sends)) expect(['sent', 'NEO_PEER_PEER_CLOSED']).toContain(outcome);
    await them.ready[0]!.closed;
  });
});
