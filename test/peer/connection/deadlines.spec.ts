import { afterEach, describe, expect, it } from '@jest/globals';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { KITS, LEGACY_KIT } from '../../support/dialect-kit.js';
import { PeerLab } from '../../support/peer-lab.js';

const MINUTE = 60_000;
const NO_PINGS = { keepaliveMs: 0 };

let lab: PeerLab;
afterEach(() => lab.close());

/** Fails unless it settles with an error that has these facts. */
async function rejected(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe.each(KITS)('$name: the idle deadline', (kit) => {
  const { network } = kit;

  it('closes a peer from which nothing came for five minutes', async () => {
    lab = new PeerLab({ network, timeouts: NO_PINGS });
    const { closed } = await lab.ready();
    await lab.clock.advance(5 * MINUTE - 201);
    expect(closed()).toBeUndefined();
    await lab.clock.advance(201);
    expect(closed()).toMatchObject({ reason: 'idle', by: 'us' });
  });

  it('counts every byte, even of a frame that is not whole', async () => {
    lab = new PeerLab({ network, timeouts: NO_PINGS });
    const { remote, closed } = await lab.ready();
    for (const byte of kit.frame('block', new Uint8Array(1000)).subarray(0, 4)) {
      await lab.clock.advance(4 * MINUTE);
      remote.write(Uint8Array.of(byte));
    }
    await lab.clock.advance(5 * MINUTE - 1);
    expect(closed()).toBeUndefined();
    await lab.clock.advance(1);
    expect(closed()).toMatchObject({ reason: 'idle' });
  });

  it('does not count time in which we did not read', async () => {
    lab = new PeerLab({ network, timeouts: NO_PINGS, limits: { inboxMessages: 1 } });
    let done!: () => void;
    lab.handle = () => new Promise((resolve) => (done = resolve));
    const { remote, closed } = await lab.ready();
    for (let i = 0; i < 3; i++) remote.send(kit.dialect.requestAddresses());
    await lab.clock.advance(60 * MINUTE);
    expect(closed()).toBeUndefined();
    lab.handle = () => undefined;
    done();
    await lab.clock.advance(5 * MINUTE - 1);
    expect(closed()).toBeUndefined();
    await lab.clock.advance(1);
    expect(closed()).toMatchObject({ reason: 'idle' });
  });
});

describe.each(KITS)('$name: keepalive', (kit) => {
  const { network } = kit;

  it('pings every 25 seconds, whether or not the last ping was answered', async () => {
    lab = new PeerLab({ network });
    const { remote } = await lab.ready();
    await lab.clock.advance(100_000);
    expect(remote.received.map(({ command }) => command)).toEqual([
      'version',
      'verack',
      'ping',
      'ping',
      'ping',
      'ping',
    ]);
  });

  it('tells our true height each time', async () => {
    let height = 1;
    lab = new PeerLab({ network, height: () => height });
    const { remote } = await lab.ready();
    for (height of [2, 3]) {
      await lab.clock.advance(25_000);
      expect(kit.dialect.pingFacts(await remote.expect('ping')).height).toBe(height);
    }
  });

  it('is left out with keepaliveMs 0', async () => {
    lab = new PeerLab({ network, timeouts: NO_PINGS });
    const { remote } = await lab.ready();
    await lab.clock.advance(200_000);
    expect(remote.received).toHaveLength(2);
  });

  it('never has a pong that does not come count as a stall', async () => {
    lab = new PeerLab({ network });
    const { closed } = await lab.ready({ height: 100 });
    await lab.clock.advance(4 * MINUTE);
    expect(closed()).toBeUndefined();
  });
});

describe.each(KITS)('$name: the write-stalled deadline', (kit) => {
  const { network } = kit;

  it('closes a peer that takes no byte for a minute while something waits', async () => {
    lab = new PeerLab({ network, timeouts: NO_PINGS, memory: { windowBytes: 1000 } });
    const { peer, remote, closed } = await lab.ready();
    remote.connection.pause();
    const sends = [rejected(peer.send(kit.dialect.requestAddresses()))];
    await lab.settle();
    sends.push(rejected(peer.send(kit.message('alert', new Uint8Array(20_000)))));
    await lab.clock.advance(MINUTE - 1);
    expect(closed()).toBeUndefined();
    await lab.clock.advance(1);
    expect(closed()).toMatchObject({ reason: 'write-stalled', by: 'us' });
    expect(await sends.at(-1)).toMatchObject({ code: 'NEO_PEER_PEER_CLOSED', reason: 'write-stalled' });
  });

  it('gives a peer that takes a little now and then all the time it needs', async () => {
    lab = new PeerLab({ network, timeouts: { ...NO_PINGS, idleMs: 60 * MINUTE }, memory: { windowBytes: 20_000 } });
    const { peer, remote, closed } = await lab.ready();
    remote.connection.onData(() => remote.connection.pause()); // one write each time it is resumed
    const answer = kit.message('alert', new Uint8Array(19_000));
    const sends = Array.from({ length: 20 }, () => peer.send(answer));
    for (let i = 0; i < 5; i++) {
      await lab.clock.advance(MINUTE - 1000);
      remote.connection.resume();
    }
    expect(closed()).toBeUndefined();
    remote.connection.onData(() => undefined);
    remote.connection.resume();
    await Promise.all([...sends, lab.settle()]);
  });

  it('is asleep while there is nothing to write', async () => {
    lab = new PeerLab({ network, timeouts: { ...NO_PINGS, idleMs: 60 * MINUTE } });
    const { peer, closed } = await lab.ready();
    await peer.send(kit.dialect.requestAddresses());
    await lab.clock.advance(5 * MINUTE);
    expect(closed()).toBeUndefined();
  });
});

describe.each(KITS)('$name: a stalled peer', (kit) => {
  const { network } = kit;

  const quiet = { timeouts: NO_PINGS };

  it('is closed 120 seconds after a request it could have met, if no byte came', async () => {
    lab = new PeerLab({ network, ...quiet });
    const { peer, closed } = await lab.ready({ height: 10 });
    const asked = rejected(peer.requestHeaders(kit.from(1)));
    await lab.clock.advance(2 * MINUTE - 1);
    expect(await asked).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT', command: 'getheaders', timeoutMs: 60_000 });
    expect(closed()).toBeUndefined();
    await lab.clock.advance(1);
    expect(closed()).toMatchObject({ reason: 'stalled', by: 'us' });
    expect(lab.happened.slice(-2)).toEqual(['stalled getheaders', 'disconnected stalled']);
  });

  it('is closed for hashes it announced and does not deliver', async () => {
    lab = new PeerLab({ network, ...quiet });
    const { peer, remote, closed } = await lab.ready();
    const [block] = kit.blocks(1);
    remote.send(kit.dialect.inventory('block', kit.hashes(1)));
    await lab.settle();
    const asked = rejected(peer.requestBlocks([block!.hash]));
    await lab.clock.advance(2 * MINUTE);
    expect(closed()).toMatchObject({ reason: 'stalled' });
    expect(await asked).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT' });
  });

  it('is closed when three such requests in a row expire, whatever else it sends', async () => {
    lab = new PeerLab({ network, ...quiet });
    const { peer, remote, closed } = await lab.ready({ height: 10 });
    for (let i = 0; i < 3; i++) {
      expect(closed()).toBeUndefined();
      const asked = rejected(peer.requestHeaders(kit.from(1)));
      await lab.clock.advance(MINUTE / 2);
      remote.send(kit.dialect.requestAddresses());
      await lab.clock.advance(MINUTE / 2);
      expect(await asked).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT' });
    }
    expect(closed()).toMatchObject({ reason: 'stalled' });
  });

  it('is not one whose answers we did not read, because our own handlers were busy', async () => {
    lab = new PeerLab({ network, ...quiet, limits: { inboxMessages: 1 } });
    const { peer, remote, closed } = await lab.ready({ height: 10 });
    lab.handle = () => new Promise(() => undefined);
    for (let i = 0; i < 5; i++) remote.send(kit.dialect.requestAddresses());
    await lab.settle();
    for (let i = 0; i < 4; i++) {
      const asked = rejected(peer.requestHeaders(kit.from(1)));
      await lab.clock.advance(MINUTE);
      expect(await asked).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT' });
    }
    expect(closed()).toBeUndefined();
  });

  it('is not one that answers in between', async () => {
    lab = new PeerLab({ network, ...quiet });
    const { peer, remote, closed } = await lab.ready({ height: 10 });
    for (let i = 0; i < 6; i++) {
      const asked = rejected(peer.requestHeaders(kit.from(1)));
      await lab.clock.advance(MINUTE / 2);
      remote.send(kit.dialect.requestAddresses());
      if (i % 2 === 1) remote.send(kit.dialect.headers(kit.headers(1)));
      await lab.clock.advance(MINUTE / 2);
      await asked;
    }
    expect(closed()).toBeUndefined();
  });

  it.each([
    ['headers over its height', (peer: PeerLab['connected'][0]) => peer.requestHeaders(kit.from(1))],
    ['headers after a hash we know nothing of', (peer) => peer.requestHeaders({ after: UInt256.ZERO })],
    ['blocks it never announced', (peer) => peer.requestBlocks([UInt256.from('ab'.repeat(32))])],
    ['addresses', (peer) => peer.requestAddresses()],
  ] as [string, (peer: PeerLab['connected'][0]) => Promise<unknown>][])(
    'is not one that is silent when asked for %s',
    async (_, ask) => {
      lab = new PeerLab({ network, ...quiet });
      const { peer, closed } = await lab.ready({ height: 0 });
      for (let i = 0; i < 4; i++) {
        const asked = rejected(ask(peer));
        await lab.clock.advance(MINUTE);
        expect(await asked).toBeDefined();
      }
      expect(closed()).toBeUndefined();
    },
  );

  it('is not one whose bytes we do not read', async () => {
    lab = new PeerLab({ network, timeouts: NO_PINGS, limits: { inboxMessages: 1 } });
    lab.handle = () => new Promise(() => undefined);
    const { peer, remote, closed } = await lab.ready({ height: 10 });
    const asked = rejected(peer.requestHeaders(kit.from(1)));
    await lab.settle();
    for (let i = 0; i < 5; i++) remote.send(kit.dialect.requestAddresses());
    await lab.clock.advance(10 * MINUTE);
    await asked;
    expect(closed()).toBeUndefined();
  });

  it('is not one that only stops for a while', async () => {
    lab = new PeerLab({ network, ...quiet });
    const { peer, remote, closed } = await lab.ready({ height: 10 });
    const asked = rejected(peer.requestHeaders(kit.from(1)));
    await lab.clock.advance(MINUTE);
    await asked;
    remote.send(kit.addr());
    await lab.clock.advance(4 * MINUTE);
    expect(closed()).toBeUndefined();
  });
});

describe.each(KITS)('$name: the end', (kit) => {
  const { network } = kit;

  it('comes with a pong on its way and leaves nothing', async () => {
    lab = new PeerLab({ network });
    const { peer, remote } = await lab.ready();
    const ping = peer.ping();
    const message = await remote.expect('ping');
    const failed = rejected(ping);
    remote.send(kit.dialect.pong(message, 0, 0));
    remote.connection.end();
    await lab.settle();
    await failed;
    expect((await peer.closed).reason).toBe('remote-closed');
    expect(lab.clock.pending).toBe(0);
  });
});

describe('legacy: keepalive', () => {
  it('does not ping a remote that closes the connection for it', async () => {
    lab = new PeerLab({ network: LEGACY_KIT.network });
    const { peer, remote } = await lab.ready({ userAgent: '/NEO-GO/' });
    await lab.clock.advance(200_000);
    expect(remote.received.map(({ command }) => command)).toEqual(['version', 'verack']);
    await expect(peer.ping()).rejects.toMatchObject({
      code: 'NEO_PEER_UNSUPPORTED_BY_REMOTE',
      implementation: 'neo-go-library',
    });
  });
});
