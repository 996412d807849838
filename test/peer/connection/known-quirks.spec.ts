import { afterEach, describe, expect, it } from '@jest/globals';
import type { Outgoing } from '../../../src/wire/messages.js';
import { KITS, LEGACY_KIT, N3_KIT, type DialectKit } from '../../support/dialect-kit.js';
import { failure } from '../../support/failure.js';
import { n3Frame, n3Literals, varint } from '../../support/n3-frames.js';
import { PeerLab } from '../../support/peer-lab.js';
import { bytes, loadN3Vectors } from '../../support/vectors.js';

const HASHES = Buffer.concat([varint(1), new Uint8Array(32)]);
const CSHARP = LEGACY_KIT.agents.csharp;
const GO2 = LEGACY_KIT.agents.go;
const GO0 = '/NEO-GO/';
const ONE = 'NEO:neo-one-js:1.0.0-preview';
const quiet = { keepaliveMs: 0 };

let lab: PeerLab;
afterEach(() => lab.close());

/** A user agent, what is sent to it, and how that is called. */
type Sent = readonly [string, string, (kit: DialectKit) => Outgoing];

const PING: Sent[2] = ({ dialect }) => dialect.ping(1, 0, 1);
const FILTER: Sent[2] = (kit) => kit.message('filteradd', Buffer.from([1, 0]));
const ROOTS: Sent[2] = (kit) => kit.message('getroots', Buffer.from('0100000001000000', 'hex'));
const ALERT: Sent[2] = (kit) => kit.message('alert', HASHES);
const REJECT: Sent[2] = (kit) => kit.message('reject', HASHES);
const TRIE: Sent[2] = (kit) => kit.message('getmptdata', HASHES);
const NODES: Sent[2] = (kit) => kit.message('mptdata', Buffer.from([1, 1, 0]));
const NOTARY: Sent[2] = (kit) => {
  const vector = loadN3Vectors('payloads.json').find(({ command }) => command === 'p2pnotaryrequest');
  return kit.message('p2pnotaryrequest', bytes(vector!.hex));
};
const VERSION: Sent[2] = ({ dialect, name }) => {
  const capabilities =
    name === 'n3' ? N3_KIT.dialect.capabilities({ ...SELF, archival: false, compression: true }) : [];
  return dialect.version({ ...SELF, capabilities });
};
const VERACK: Sent[2] = ({ dialect }) => dialect.verack();
const inventory =
  (command: 'inv' | 'getdata', type: number): Sent[2] =>
  (kit) =>
    kit.message(command, Buffer.concat([Buffer.from([type]), HASHES]));

const SELF = {
  protocolVersion: 0,
  services: 1n,
  nonce: 1,
  userAgent: '/x/',
  relay: true,
  port: 0,
  height: 1,
  nowMs: 0,
} as const;
const STATE_ROOTS = 0x03;
const CONSENSUS = 0xe0;
const NOTARY_REQUESTS = 0x50;

const REFUSED: Readonly<Record<DialectKit['name'], readonly Sent[]>> = {
  legacy: [
    [CSHARP, 'a second version', VERSION],
    ['/somebody:1.0/', 'a second verack', VERACK],
    [GO0, 'a ping', PING],
    [GO0, 'a filter command', FILTER],
    [GO2, 'a filter command', FILTER],
    [ONE, 'a state-root command', ROOTS],
    [ONE, 'inventory of state roots', inventory('inv', STATE_ROOTS)],
    [ONE, 'a request for state roots', inventory('getdata', STATE_ROOTS)],
    [ONE, 'inventory of consensus payloads', inventory('inv', CONSENSUS)],
    ['/Neo:2.10.3/', 'inventory of state roots', inventory('inv', STATE_ROOTS)],
  ],
  n3: [
    [N3_KIT.agents.csharp, 'a second version', VERSION],
    ['/somebody:1.0/', 'a second verack', VERACK],
    [N3_KIT.agents.go, 'a filter command', FILTER],
    [N3_KIT.agents.go, 'an alert', ALERT],
    [N3_KIT.agents.go, 'a reject', REJECT],
    [N3_KIT.agents.go, 'a request for trie nodes', TRIE],
    [N3_KIT.agents.go, 'trie nodes', NODES],
    [N3_KIT.agents.go, 'a notary request', NOTARY],
    [N3_KIT.agents.go, 'inventory of notary requests', inventory('inv', NOTARY_REQUESTS)],
    [N3_KIT.agents.csharp, 'inventory of notary requests', inventory('inv', NOTARY_REQUESTS)],
  ],
};

const SENT: Readonly<Record<DialectKit['name'], readonly Sent[]>> = {
  legacy: [
    [CSHARP, 'a filter command', FILTER],
    [CSHARP, 'a state-root command', ROOTS],
    [ONE, 'a filter command', FILTER],
    [ONE, 'a request for consensus payloads', inventory('getdata', CONSENSUS)],
    [GO2, 'a ping', PING],
    [GO2, 'inventory of blocks', inventory('inv', 0x02)],
    ['/somebody:1.0/', 'a filter command', FILTER],
  ],
  n3: [
    [N3_KIT.agents.csharp, 'a filter command', FILTER],
    [N3_KIT.agents.csharp, 'an alert', ALERT],
    [N3_KIT.agents.csharp, 'a notary request', NOTARY],
    [N3_KIT.agents.go, 'a ping', PING],
    [N3_KIT.agents.go, 'inventory of extensible payloads', inventory('inv', 0x2e)],
    ['/somebody:1.0/', 'an alert', ALERT],
  ],
};

describe.each(KITS)('$name: what a node is known to close the connection for', (kit) => {
  it.each(REFUSED[kit.name])('is not sent: %s, %s', async (userAgent, _what, make) => {
    const message = make(kit);
    lab = new PeerLab({ network: kit.network, timeouts: quiet });
    const { peer, remote } = await lab.ready({ userAgent });
    expect(await failure(peer.send(message))).toMatchObject({
      code: 'NEO_PEER_UNSUPPORTED_BY_REMOTE',
      request: message.command,
    });
    expect(peer.post(message)).toBe(false);
    await lab.clock.advance(1000);
    expect(remote.received.map(({ command }) => command)).toEqual(['version', 'verack']);
    expect(peer.state).toBe('ready');
  });

  it.each(SENT[kit.name])('is sent to others: %s, %s', async (userAgent, _what, make) => {
    const message = make(kit);
    lab = new PeerLab({ network: kit.network, timeouts: quiet });
    const { peer, remote } = await lab.ready({ userAgent });
    expect(peer.post(message)).toBe(true);
    await lab.clock.advance(1000);
    expect(remote.received.at(-1)?.command).toBe(message.command);
  });
});

describe('legacy: a ping', () => {
  it('is refused at once where the remote would close the connection for it', async () => {
    lab = new PeerLab({ network: LEGACY_KIT.network, timeouts: quiet });
    const { peer } = await lab.ready({ userAgent: GO0 });
    expect(await failure(peer.ping())).toMatchObject({ code: 'NEO_PEER_UNSUPPORTED_BY_REMOTE' });
  });
});

describe('n3: notary requests', () => {
  it('go to neo-go on the networks that have them', async () => {
    const network = { ...N3_KIT.network, magic: 91_414_437 };
    lab = new PeerLab({ network, timeouts: quiet });
    const { peer, remote } = await lab.ready({ userAgent: N3_KIT.agents.go });
    expect(peer.post(NOTARY(N3_KIT))).toBe(true);
    expect(peer.post(inventory('inv', NOTARY_REQUESTS)(N3_KIT))).toBe(true);
    await lab.settle();
    expect(remote.received.map(({ command }) => command).slice(2)).toEqual(['p2pnotaryrequest', 'inv']);
  });
});

describe('n3: what real nodes are known to do', () => {
  const { network, dialect, agents } = N3_KIT;

  it('compressed payloads come although we announced that we take none', async () => {
    lab = new PeerLab({ network, compression: false });
    const { peer, remote } = await lab.ready();
    const [block] = N3_KIT.blocks(1);
    remote.write(n3Frame('block', n3Literals(block!.raw), { flags: 1 }));
    remote.write(n3Frame('ping', n3Literals(new Uint8Array(12)), { flags: 1 }));
    await lab.settle();
    expect(lab.handled).toEqual(['block', 'ping']);
    expect(remote.received.at(-1)?.command).toBe('pong');
    expect(peer.state).toBe('ready');
  });

  it("a pong carries the node's own nonce", async () => {
    lab = new PeerLab({ network, timeouts: quiet });
    const { peer, remote } = await lab.ready({ userAgent: agents.go });
    const asked = peer.ping();
    await remote.expect('ping');
    await lab.clock.advance(40);
    remote.send(N3_KIT.pong(3, 0xb26bc4b4));
    await expect(asked).resolves.toBe(40);
  });

  it('a link is cut after 60 silent seconds, and one that is silent for 90 is alive', async () => {
    lab = new PeerLab({ network });
    const { peer, remote } = await lab.ready();
    const heard: number[] = [];
    remote.connection.onData(() => heard.push(lab.clock.monotonic()));
    const began = lab.clock.monotonic();
    await lab.clock.advance(120_000);
    expect(peer.state).toBe('ready');
    const gaps = heard.map((at, i) => at - (heard[i - 1] ?? began));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(30_000);
  });

  it('the height goes down', async () => {
    lab = new PeerLab({ network });
    const { peer, remote } = await lab.ready({ height: 100 });
    remote.send(dialect.ping(90, 0, 1));
    await lab.settle();
    expect(peer.height).toBe(90);
  });

  it('getaddr stays unanswered', async () => {
    lab = new PeerLab({ network });
    const { peer } = await lab.ready();
    const asked = failure(peer.requestAddresses());
    await lab.clock.advance(60_000);
    expect(await asked).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT', command: 'getaddr' });
    expect(peer.state).toBe('ready');
  });

  it('the same blocks are asked for again and again', async () => {
    lab = new PeerLab({ network });
    const { remote } = await lab.ready();
    for (let i = 0; i < 3; i++) remote.write(n3Frame('getblockbyindex', Buffer.from('01000000ffff', 'hex')));
    await lab.settle();
    expect(lab.handled).toEqual(Array(3).fill('getblockbyindex'));
  });

  it('several frames come in one segment, and one frame in many', async () => {
    lab = new PeerLab({ network });
    const { remote } = await lab.ready();
    const frames = [dialect.ping(1, 0, 1), dialect.requestAddresses(), N3_KIT.block(N3_KIT.blocks(1)[0]!)];
    const stream = Buffer.concat(frames.map((message) => N3_KIT.encode(message)));
    remote.write(stream);
    for (const byte of stream) remote.write(Uint8Array.of(byte));
    await lab.settle();
    expect(lab.handled).toEqual(['ping', 'getaddr', 'block', 'ping', 'getaddr', 'block']);
  });

  it('65,535 is written as a number of four bytes', async () => {
    lab = new PeerLab({ network });
    const { remote } = await lab.ready();
    remote.write(Buffer.concat([Buffer.from('0040feffff0000', 'hex'), new Uint8Array(0xffff)]));
    remote.send(dialect.requestAddresses());
    await lab.settle();
    expect(lab.handled).toEqual(['alert', 'getaddr']);
  });

  it('a block comes whose merkle root is not that of its transactions: who verifies it finds out', async () => {
    lab = new PeerLab({ network });
    const verified: unknown[] = [];
    lab.handle = async (_, message) => {
      if (message.command === 'block') verified.push(await failure((async () => message.payload.verify())()));
    };
    const { peer, remote } = await lab.ready();
    const raw = Buffer.from(N3_KIT.blocks(1)[0]!.raw);
    remote.write(n3Frame('block', raw));
    raw.writeUInt8(raw[40]! ^ 1, 40);
    remote.write(n3Frame('block', raw));
    await lab.settle();
    expect(verified).toEqual([{ notFailed: undefined }, expect.objectContaining({ code: 'NEO_PEER_DECODE' })]);
    expect(peer.state).toBe('ready');
  });

  it('the connection is reset before any byte, by a node that has too many', async () => {
    lab = new PeerLab({ network });
    const listener = await lab.listening();
    const dialling = failure(lab.factory.dial(listener.address));
    (await listener.accepted()).connection.destroy();
    expect(await dialling).toMatchObject({
      code: 'NEO_PEER_HANDSHAKE',
      reason: expect.stringMatching(/^(socket-error|remote-closed)$/),
    });
    await listener.close();
  });
});
