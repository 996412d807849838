import { afterEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { dialectOf } from '../../../src/wire/messages.js';
import { PeerLab } from '../../support/peer-lab.js';

const { ping, pong, pingFacts } = dialectOf('legacy');
const timeouts = { keepaliveMs: 0 };
const NEO_GO = { userAgent: '/NEO-GO:0.78.4/' };

let lab: PeerLab;
afterEach(() => lab.close());

describe('a ping from the remote', () => {
  it('is answered at once, with its nonce and the true height', async () => {
    let height = 100;
    lab = new PeerLab({ height: () => height });
    const { remote } = await lab.ready();
    height = 123;
    remote.send(ping(1, 0, 77));
    const { payload } = await remote.expect('pong');
    expect(payload).toMatchObject({ lastBlockIndex: 123, nonce: 77, timestamp: Math.floor(lab.clock.now() / 1000) });
  });

  it('is answered while a handler is busy', async () => {
    lab = new PeerLab();
    lab.handle = () => new Promise(() => undefined);
    const { remote } = await lab.ready();
    for (const nonce of [1, 2, 3]) remote.send(ping(1, 0, nonce));
    for (const nonce of [1, 2, 3]) expect((await remote.expect('pong')).payload.nonce).toBe(nonce);
    expect(lab.handled).toEqual(['ping']);
  });

  it('is answered with the last height when the provider fails', async () => {
    let fails = false;
    lab = new PeerLab({
      height: () => {
        if (fails) throw new Error('database gone');
        return 42;
      },
    });
    Logger.overrideLogger(false);
    const { peer, remote } = await lab.ready();
    fails = true;
    remote.send(ping(1, 0, 1));
    expect((await remote.expect('pong')).payload.lastBlockIndex).toBe(42);
    expect(peer.state).toBe('ready');
  });

  it('tells its height, unless it is of a node that puts something else there', async () => {
    lab = new PeerLab();
    const plain = await lab.ready({ height: 10 });
    plain.remote.send(ping(11, 0, 1));
    const swapping = await lab.ready({ ...NEO_GO, height: 10 });
    swapping.remote.send(ping(12, 0, 1));
    await lab.settle();
    expect(plain.peer.height).toBe(11);
    expect(swapping.peer.height).toBe(10);
  });
});

describe('a pong', () => {
  it('gives the round trip, and the latency', async () => {
    lab = new PeerLab({ timeouts });
    const { peer, remote } = await lab.ready({ height: 10 });
    expect(peer.latencyMs).toBeUndefined();
    const asked = peer.ping();
    const message = await remote.expect('ping');
    expect(pingFacts(message).height).toBe(7);
    await lab.clock.advance(35);
    remote.send(pong(message, 20, 0));
    await expect(asked).resolves.toBe(35);
    expect(peer).toMatchObject({ latencyMs: 35, height: 20 });
  });

  it('settles the only open ping whatever its nonce is', async () => {
    lab = new PeerLab({ timeouts });
    const { peer, remote } = await lab.ready(NEO_GO);
    const asked = peer.ping();
    await remote.expect('ping');
    await lab.clock.advance(12);
    remote.send({ ...ping(3, 0, 0xdead), command: 'pong' } as ReturnType<typeof pong>);
    await expect(asked).resolves.toBe(12);
    expect(peer.latencyMs).toBe(12);
  });

  it('settles the oldest of several, without taking its time where the nonce says nothing', async () => {
    lab = new PeerLab({ timeouts });
    const { peer, remote } = await lab.ready(NEO_GO);
    const order: string[] = [];
    const first = peer.ping().then(() => order.push('first'));
    await lab.clock.advance(10);
    const second = peer.ping().then(() => order.push('second'));
    await lab.clock.advance(10);
    const foreign = { ...ping(3, 0, 0xdead), command: 'pong' } as ReturnType<typeof pong>;
    remote.send(foreign);
    await first;
    expect(order).toEqual(['first']);
    expect(peer.latencyMs).toBeUndefined();
    remote.send(foreign);
    await second;
    expect(peer.latencyMs).toBe(10);
  });

  it('with the nonce of the oldest ping gives the latency although others are open', async () => {
    lab = new PeerLab({ timeouts });
    const { peer, remote } = await lab.ready();
    const asked = [peer.ping(), peer.ping()];
    const pings = [await remote.expect('ping'), await remote.expect('ping')];
    await lab.clock.advance(5);
    remote.send(pong(pings[0]!, 0, 0));
    await asked[0];
    expect(peer.latencyMs).toBe(5);
    remote.send(pong(pings[1]!, 0, 0));
    await expect(asked[1]).resolves.toBe(5);
  });

  it('is not taken for the answer to a ping that was given up', async () => {
    lab = new PeerLab({ timeouts });
    const { peer, remote } = await lab.ready();
    const lost = peer.ping({ timeoutMs: 100 }).catch((error: unknown) => error);
    await remote.expect('ping');
    await lab.clock.advance(100);
    expect(await lost).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT' });
    const asked = peer.ping();
    const message = await remote.expect('ping');
    await lab.clock.advance(8);
    remote.send(pong(message, 0, 0));
    await expect(asked).resolves.toBe(8);
    expect(peer.latencyMs).toBe(8);
  });

  it('with the nonce of a later ping leaves those before it behind, if nobody waits for them', async () => {
    lab = new PeerLab({ timeouts });
    const { peer, remote } = await lab.ready(NEO_GO);
    for (let i = 0; i < 2; i++) {
      const lost = peer.ping({ timeoutMs: 100 }).catch((error: unknown) => error);
      await remote.expect('ping');
      await lab.clock.advance(100);
      expect(await lost).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT' });
    }
    const asked = peer.ping();
    const message = await remote.expect('ping');
    await lab.clock.advance(8);
    remote.send(pong(message, 0, 0));
    await expect(asked).resolves.toBe(8);

    const next = peer.ping();
    await remote.expect('ping');
    await lab.clock.advance(12);
    remote.send({ ...ping(3, 0, 0xdead), command: 'pong' } as ReturnType<typeof pong>);
    await expect(next).resolves.toBe(12);
    expect(peer.latencyMs).toBe(12);
  });

  it('settles keepalive pings too', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready();
    await lab.clock.advance(25_000 - 200); // the handshake took 200
    const message = await remote.expect('ping');
    await lab.clock.advance(3);
    remote.send(pong(message, 9, 0));
    await lab.settle();
    expect(peer).toMatchObject({ latencyMs: 3, height: 9 });
  });

  it('can not raise the height absurdly, but may lower it', async () => {
    lab = new PeerLab({ timeouts });
    const { peer, remote } = await lab.ready({ height: 500_000 });
    const tell = async (height: number): Promise<number> => {
      remote.send({ ...ping(height, 0, 0), command: 'pong' } as ReturnType<typeof pong>);
      await lab.settle();
      return peer.height;
    };
    expect(await tell(0xffffffff)).toBe(500_000);
    expect(await tell(1_500_001)).toBe(500_000);
    expect(await tell(1_500_000)).toBe(1_500_000);
    expect(await tell(400_000)).toBe(400_000);
  });

  it('of a remote that never answered keeps nothing growing', async () => {
    lab = new PeerLab({ timeouts: { keepaliveMs: 1000, idleMs: 10_000_000 } });
    const { peer, remote } = await lab.ready();
    await lab.clock.advance(500_000);
    const pings = remote.received.filter(({ command }) => command === 'ping').length;
    expect(pings).toBeGreaterThan(400);
    // It was forgotten long ago, so it settles the oldest that isn't.
    remote.send(pong(await remote.expect('ping'), 0, 0));
    await lab.settle();
    expect(peer.latencyMs).toBeUndefined();
  });
});

describe('keepalive', () => {
  it('rests while bytes are on their way', async () => {
    lab = new PeerLab({ memory: { windowBytes: 10 }, timeouts: { writeStalledMs: 1_000_000 } });
    const { peer, remote } = await lab.ready();
    remote.connection.pause();
    for (let i = 0; i < 3; i++) {
      void peer.send(ping(0, 0, i)).catch(() => undefined);
      await lab.settle();
    }
    await lab.clock.advance(100_000);
    remote.connection.resume();
    await lab.settle();
    expect(remote.received.filter(({ command }) => command === 'ping')).toHaveLength(3);
  });
});
