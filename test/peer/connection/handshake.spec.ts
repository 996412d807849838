import { Logger } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { DisconnectReason } from '../../../src/persistence/disconnect-reason.js';
import { HandshakeError } from '../../../src/peer/errors/handshake.error.js';
import type { Peer } from '../../../src/peer/peer.js';
import type { ScriptedPeer } from '../../../src/testing/scripted-peer.js';
import type { Capability } from '../../../src/wire/common/capability.js';
import type { DialectName } from '../../../src/wire/common/dialect-name.js';
import { KITS, LEGACY_KIT, N3_KIT, type DialectKit } from '../../support/dialect-kit.js';
import { OUR_NONCE, PeerLab } from '../../support/peer-lab.js';
import { rawFrame } from '../../support/frames.js';
import { n3Frame, n3Literals } from '../../support/n3-frames.js';

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

describe.each(KITS)('$name: a handshake', (kit) => {
  const { network } = kit;

  it.each(['inbound', 'outbound'] as const)('says version at once and verack at once (%s)', async (direction) => {
    lab = new PeerLab({ network });
    const { peer, remote } = await (direction === 'inbound' ? lab.ready({ height: 5 }) : lab.dialled({ height: 5 }));
    expect(remote.received.map(({ command }) => command)).toEqual(['version', 'verack']);
    expect(peer).toMatchObject({ state: 'ready', direction, height: 5, network: network.name, dialect: kit.name });
    expect(peer.version).toMatchObject({ userAgent: kit.agents.csharp });
    expect(lab.happened).toEqual(['connected', 'ready']);
    await peer.disconnect();
  });

  it('tells what we are', async () => {
    lab = new PeerLab({ network, height: () => 1234 });
    const { peer, remote } = await lab.inbound();
    const { payload } = await remote.expect('version');
    expect(kit.dialect.remoteFacts(payload)).toMatchObject({
      userAgent: '/lab:1/',
      nonce: OUR_NONCE,
      height: 1234,
      relay: true,
      services: 1n,
      port: 0,
    });
    expect(payload.timestamp).toBe(Math.floor(lab.clock.now() / 1000));
    remote.connection.end();
    await peer.closed;
    await remote.closed;
  });

  it('knows where the remote can be dialled once its version came', async () => {
    lab = new PeerLab({ network });
    const { peer, remote } = await lab.inbound({ port: 20_333 });
    expect(peer.dialAddress).toBeUndefined();
    remote.send(remote.version());
    await lab.settle();
    expect(peer.dialAddress).toEqual({ host: '10.0.0.2', port: 20_333 });
    await peer.disconnect();
    await remote.closed;
  });

  it('serves a remote that says nothing before it has our version, and no verack before it has ours', async () => {
    lab = new PeerLab({ network });
    const { peer, remote } = await lab.inbound({ userAgent: kit.agents.go });
    await remote.expect('version');
    remote.send(remote.version());
    await remote.expect('verack');
    remote.send(kit.dialect.verack());
    await lab.settle();
    expect(peer.state).toBe('ready');
    await peer.disconnect();
    await remote.closed;
  });

  it('takes version, verack and the first request in one read', async () => {
    lab = new PeerLab({ network });
    const { peer, remote } = await lab.inbound();
    const messages = [remote.version(), kit.dialect.verack(), kit.dialect.requestAddresses()];
    remote.write(Buffer.concat(messages.map((message) => kit.encode(message))));
    await lab.settle();
    expect(peer.state).toBe('ready');
    expect(lab.handled).toEqual(['getaddr']);
    await peer.disconnect();
    await remote.closed;
  });

  it('gives the same promise to whoever calls run again', async () => {
    lab = new PeerLab({ network });
    const { peer, remote } = await lab.inbound();
    const run = peer.run();
    expect(peer.run()).toBe(run);
    await remote.handshake();
    await run;
    await peer.disconnect();
    await remote.closed;
  });
});

const NOTHING = new Uint8Array(0);

type Act = (remote: ScriptedPeer, kit: DialectKit) => void;

/** What a remote may do wrong in a handshake, or right. */
const STEPS = {
  version: (remote) => remote.send(remote.version()),
  verack: (remote, kit) => remote.send(kit.dialect.verack()),
  getaddr: (remote, kit) => remote.send(kit.dialect.requestAddresses()),
  ping: (remote, kit) => remote.send(kit.dialect.ping(1, 0, 1)),
  unknown: (remote, kit) => remote.write(kit.unknownFrame()),
  'other magic': (remote, kit) => remote.write(kit.dialect.encode(remote.version(), kit.network.magic + 1)),
  'bad version': (remote, kit) => remote.write(kit.frame('version', Buffer.from([1, 2, 3]))),
  oversized: (remote, kit) => remote.write(kit.oversizedFrame()),
  'large version': (remote, kit) =>
    remote.write(kit.frame('version', new Uint8Array(kit.dialect.limits.handshakeFrame))),
  'web request': (remote) => remote.write(Buffer.from(`GET / HTTP/1.1\r\nUser-Agent: ${'x'.repeat(200)}\r\n\r\n`)),
  'bad checksum': (remote) => remote.write(rawFrame('verack', NOTHING, { checksum: 1 })),
  'compressed version': (remote, kit) => {
    const payload = kit.dialect.encode(remote.version(), kit.network.magic).subarray(3);
    remote.write(n3Frame('version', n3Literals(payload), { flags: 1 }));
  },
  bomb: (remote, kit) => {
    const size = kit.dialect.limits.handshakeFrame + 1;
    remote.write(n3Frame('version', n3Literals(new Uint8Array(20), size), { flags: 1 }));
  },
  'broken compression': (remote) => remote.write(n3Frame('version', Buffer.from('ff000000ff', 'hex'), { flags: 1 })),
  'empty version': (remote) => remote.write(n3Frame('version')),
} satisfies Record<string, Act>;
type Step = keyof typeof STEPS;

/** What comes in that order, and why the connection ends. */
type Wrong = readonly (readonly [readonly Step[], DisconnectReason])[];

const WRONG: Wrong = [
  [['verack'], 'unexpected-message'],
  [['getaddr'], 'unexpected-message'],
  [['unknown'], 'unexpected-message'],
  [['version', 'version'], 'duplicate-version'],
  [['version', 'getaddr'], 'unexpected-message'],
  [['version', 'ping'], 'unexpected-message'],
  [['version', 'unknown'], 'unexpected-message'],
  [['version', 'verack', 'version'], 'duplicate-version'],
  [['version', 'verack', 'verack'], 'duplicate-verack'],
  [['version', 'verack', 'getaddr', 'version'], 'duplicate-version'],
  [['version', 'verack', 'getaddr', 'verack'], 'duplicate-verack'],
  [['other magic'], 'wrong-network'],
  [['oversized'], 'oversized'],
  [['version', 'oversized'], 'oversized'],
  [['large version'], 'oversized'],
  [['bad version'], 'malformed'],
];

/** What only one of the dialects can get wrong, or gets wrong in its own way. */
const WRONG_IN: Readonly<Record<DialectName, Wrong>> = {
  legacy: [
    [['web request'], 'wrong-network'],
    [['bad checksum'], 'bad-checksum'],
  ],
  n3: [
    [['web request'], 'oversized'], // its first bytes are a compressed frame of two gigabytes
    [['bomb'], 'oversized'],
    [['version', 'bomb'], 'oversized'],
    [['broken compression'], 'malformed'],
    [['empty version'], 'malformed'],
    [['version', 'verack', 'other magic'], 'wrong-network'],
    [['version', 'verack', 'compressed version'], 'duplicate-version'],
  ],
};

const EITHER_WAY = KITS.flatMap((kit) => (['inbound', 'outbound'] as const).map((direction) => ({ kit, direction })));

describe.each(EITHER_WAY)('$kit.name: a wrong handshake ($direction)', ({ kit, direction }) => {
  const { network } = kit;

  it.each([...WRONG, ...WRONG_IN[kit.name]])('%j ends with %s', async (steps, reason) => {
    lab = new PeerLab({ network });
    const listener = await lab.listening();
    const dial = direction === 'outbound' ? lab.factory.dial(listener.address) : undefined;
    const dialled = dial?.catch((error: unknown) => error);
    const remote = dial ? await listener.accepted() : (await lab.inbound()).remote;
    await lab.settle();
    const peer = lab.connected[0]!;
    for (const step of steps) {
      const act: Act = STEPS[step];
      act(remote, kit);
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
    const self = { nonce: OUR_NONCE };
    lab = new PeerLab({ network });
    const listener = await lab.listening(self);
    const dial = direction === 'outbound' ? lab.factory.dial(listener.address) : undefined;
    const failed = dial?.catch((error: unknown) => error);
    const remote = dial ? await listener.accepted() : (await lab.inbound(self)).remote;
    await lab.settle();
    STEPS.version(remote);
    expect(await endOf(lab.connected[0]!, remote)).toBe('self-connection');
    expect(remote.received.map(({ command }) => command)).not.toContain('verack');
    await expect(lab.connected[0]!.run()).rejects.toMatchObject({ reason: 'self-connection' });
    await failed;
    await listener.close();
  });
});

describe.each(KITS)('$name: a handshake that fails', (kit) => {
  const { network } = kit;

  it.each([
    ['says nothing', []],
    ['says version only', ['version']],
  ] as const)('after 30 seconds with a remote that %s', async (_, steps) => {
    lab = new PeerLab({ network });
    const { peer, remote } = await lab.inbound();
    for (const step of steps) STEPS[step](remote);
    await lab.clock.advance(29_999);
    expect(peer.state).toBe('negotiating');
    await lab.clock.advance(1);
    expect(await endOf(peer, remote)).toBe('handshake-timeout');
    await expect(peer.run()).rejects.toBeInstanceOf(HandshakeError);
  });

  it('has the connection closed before it is told', async () => {
    lab = new PeerLab({ network, timeouts: { handshakeMs: 1000 } });
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
    lab = new PeerLab({ network });
    const { peer, remote } = await lab.inbound();
    remote.connection.end();
    expect(await endOf(peer, remote)).toBe('remote-closed');
    await expect(peer.run()).rejects.toMatchObject({ reason: 'remote-closed' });
  });

  it('when its caller aborts it', async () => {
    lab = new PeerLab({ network });
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
    lab = new PeerLab({ network });
    const { peer, remote } = await lab.inbound();
    const run = peer.run().catch((error: unknown) => error);
    await peer.disconnect();
    expect(await run).toMatchObject({ code: 'NEO_PEER_HANDSHAKE', reason: 'local' });
    await remote.closed;
  });

  it('when our own version can not be said', async () => {
    lab = new PeerLab({ network });
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
    lab = new PeerLab({ network, height });
    const { peer, remote } = await lab.inbound();
    const end = await peer.closed;
    expect(end).toMatchObject({ reason: 'behaviour-error', error: { behaviour: 'HeightProvider' } });
    await remote.closed;
    expect(remote.received).toEqual([]);
  });
});

describe.each(KITS)('$name: admission', (kit) => {
  const { network } = kit;

  it('is asked after the version came and before our verack goes out', async () => {
    const seen: unknown[] = [];
    let admit!: (yes: boolean) => void;
    lab = new PeerLab({
      network,
      admit: (peer) => {
        seen.push(peer.version?.userAgent, peer.state);
        return new Promise((resolve) => (admit = resolve));
      },
    });
    const { peer, remote } = await lab.inbound();
    remote.send(remote.version());
    remote.send(kit.dialect.verack());
    await lab.settle();
    expect(seen).toEqual([kit.agents.csharp, 'negotiating']);
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
      lab = new PeerLab({ network, admit });
      const { peer, remote } = await lab.inbound();
      remote.send(remote.version());
      expect(await endOf(peer, remote)).toBe(reason);
      expect(remote.received.map(({ command }) => command)).not.toContain('verack');
      expect((await peer.closed).error?.code).toBe(reason === 'refused' ? undefined : 'NEO_PEER_BEHAVIOUR_FAILED');
    },
  );

  it('that never answers is cut off with the handshake, and its late answer does nothing', async () => {
    let admit!: (yes: boolean) => void;
    lab = new PeerLab({ network, admit: () => new Promise((resolve) => (admit = resolve)) });
    const { peer, remote } = await lab.inbound();
    remote.send(remote.version());
    await lab.clock.advance(30_000);
    admit(true);
    expect(await endOf(peer, remote)).toBe('handshake-timeout');
  });

  it('that takes its time sees a second verack', async () => {
    lab = new PeerLab({ network, admit: () => new Promise(() => undefined) });
    const { peer, remote } = await lab.inbound();
    remote.send(remote.version());
    remote.send(kit.dialect.verack());
    remote.send(kit.dialect.verack());
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
    remote.send(LEGACY_KIT.dialect.verack());
    await lab.settle();
    expect(peer.state).toBe('ready');
    await peer.disconnect();
    await remote.closed;
  });

  it('gets it at once when its own verack is in, and nothing else for 20 ms', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.inbound(NEO_ONE);
    remote.send(remote.version());
    remote.send(LEGACY_KIT.dialect.verack());
    await lab.settle();
    expect(peer.state).toBe('ready');
    expect(remote.received.map(({ command }) => command)).toEqual(['version', 'verack']);
    expect(peer.post(LEGACY_KIT.dialect.requestAddresses())).toBe(true);
    remote.send(LEGACY_KIT.dialect.ping(1, 0, 2));
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
    for (let i = 0; i < 5; i++) peer.post(LEGACY_KIT.dialect.requestAddresses());
    await lab.settle();
    expect(chunks).toEqual([24, 24, 24, 24, 24]);
    await peer.disconnect();
    await remote.closed;
  });

  it('is not given what was queued when it closes before the 20 ms are over', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.inbound(NEO_ONE);
    remote.send(remote.version());
    remote.send(LEGACY_KIT.dialect.verack());
    await lab.settle();
    const sending = peer.send(LEGACY_KIT.dialect.requestAddresses()).catch((error: unknown) => error);
    remote.connection.destroy();
    expect(await sending).toMatchObject({ code: 'NEO_PEER_PEER_CLOSED', reason: 'remote-closed' });
  });
});

describe('n3: a handshake', () => {
  const { network, dialect } = N3_KIT;

  it('tells our capabilities, and whether we take compressed payloads', async () => {
    lab = new PeerLab({ network, height: () => 1234, compression: false });
    const { remote } = await lab.inbound();
    const { payload } = await remote.expect('version');
    const { capabilities, acceptsCompression, relay } = dialect.remoteFacts(payload);
    expect(capabilities).toEqual([
      { type: 0x10, name: 'FullNode', startHeight: 1234 },
      { type: 0x03, name: 'DisableCompression' },
    ]);
    expect({ acceptsCompression, relay }).toEqual({ acceptsCompression: false, relay: true });
  });

  it('takes a version that comes compressed', async () => {
    lab = new PeerLab({ network });
    const { peer, remote } = await lab.inbound({ height: 17 });
    STEPS['compressed version'](remote, N3_KIT);
    STEPS.verack(remote, N3_KIT);
    await lab.settle();
    expect(peer).toMatchObject({ state: 'ready', height: 17 });
  });

  it('keeps capabilities that nobody knows, and dials a remote that has a port', async () => {
    const experiment: Capability = { type: 0xf0, name: 'Unknown', data: Buffer.from('NEOQ') };
    lab = new PeerLab({ network });
    const { peer } = await lab.ready({
      capabilities: [experiment, experiment, { type: 0x01, name: 'TcpServer', port: 10_333 }],
    });
    expect(dialect.remoteFacts(peer.version!).capabilities).toHaveLength(3);
    expect(peer).toMatchObject({ height: 0, dialAddress: { host: '10.0.0.2', port: 10_333 } });
  });

  it.each<[string, unknown]>([
    ['no list', undefined],
    ['an impossible height', [{ type: 0x10, name: 'FullNode', startHeight: -1 }]],
    ['an impossible port', [{ type: 0x01, name: 'TcpServer', port: 65_536 }]],
    ['33 capabilities', Array.from({ length: 33 }, () => ({ type: 0xf0, name: 'Unknown', data: NOTHING }))],
    ['too many bytes', [{ type: 0xf0, name: 'Unknown', data: new Uint8Array(1025) }]],
  ])('fails where our own capabilities are %s, and the next one need not', async (_, capabilities) => {
    lab = new PeerLab({ network });
    Object.defineProperty(lab.runtime.local, 'capabilities', { value: capabilities, configurable: true });
    Logger.overrideLogger(false);
    const { peer, remote } = await lab.inbound();
    await remote.closed;
    expect(await peer.closed).toMatchObject({ reason: 'behaviour-error', by: 'us' });
    expect(remote.received).toEqual([]);
    Object.defineProperty(lab.runtime.local, 'capabilities', { value: [] });
    const next = await lab.ready();
    expect(next.peer.state).toBe('ready');
  });
});
