import { afterEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { KITS, LEGACY_KIT, N3_KIT } from '../../support/dialect-kit.js';
import { PeerLab } from '../../support/peer-lab.js';

const timeouts = { keepaliveMs: 0 };

let lab: PeerLab;
afterEach(() => lab.close());

describe.each(KITS)('$name: a ping from the remote', (kit) => {
  const { network } = kit;

  it('is answered at once, with its nonce and the true height', async () => {
    let height = 100;
    lab = new PeerLab({ network, height: () => height });
    const { remote } = await lab.ready();
    height = 123;
    remote.send(kit.dialect.ping(1, 0, 77));
    const { payload } = await remote.expect('pong');
    expect(payload).toMatchObject({ lastBlockIndex: 123, nonce: 77, timestamp: Math.floor(lab.clock.now() / 1000) });
  });

  it('is answered while a handler is busy', async () => {
    lab = new PeerLab({ network });
    lab.handle = () => new Promise(() => undefined);
    const { remote } = await lab.ready();
    for (const nonce of [1, 2, 3]) remote.send(kit.dialect.ping(1, 0, nonce));
    for (const nonce of [1, 2, 3]) expect((await remote.expect('pong')).payload.nonce).toBe(nonce);
    expect(lab.handled).toEqual(['ping']);
  });

  it('is answered with the last height when the provider fails', async () => {
    let fails = false;
    lab = new PeerLab({
      network,
      height: () => {
        if (fails) throw new Error('database gone');
        return 42;
      },
    });
    Logger.overrideLogger(false);
    const { peer, remote } = await lab.ready();
    fails = true;
    remote.send(kit.dialect.ping(1, 0, 1));
    expect((await remote.expect('pong')).payload.lastBlockIndex).toBe(42);
    expect(peer.state).toBe('ready');
  });

  it('tells its height', async () => {
    lab = new PeerLab({ network });
    const { peer, remote } = await lab.ready({ height: 10 });
    remote.send(kit.dialect.ping(11, 0, 1));
    await lab.settle();
    expect(peer.height).toBe(11);
  });
});

describe.each(KITS)('$name: a pong', (kit) => {
  const { network } = kit;

  it('gives the round trip, and the latency', async () => {
    lab = new PeerLab({ network, timeouts });
    const { peer, remote } = await lab.ready({ height: 10 });
    expect(peer.latencyMs).toBeUndefined();
    const asked = peer.ping();
    const message = await remote.expect('ping');
    expect(kit.dialect.pingFacts(message).height).toBe(7);
    await lab.clock.advance(35);
    remote.send(kit.dialect.pong(message, 20, 0));
    await expect(asked).resolves.toBe(35);
    expect(peer).toMatchObject({ latencyMs: 35, height: 20 });
  });

  it('settles the only open ping whatever its nonce is', async () => {
    lab = new PeerLab({ network, timeouts });
    const { peer, remote } = await lab.ready({ userAgent: kit.agents.go });
    const asked = peer.ping();
    await remote.expect('ping');
    await lab.clock.advance(12);
    remote.send(kit.pong(3));
    await expect(asked).resolves.toBe(12);
    expect(peer.latencyMs).toBe(12);
  });

  it('settles the oldest of several, without taking its time where the nonce says nothing', async () => {
    lab = new PeerLab({ network, timeouts });
    const { peer, remote } = await lab.ready({ userAgent: kit.agents.go });
    const order: string[] = [];
    const first = peer.ping().then(() => order.push('first'));
    await lab.clock.advance(10);
    const second = peer.ping().then(() => order.push('second'));
    await lab.clock.advance(10);
    const foreign = kit.pong(3);
    remote.send(foreign);
    await first;
    expect(order).toEqual(['first']);
    expect(peer.latencyMs).toBeUndefined();
    remote.send(foreign);
    await second;
    expect(peer.latencyMs).toBe(10);
  });

  it('with the nonce of the oldest ping gives the latency although others are open', async () => {
    lab = new PeerLab({ network, timeouts });
    const { peer, remote } = await lab.ready();
    const asked = [peer.ping(), peer.ping()];
    const pings = [await remote.expect('ping'), await remote.expect('ping')];
    await lab.clock.advance(5);
    remote.send(kit.dialect.pong(pings[0]!, 0, 0));
    await asked[0];
    expect(peer.latencyMs).toBe(5);
    remote.send(kit.dialect.pong(pings[1]!, 0, 0));
    await expect(asked[1]).resolves.toBe(5);
  });

  it('is not taken for the answer to a ping that was given up', async () => {
    lab = new PeerLab({ network, timeouts });
    const { peer, remote } = await lab.ready();
    const lost = peer.ping({ timeoutMs: 100 }).catch((error: unknown) => error);
    await remote.expect('ping');
    await lab.clock.advance(100);
    expect(await lost).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT' });
    const asked = peer.ping();
    const message = await remote.expect('ping');
    await lab.clock.advance(8);
    remote.send(kit.dialect.pong(message, 0, 0));
    await expect(asked).resolves.toBe(8);
    expect(peer.latencyMs).toBe(8);
  });

  it('with the nonce of a later ping leaves those before it behind, if nobody waits for them', async () => {
    lab = new PeerLab({ network, timeouts });
    const { peer, remote } = await lab.ready({ userAgent: kit.agents.go });
    for (let i = 0; i < 2; i++) {
      const lost = peer.ping({ timeoutMs: 100 }).catch((error: unknown) => error);
      await remote.expect('ping');
      await lab.clock.advance(100);
      expect(await lost).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT' });
    }
    const asked = peer.ping();
    const message = await remote.expect('ping');
    await lab.clock.advance(8);
    remote.send(kit.dialect.pong(message, 0, 0));
    await expect(asked).resolves.toBe(8);

    const next = peer.ping();
    await remote.expect('ping');
    await lab.clock.advance(12);
    remote.send(kit.pong(3));
    await expect(next).resolves.toBe(12);
    expect(peer.latencyMs).toBe(12);
  });

  it('settles keepalive pings too', async () => {
    lab = new PeerLab({ network });
    const { peer, remote } = await lab.ready();
    await lab.clock.advance(25_000 - 200); // the handshake took 200
    const message = await remote.expect('ping');
    await lab.clock.advance(3);
    remote.send(kit.dialect.pong(message, 9, 0));
    await lab.settle();
    expect(peer).toMatchObject({ latencyMs: 3, height: 9 });
  });

  it('can not raise the height absurdly where other things stand in its place, but may lower it', async () => {
    lab = new PeerLab({ network, timeouts });
    const { peer, remote } = await lab.ready({ height: 500_000 });
    const tell = async (height: number): Promise<number> => {
      remote.send(kit.pong(height));
      await lab.settle();
      return peer.height;
    };
    const isGuarded = kit.name === 'legacy';
    expect(await tell(1_500_001)).toBe(isGuarded ? 500_000 : 1_500_001);
    expect(await tell(0xffffffff)).toBe(isGuarded ? 500_000 : 0xffffffff);
    expect(await tell(400_000)).toBe(400_000);
    expect(await tell(1_400_000)).toBe(1_400_000);
  });

  it('of a remote that never answered keeps nothing growing', async () => {
    lab = new PeerLab({ network, timeouts: { keepaliveMs: 1000, idleMs: 10_000_000 } });
    const { peer, remote } = await lab.ready();
    await lab.clock.advance(500_000);
    const pings = remote.received.filter(({ command }) => command === 'ping').length;
    expect(pings).toBeGreaterThan(400);
    // It was forgotten long ago, so it settles the oldest that isn't.
    remote.send(kit.dialect.pong(await remote.expect('ping'), 0, 0));
    await lab.settle();
    expect(peer.latencyMs).toBeUndefined();
  });
});

describe.each(KITS)('$name: keepalive', (kit) => {
  const { network } = kit;

  it('rests while bytes are on their way', async () => {
    lab = new PeerLab({ network, memory: { windowBytes: 10 }, timeouts: { writeStalledMs: 1_000_000 } });
    const { peer, remote } = await lab.ready();
    remote.connection.pause();
    for (let i = 0; i < 3; i++) {
      void peer.send(kit.dialect.ping(0, 0, i)).catch(() => undefined);
      await lab.settle();
    }
    await lab.clock.advance(100_000);
    remote.connection.resume();
    await lab.settle();
    expect(remote.received.filter(({ command }) => command === 'ping')).toHaveLength(3);
  });
});

describe('legacy: a ping of neo-go', () => {
  it('tells no height, because something else is in its place', async () => {
    lab = new PeerLab({ network: LEGACY_KIT.network });
    const { peer, remote } = await lab.ready({ userAgent: LEGACY_KIT.agents.go, height: 10 });
    remote.send(LEGACY_KIT.dialect.ping(12, 0, 1));
    await lab.settle();
    expect(peer.height).toBe(10);
  });
});

describe('n3: a ping of neo-go', () => {
  it('tells a height that may be lower than the last', async () => {
    lab = new PeerLab({ network: N3_KIT.network });
    const { peer, remote } = await lab.ready({ userAgent: N3_KIT.agents.go, height: 10 });
    remote.send(N3_KIT.dialect.ping(9, 0, 1));
    await lab.settle();
    expect(peer.height).toBe(9);
    remote.send(N3_KIT.pong(8));
    await lab.settle();
    expect(peer.height).toBe(8);
  });
});
