import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PeerListener } from '../../src/environment/connection.js';
import {
  MemoryNetwork,
  ScriptError,
  ScriptedPeer,
  VirtualClock,
  type ScriptedPeerOptions,
} from '../../src/testing/index.js';
import { KITS, LEGACY_KIT, N3_KIT } from '../support/dialect-kit.js';

const clock = new VirtualClock();

describe.each(KITS)('ScriptedPeer of $name', (kit) => {
  const { dialect } = kit;
  const options = { dialect: kit.name, magic: kit.network.magic, clock };
  const ping = (height: number) => dialect.ping(height, 0, 1);
  let network: MemoryNetwork;
  let near: ScriptedPeer;
  let far: ScriptedPeer;
  let listener: PeerListener;

  beforeEach(async () => {
    network = new MemoryNetwork({ clock });
    let accepted: ScriptedPeer | undefined;
    listener = await network.transport('b').listen({ port: 10333 }, (connection) => {
      accepted = ScriptedPeer.accept(connection, { ...options, version: { userAgent: '/far/', height: 77 } });
    });
    near = await ScriptedPeer.connect(network.transport('a'), 'b:10333', options);
    far = accepted!;
  });

  afterEach(async () => {
    near.connection.destroy();
    far.connection.destroy();
    await listener.close();
    await clock.until(() => network.connections === 0, 100);
  });

  it('shakes hands from both sides, saying what it was told to', async () => {
    await Promise.all([near.handshake(1234), far.handshake()]);
    const [ofNear, ofFar] = [far.received[0]!, near.received[0]!];
    if (ofNear.command !== 'version' || ofFar.command !== 'version') throw new TypeError('not a version');
    expect(dialect.remoteFacts(ofNear.payload)).toMatchObject({
      height: 1234,
      relay: true,
      port: 0,
      userAgent: kit.agents.csharp,
    });
    expect(dialect.remoteFacts(ofFar.payload)).toMatchObject({ height: 77, userAgent: '/far/' });
    expect(dialect.remoteFacts(ofNear.payload).nonce).not.toBe(dialect.remoteFacts(ofFar.payload).nonce);
    expect(near.received.map(({ command }) => command)).toEqual(['version', 'verack']);
  });

  it('tells nothing by itself', async () => {
    near.send(ping(1));
    near.send(near.version());
    await far.expect('version');
    await clock.advance(600_000);
    expect(near.received).toEqual([]);
  });

  it('keeps messages for the one who expects them, in order', async () => {
    near.send(ping(1));
    near.send(dialect.verack());
    near.send(ping(2));
    await far.expect('verack');
    const heights = [await far.expect('ping'), await far.expect('ping')].map(
      (message) => dialect.pingFacts(message).height,
    );
    expect(heights).toEqual([1, 2]);
    expect(far.received.map(({ command }) => command)).toEqual(['ping', 'verack', 'ping']);
  });

  it('gives messages to those who wait, first come first served', async () => {
    const waiting = Promise.all([far.expect('ping'), far.expect('verack'), far.expect('ping')]);
    near.send(ping(1));
    near.send(ping(2));
    near.send(dialect.verack());
    const [first, , second] = await waiting;
    expect([dialect.pingFacts(first).height, dialect.pingFacts(second).height]).toEqual([1, 2]);
  });

  it('writes and reads frames cut anywhere, and several at once', async () => {
    const frame = dialect.encode(ping(5), options.magic);
    for (const byte of frame) near.write(Uint8Array.of(byte));
    near.write(Buffer.concat([frame, frame]));
    await far.expect('ping');
    await far.expect('ping');
    expect(dialect.pingFacts(await far.expect('ping')).height).toBe(5);
  });

  it('records commands nobody knows', async () => {
    near.write(kit.unknownFrame(new Uint8Array(5)));
    near.send(ping(1));
    await far.expect('ping');
    expect(far.received[0]).toMatchObject({ command: 'unknown', payload: new Uint8Array(5) });
  });

  it('rejects what is expected, with what came, when the connection closes first', async () => {
    const waiting = [far.expect('version'), far.expect('headers')].map((promise) =>
      expect(promise).rejects.toMatchObject({ code: 'NEO_PEER_SCRIPT', problem: 'closed', received: ['verack'] }),
    );
    near.send(dialect.verack());
    near.connection.end();
    await Promise.all(waiting);
    await Promise.all([near.closed, far.closed]);
    await expect(far.expect('version')).rejects.toBeInstanceOf(ScriptError);
    await expect(far.expect('verack')).resolves.toBeDefined();
  });

  it('rejects the handshake when the other hangs up', async () => {
    const handshake = near.handshake();
    far.connection.destroy();
    await expect(handshake).rejects.toMatchObject({ code: 'NEO_PEER_SCRIPT', command: 'version' });
  });

  it('gives up expecting at its limits, and misses nothing that comes later', async () => {
    const late = far.expect('ping', { timeoutMs: 1000 });
    const aborted = far.expect('ping', { signal: AbortSignal.abort() });
    await Promise.all([
      expect(late).rejects.toMatchObject({ code: 'NEO_PEER_SCRIPT', problem: 'timeout', command: 'ping' }),
      expect(aborted).rejects.toMatchObject({ code: 'NEO_PEER_ABORTED' }),
      clock.advance(1000),
    ]);
    near.send(ping(3));
    expect(dialect.pingFacts(await far.expect('ping')).height).toBe(3);
  });

  it('hangs up on bytes that are no frame, and names the fault', async () => {
    near.write(kit.oversizedFrame());
    await far.closed;
    await expect(far.expect('ping')).rejects.toMatchObject({ cause: { code: 'NEO_PEER_DECODE', problem: 'limit' } });
    await near.closed;
  });

  it('hangs up on another network', async () => {
    near.write(dialect.encode(near.version(), options.magic + 1));
    await near.closed;
    await expect(far.expect('version')).rejects.toMatchObject({ cause: { code: 'NEO_PEER_DECODE', problem: 'magic' } });
  });

  it('sends into the void after the close, without an error', async () => {
    far.connection.destroy();
    await near.closed;
    near.send(ping(1));
    near.write(new Uint8Array(5));
    await clock.advance(0);
    expect(far.received).toEqual([]);
  });

  it('refuses an address that is none with DialError', async () => {
    await expect(ScriptedPeer.connect(network.transport('a'), 'nowhere', options)).rejects.toMatchObject({
      code: 'NEO_PEER_DIAL',
      address: 'nowhere',
    });
  });
});

/** What a remote that was told this says its capabilities are. */
async function capabilities(version: ScriptedPeerOptions['version'], height?: number) {
  const network = new MemoryNetwork({ clock });
  const options = { dialect: 'n3', magic: N3_KIT.network.magic, clock, ...(version && { version }) } as const;
  const listener = await ScriptedPeer.listen(network.transport('b'), {}, options);
  const peer = await ScriptedPeer.connect(network.transport('a'), listener.address, options);
  const told = N3_KIT.dialect.remoteFacts(peer.version(height).payload).capabilities;
  await listener.close();
  return told;
}

function fullNode(startHeight: number) {
  return { type: 0x10, name: 'FullNode', startHeight };
}

describe('ScriptedPeer of n3', () => {
  it('has the capabilities that follow from what it says, unless it is told others', async () => {
    const tcpServer = { type: 0x01, name: 'TcpServer', port: 10_333 } as const;
    expect(await capabilities(undefined)).toEqual([fullNode(0)]);
    expect(await capabilities({ port: 10_333, height: 5 })).toEqual([fullNode(5), tcpServer]);
    expect(await capabilities({ height: 5 }, 6)).toEqual([fullNode(6)]);
    expect(await capabilities({ relay: false })).toEqual([]);
    expect(await capabilities({ port: 1, capabilities: [tcpServer] }, 6)).toEqual([tcpServer]);
  });
});

describe('ScriptedPeer.listen', () => {
  const options = { dialect: 'legacy', magic: LEGACY_KIT.network.magic, clock } as const;

  it('gives those who dial, one after the other, before and after they came', async () => {
    const network = new MemoryNetwork();
    const listener = await ScriptedPeer.listen(network.transport('b'), {}, options);
    const waiting = listener.accepted();
    const first = await ScriptedPeer.connect(network.transport('a'), listener.address, options);
    const second = await ScriptedPeer.connect(network.transport('a'), listener.address, options);
    const accepted = [await waiting, await listener.accepted()];
    expect(accepted.map((peer) => peer.connection.remoteAddress)).toEqual([
      first.connection.localAddress,
      second.connection.localAddress,
    ]);
    await Promise.all([first.handshake(), accepted[0]!.handshake()]);
    await listener.close();
    expect(network.listeners).toBe(0);
  });

  it('stops waiting at its limits and when it is closed', async () => {
    const listener = await ScriptedPeer.listen(new MemoryNetwork().transport('b'), { port: 10333 }, options);
    expect(listener.address).toEqual({ host: 'b', port: 10333 });
    await Promise.all([
      expect(listener.accepted({ timeoutMs: 100 })).rejects.toMatchObject({ problem: 'timeout' }),
      clock.advance(100),
    ]);
    const waiting = listener.accepted();
    await listener.close();
    await listener.close();
    await expect(waiting).rejects.toMatchObject({ code: 'NEO_PEER_SCRIPT', problem: 'closed' });
    await expect(listener.accepted()).rejects.toBeInstanceOf(ScriptError);
  });
});
