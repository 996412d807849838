import { Logger } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { DisconnectReason } from '../../../src/persistence/disconnect-reason.js';
import { HandshakeError } from '../../../src/peer/errors/handshake.error.js';
import type { Peer } from '../../../src/peer/peer.js';
import type { ScriptedPeer } from '../../../src/testing/scripted-peer.js';
import { dialectOf } from '../../../src/wire/messages.js';
import { OUR_NONCE, PeerLab } from '../../support/peer-lab.js';
import { rawFrame } from '../../support/frames.js';

const { verack, requestAddresses } = dialectOf('legacy');
const MAGIC = 56_753;
const NEO_ONE = { userAgent: 'NEO:neo-one-js:1.0.0-preview' };

let lab: PeerLab;
afterEach(() => lab.close());

async function endOf(peer: Peer, remote: ScriptedPeer): Promise<DisconnectReason> {
  await lab.settle();
  const { reason } = await peer.closed;
  await remote.closed;
  expect(lab.happened.filter((event) => event.startsWith('disconnected'))).toEqual([`disconnected ${reason}`]);
  return reason;
}

describe('a handshake', () => {
  it.each(['inbound', 'outbound'] as const)('says version at once and verack at once (%s)', async (direction) => {
    lab = new PeerLab();
    const { peer, remote } = await (direction === 'inbound' ? lab.ready({ height: 5 }) : lab.dialled({ height: 5 }));
    expect(remote.received.map(({ command }) => command)).toEqual(['version', 'verack']);
    expect(peer).toMatchObject({ state: 'ready', direction, height: 5, network: 'legacy-local', dialect: 'legacy' });
    expect(peer.version).toMatchObject({ userAgent: '/Neo:2.12.0/', startHeight: 5 });
    expect(lab.happened).toEqual(['connected', 'ready']);
    await peer.disconnect();
  });

  it('tells what we are', async () => {
    lab = new PeerLab({ height: () => 1234 });
    const { peer, remote } = await lab.inbound();
    const { payload } = await remote.expect('version');
    expect(payload).toMatchObject({
      userAgent: '/lab:1/',
      nonce: OUR_NONCE,
      startHeight: 1234,
      relay: true,
      services: 1n,
    });
    expect(payload.timestamp).toBe(Math.floor(lab.clock.now() / 1000));
    remote.connection.end();
    await peer.closed;
    await remote.closed;
  });

  it('knows where the remote can be dialled once its version came', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.inbound({ port: 20_333 });
    expect(peer.dialAddress).toBeUndefined();
    remote.send(remote.version());
    await lab.settle();
    expect(peer.dialAddress).toEqual({ host: '10.0.0.2', port: 20_333 });
    await peer.disconnect();
    await remote.closed;
  });

  it('serves a remote that says nothing before it has our version, and no verack before it has ours', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.inbound({ userAgent: '/NEO-GO/' });
    await remote.expect('version');
    remote.send(remote.version());
    await remote.expect('verack');
    remote.send(verack());
    await lab.settle();
    expect(peer.state).toBe('ready');
    await peer.disconnect();
    await remote.closed;
  });

  it('takes version, verack and the first request in one read', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.inbound();
    const { encode } = dialectOf('legacy');
    remote.write(
      Buffer.concat([remote.version(), verack(), requestAddresses()].map((message) => encode(message, MAGIC))),
    );
    await lab.settle();
    expect(peer.state).toBe('ready');
    expect(lab.handled).toEqual(['getaddr']);
    await peer.disconnect();
    await remote.closed;
  });

  it('gives the same promise to whoever calls run again', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.inbound();
    const run = peer.run();
    expect(peer.run()).toBe(run);
    await remote.handshake();
    await run;
    await peer.disconnect();
    await remote.closed;
  });
});

const self = { nonce: OUR_NONCE };
type Step =
  'version' | 'verack' | 'getaddr' | 'garbage' | 'unknown' | 'other magic' | 'bad checksum' | 'large' | 'bad version';

/** What comes in that order, and why the connection ends. */
const WRONG: readonly (readonly [readonly Step[], DisconnectReason])[] = [
  [['verack'], 'unexpected-message'],
  [['getaddr'], 'unexpected-message'],
  [['unknown'], 'unexpected-message'],
  [['version', 'version'], 'duplicate-version'],
  [['version', 'getaddr'], 'unexpected-message'],
  [['version', 'unknown'], 'unexpected-message'],
  [['version', 'verack', 'version'], 'duplicate-version'],
  [['version', 'verack', 'verack'], 'duplicate-verack'],
  [['version', 'verack', 'getaddr', 'version'], 'duplicate-version'],
  [['version', 'verack', 'getaddr', 'verack'], 'duplicate-verack'],
  [['garbage'], 'wrong-network'],
  [['other magic'], 'wrong-network'],
  [['bad checksum'], 'bad-checksum'],
  [['large'], 'oversized'],
  [['version', 'large'], 'oversized'],
  [['bad version'], 'malformed'],
];

function sendStep(remote: ScriptedPeer, step: Step): void {
  const nothing = new Uint8Array(0);
  if (step === 'version') remote.send(remote.version());
  if (step === 'verack') remote.send(verack());
  if (step === 'getaddr') remote.send(requestAddresses());
  if (step === 'garbage') remote.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
  if (step === 'unknown') remote.write(rawFrame('address', nothing));
  if (step === 'other magic') remote.write(rawFrame('version', nothing, { magic: 1 }));
  if (step === 'bad checksum') remote.write(rawFrame('verack', nothing, { checksum: 1 }));
  if (step === 'large') remote.write(rawFrame('version', nothing, { length: 4096 }));
  if (step === 'bad version') remote.write(rawFrame('version', Buffer.from([1, 2, 3])));
}

describe.each(['inbound', 'outbound'] as const)('a wrong handshake (%s)', (direction) => {
  it.each(WRONG)('%j ends with %s', async (steps, reason) => {
    lab = new PeerLab();
    const listener = await lab.listening();
    const dial = direction === 'outbound' ? lab.factory.dial(listener.address) : undefined;
    const dialled = dial?.catch((error: unknown) => error);
    const remote = dial ? await listener.accepted() : (await lab.inbound()).remote;
    await lab.settle();
    const peer = lab.connected[0]!;
    for (const step of steps) {
      sendStep(remote, step);
      await lab.settle();
    }
    expect(await endOf(peer, remote)).toBe(reason);
    expect(await peer.closed).toMatchObject({ by: 'us', atMs: lab.clock.now() });
    const outcome = await (dialled ?? peer.run().catch((error: unknown) => error));
    const wasReady = lab.happened.includes('ready');
    expect(outcome instanceof HandshakeError ? outcome.reason : undefined).toBe(wasReady ? undefined : reason);
    await listener.close();
  });

  it('with our own nonce is a connection with ourselves', async () => {
    lab = new PeerLab();
    const listener = await lab.listening(self);
    const dial = direction === 'outbound' ? lab.factory.dial(listener.address) : undefined;
    const failed = dial?.catch((error: unknown) => error);
    const remote = dial ? await listener.accepted() : (await lab.inbound(self)).remote;
    await lab.settle();
    sendStep(remote, 'version');
    expect(await endOf(lab.connected[0]!, remote)).toBe('self-connection');
    expect(remote.received.map(({ command }) => command)).not.toContain('verack');
    await expect(lab.connected[0]!.run()).rejects.toMatchObject({ reason: 'self-connection' });
    await failed;
    await listener.close();
  });
});

describe('a handshake that fails', () => {
  it.each([
    ['says nothing', []],
    ['says version only', ['version']],
  ] as const)('after 30 seconds with a remote that %s', async (_, steps) => {
    lab = new PeerLab();
    const { peer, remote } = await lab.inbound();
    for (const step of steps) sendStep(remote, step);
    await lab.clock.advance(29_999);
    expect(peer.state).toBe('negotiating');
    await lab.clock.advance(1);
    expect(await endOf(peer, remote)).toBe('handshake-timeout');
    await expect(peer.run()).rejects.toBeInstanceOf(HandshakeError);
  });

  it('has the connection closed before it is told', async () => {
    lab = new PeerLab({ timeouts: { handshakeMs: 1000 } });
    const listener = await lab.listening();
    const stateWhenTold = lab.factory.dial(listener.address).then(
      () => 'ready',
      () => lab.happened.at(-1),
    );
    const remote = await listener.accepted();
    await lab.clock.advance(1000);
    expect(await stateWhenTold).toBe('disconnected handshake-timeout');
    await remote.closed;
    await listener.close();
  });

  it('when the remote hangs up', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.inbound();
    remote.connection.end();
    expect(await endOf(peer, remote)).toBe('remote-closed');
    await expect(peer.run()).rejects.toMatchObject({ reason: 'remote-closed' });
  });

  it('when its caller aborts it', async () => {
    lab = new PeerLab();
    const listener = await lab.listening();
    const abort = new AbortController();
    const dial = lab.factory.dial(listener.address, { signal: abort.signal }).catch((error: unknown) => error);
    const remote = await listener.accepted();
    await lab.settle();
    abort.abort(new Error('enough'));
    expect(await dial).toMatchObject({ code: 'NEO_PEER_ABORTED', cause: { message: 'enough' } });
    await remote.closed;
    await listener.close();
  });

  it('when the application disconnects first', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.inbound();
    const run = peer.run().catch((error: unknown) => error);
    await peer.disconnect();
    expect(await run).toMatchObject({ code: 'NEO_PEER_HANDSHAKE', reason: 'local' });
    await remote.closed;
  });

  it('when our own version can not be said', async () => {
    lab = new PeerLab();
    Object.defineProperty(lab.runtime.local, 'nonce', { value: -1 });
    const logged: unknown[] = [];
    Logger.overrideLogger({ log: () => undefined, warn: () => undefined, error: (line: unknown) => logged.push(line) });
    for (let i = 0; i < 3; i++) {
      const { peer, remote } = await lab.inbound();
      await remote.closed;
      expect(await peer.closed).toMatchObject({ reason: 'behaviour-error', by: 'us' });
    }
    expect(logged).toEqual([expect.stringContaining('our version failed')]); // once, however many come
  });

  it.each([
    ['throws', (): number => { throw new Error('no idea'); }], // prettier-ignore
    ['gives no height', () => -1],
    ['gives half a height', () => 0.5],
  ])('when the height provider %s', async (_, height) => {
    lab = new PeerLab({ height });
    const { peer, remote } = await lab.inbound();
    const end = await peer.closed;
    expect(end).toMatchObject({ reason: 'behaviour-error', error: { behaviour: 'HeightProvider' } });
    await remote.closed;
    expect(remote.received).toEqual([]);
  });
});

describe('admission', () => {
  it('is asked after the version came and before our verack goes out', async () => {
    const seen: unknown[] = [];
    let admit!: (yes: boolean) => void;
    lab = new PeerLab({
      admit: (peer) => {
        seen.push(peer.version?.userAgent, peer.state);
        return new Promise((resolve) => (admit = resolve));
      },
    });
    const { peer, remote } = await lab.inbound();
    remote.send(remote.version());
    remote.send(verack());
    await lab.settle();
    expect(seen).toEqual(['/Neo:2.12.0/', 'negotiating']);
    expect(remote.received.map(({ command }) => command)).toEqual(['version']);
    admit(true);
    await lab.settle();
    expect(remote.received.map(({ command }) => command)).toEqual(['version', 'verack']);
    expect(peer.state).toBe('ready');
    await peer.disconnect();
    await remote.closed;
  });

  it.each([
    ['says no', () => false, 'refused'],
    ['says no later', () => Promise.resolve(false), 'refused'],
    ['throws', (): never => { throw new Error('broken'); }, 'behaviour-error'], // prettier-ignore
    ['rejects', () => Promise.reject(new Error('broken')), 'behaviour-error'],
  ] as [string, () => boolean | Promise<boolean>, string][])(
    'that %s ends the connection',
    async (_, admit, reason) => {
      lab = new PeerLab({ admit });
      const { peer, remote } = await lab.inbound();
      remote.send(remote.version());
      expect(await endOf(peer, remote)).toBe(reason);
      expect(remote.received.map(({ command }) => command)).not.toContain('verack');
      expect((await peer.closed).error?.code).toBe(reason === 'refused' ? undefined : 'NEO_PEER_BEHAVIOUR_FAILED');
    },
  );

  it('that never answers is cut off with the handshake, and its late answer does nothing', async () => {
    let admit!: (yes: boolean) => void;
    lab = new PeerLab({ admit: () => new Promise((resolve) => (admit = resolve)) });
    const { peer, remote } = await lab.inbound();
    remote.send(remote.version());
    await lab.clock.advance(30_000);
    admit(true);
    expect(await endOf(peer, remote)).toBe('handshake-timeout');
  });

  it('that takes its time sees a second verack', async () => {
    lab = new PeerLab({ admit: () => new Promise(() => undefined) });
    const { peer, remote } = await lab.inbound();
    remote.send(remote.version());
    remote.send(verack());
    remote.send(verack());
    expect(await endOf(peer, remote)).toBe('duplicate-verack');
  });
});

describe('a remote that reverses reads', () => {
  it('gets our verack 100 ms after its version', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.inbound(NEO_ONE);
    remote.send(remote.version());
    await lab.clock.advance(99);
    expect(remote.received.map(({ command }) => command)).toEqual(['version']);
    await lab.clock.advance(1);
    expect(remote.received.map(({ command }) => command)).toEqual(['version', 'verack']);
    remote.send(verack());
    await lab.settle();
    expect(peer.state).toBe('ready');
    await peer.disconnect();
    await remote.closed;
  });

  it('gets it at once when its own verack is in, and nothing else for 20 ms', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.inbound(NEO_ONE);
    remote.send(remote.version());
    remote.send(verack());
    await lab.settle();
    expect(peer.state).toBe('ready');
    expect(remote.received.map(({ command }) => command)).toEqual(['version', 'verack']);
    expect(peer.post(requestAddresses())).toBe(true);
    remote.send(dialectOf('legacy').ping(1, 0, 2));
    await lab.clock.advance(19);
    expect(remote.received).toHaveLength(2);
    await lab.clock.advance(1);
    expect(remote.received.map(({ command }) => command)).toEqual(['version', 'verack', 'pong', 'getaddr']);
    await peer.disconnect();
    await remote.closed;
  });

  it('gets one frame a write', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready(NEO_ONE);
    const chunks: number[] = [];
    remote.connection.onData((chunk) => chunks.push(chunk.length));
    for (let i = 0; i < 5; i++) peer.post(requestAddresses());
    await lab.settle();
    expect(chunks).toEqual([24, 24, 24, 24, 24]);
    await peer.disconnect();
    await remote.closed;
  });

  it('is not given what was queued when it closes before the 20 ms are over', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.inbound(NEO_ONE);
    remote.send(remote.version());
    remote.send(verack());
    await lab.settle();
    const sending = peer.send(requestAddresses()).catch((error: unknown) => error);
    remote.connection.destroy();
    expect(await sending).toMatchObject({ code: 'NEO_PEER_PEER_CLOSED', reason: 'remote-closed' });
  });
});
