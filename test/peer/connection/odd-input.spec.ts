import { afterEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { DisconnectReason } from '../../../src/persistence/disconnect-reason.js';
import type { DialectName } from '../../../src/wire/common/dialect-name.js';
import type { Command } from '../../../src/wire/messages.js';
import { DecodeError } from '../../../src/wire/primitives/decode.error.js';
import { KITS, LEGACY_KIT, N3_KIT, type DialectKit } from '../../support/dialect-kit.js';
import { rawFrame } from '../../support/frames.js';
import { n3Frame, n3Literals, varint } from '../../support/n3-frames.js';
import { PeerLab } from '../../support/peer-lab.js';

const NOTHING = new Uint8Array(0);
const HASH = new Uint8Array(32).fill(1);
const MAX_PAYLOAD = 0x02000000;

let lab: PeerLab;
afterEach(() => lab.close());

/** What a ready peer doesn't forgive: what comes, why the peer goes, and `command field problem` of what can't be read, if so. */
type Closed = readonly [string, (kit: DialectKit) => Uint8Array, DisconnectReason, string];

/** What it takes, with the command it is counted as, and whether handlers see it. */
type Kept = readonly [string, (kit: DialectKit) => Uint8Array, Command | 'unknown', boolean];

function list(count: number, item: Uint8Array): Buffer {
  return Buffer.concat([varint(count), ...Array<Uint8Array>(count).fill(item)]);
}

function hashes(count: number): Buffer {
  return list(count, new Uint8Array(32).fill(7));
}

function inventory(type: number, count: number): Buffer {
  return Buffer.concat([Buffer.from([type]), hashes(count)]);
}

/** The byte that stands for blocks in an inventory. */
const BLOCK: Readonly<Record<DialectName, number>> = { legacy: 0x02, n3: 0x2c };

function headers(kit: DialectKit, count: number): Buffer {
  const { raw } = kit.headers(1)[0]!;
  return list(count, kit.name === 'legacy' ? Buffer.concat([raw, Buffer.from([0])]) : raw);
}

/** Start hashes and a stop hash, as Legacy asks. */
function starts(count: number): Buffer {
  return Buffer.concat([hashes(count), Buffer.alloc(32)]);
}

/** A start and a count, as N3 asks. */
function indexRange(count: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeInt16LE(count, 4);
  return bytes;
}

/** Entries of an N3 addr, each with these capabilities. */
function n3Addr(count: number, capabilities: Uint8Array = list(1, Buffer.from('015d28', 'hex'))): Buffer {
  return list(
    count,
    Buffer.concat([Buffer.alloc(4), Buffer.from('00000000000000000000ffff0a010101', 'hex'), capabilities]),
  );
}

/** A version of the local N3 network, from its user agent on. */
function n3Version(rest: Uint8Array, magic = N3_KIT.network.magic): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(magic);
  return Buffer.concat([bytes, rest]);
}

function compressed(command: string | number, payload: Uint8Array): Buffer {
  return n3Frame(command, payload, { flags: 1 });
}

const CLOSED: readonly Closed[] = [
  ['a frame over its limit', (kit) => kit.oversizedFrame(), 'oversized', 'frame length limit'],
  ['a payload that ends too early', (kit) => kit.frame('ping', Buffer.alloc(11)), 'malformed', 'ping nonce truncated'],
  ['a ping without payload', (kit) => kit.frame('ping'), 'malformed', 'ping lastBlockIndex truncated'],
  ['an undefined type in an inv', (kit) => kit.frame('inv', inventory(5, 1)), 'malformed', 'inv type value'],
  ['an undefined type in a getdata', (kit) => kit.frame('getdata', inventory(0, 1)), 'malformed', 'getdata type value'],
  ['2001 headers', (kit) => kit.frame('headers', headers(kit, 2001)), 'malformed', 'headers headers limit'],
  ['half a block', (kit) => kit.frame('block', Buffer.alloc(100)), 'malformed', 'block nextConsensus truncated'],
  [
    'a filter over its limit',
    (kit) => kit.frame('filterload', Buffer.concat([varint(36_001), Buffer.alloc(36_006)])),
    'malformed',
    'filterload filter limit',
  ],
  [
    '51 hash functions',
    (kit) => kit.frame('filterload', Buffer.from([1, 255, 51, 0, 0, 0, 0])),
    'malformed',
    'filterload k limit',
  ],
  [
    'a filter element over its limit',
    (kit) => kit.frame('filteradd', Buffer.concat([varint(521), Buffer.alloc(521)])),
    'malformed',
    'filteradd data limit',
  ],
  [
    'fewer addresses than it says',
    (kit) => kit.frame('addr', Buffer.concat([varint(2), Buffer.alloc(30)])),
    'malformed',
    'addr addresses truncated',
  ],
  ['a second verack', (kit) => kit.frame('verack'), 'duplicate-verack', 'undefined'],
];

const CLOSED_IN: Readonly<Record<DialectName, readonly Closed[]>> = {
  legacy: [
    ['another magic', () => rawFrame('getaddr', NOTHING, { magic: 7 }), 'wrong-network', 'frame magic magic'],
    [
      'a wrong checksum',
      () => rawFrame('getaddr', NOTHING, { checksum: 7 }),
      'bad-checksum',
      'frame checksum checksum',
    ],
    [
      'a wrong checksum of an unknown command',
      () => rawFrame('address', HASH, { checksum: 7 }),
      'bad-checksum',
      'frame checksum checksum',
    ],
    ['over 65,536 hashes in an inv', (kit) => kit.frame('inv', inventory(1, 65_537)), 'malformed', 'inv hashes limit'],
    [
      'over 65,536 hashes in a getdata',
      (kit) => kit.frame('getdata', inventory(2, 65_537)),
      'malformed',
      'getdata hashes limit',
    ],
    [
      'no start hash in a getheaders',
      (kit) => kit.frame('getheaders', starts(0)),
      'malformed',
      'getheaders hashStart value',
    ],
    [
      'no start hash in a getblocks',
      (kit) => kit.frame('getblocks', starts(0)),
      'malformed',
      'getblocks hashStart value',
    ],
    [
      '17 start hashes in a getheaders',
      (kit) => kit.frame('getheaders', starts(17)),
      'malformed',
      'getheaders hashStart limit',
    ],
    [
      '17 start hashes in a getblocks',
      (kit) => kit.frame('getblocks', starts(17)),
      'malformed',
      'getblocks hashStart limit',
    ],
    [
      'a second version',
      (kit) => kit.frame('version', Buffer.concat([Buffer.alloc(28), Buffer.from([0, 0, 0, 0])])),
      'duplicate-version',
      'undefined',
    ],
  ],
  n3: [
    ['a second version', () => n3Frame('version', n3Version(Buffer.from([0, 0]))), 'duplicate-version', 'undefined'],
    [
      'a second version of another network',
      () => n3Frame('version', n3Version(Buffer.from([0, 0]), 7)),
      'wrong-network',
      'version magic magic',
    ],
    [
      'a length in eight bytes that is over the limit',
      () => Buffer.from('002cffffffffffffffffff', 'hex'),
      'oversized',
      'frame length limit',
    ],
    [
      'a length over the limit of an unknown command',
      () => Buffer.from('0077fe01000002', 'hex'),
      'oversized',
      'frame length limit',
    ],
    [
      'a payload that would become too large',
      () => compressed('block', n3Literals(HASH, MAX_PAYLOAD + 1)),
      'oversized',
      'frame payload limit',
    ],
    ['a bomb', () => compressed('alert', n3Literals(HASH, 0xffffffff)), 'oversized', 'frame payload limit'],
    [
      'a bomb of an unknown command',
      () => compressed(0x77, n3Literals(HASH, 0xffffffff)),
      'oversized',
      'frame payload limit',
    ],
    [
      'a payload that becomes less than it says',
      () => compressed('alert', n3Literals(HASH, 33)),
      'malformed',
      'frame payload value',
    ],
    [
      'a payload that becomes more than it says',
      () => compressed('alert', n3Literals(HASH, 31)),
      'malformed',
      'frame payload value',
    ],
    [
      'a match that reaches back to before the start',
      () => compressed('alert', Buffer.from('0800000010aa020000', 'hex')),
      'malformed',
      'frame payload value',
    ],
    [
      'a compressed payload of three bytes',
      () => compressed('alert', Buffer.alloc(3)),
      'malformed',
      'frame payload truncated',
    ],
    [
      'bytes that are no LZ4 block',
      () => compressed('alert', Buffer.alloc(40, 0xff)),
      'oversized',
      'frame payload limit',
    ],
    ['501 hashes in an inv', (kit) => kit.frame('inv', inventory(BLOCK.n3, 501)), 'malformed', 'inv hashes limit'],
    [
      '501 hashes in a getdata',
      (kit) => kit.frame('getdata', inventory(BLOCK.n3, 501)),
      'malformed',
      'getdata hashes limit',
    ],
    [
      '501 hashes in a notfound',
      (kit) => kit.frame('notfound', inventory(BLOCK.n3, 501)),
      'malformed',
      'notfound hashes limit',
    ],
    [
      'an undefined type in a notfound',
      (kit) => kit.frame('notfound', inventory(1, 1)),
      'malformed',
      'notfound type value',
    ],
    ['an inv without payload', (kit) => kit.frame('inv'), 'malformed', 'inv type truncated'],
    ['empty headers', (kit) => kit.frame('headers', varint(0)), 'malformed', 'headers headers value'],
    ['an empty addr', (kit) => kit.frame('addr', varint(0)), 'malformed', 'addr addresses value'],
    ['201 addresses', (kit) => kit.frame('addr', n3Addr(201)), 'malformed', 'addr addresses limit'],
    [
      'a capability twice in an addr',
      (kit) => kit.frame('addr', n3Addr(1, list(2, Buffer.from('015d28', 'hex')))),
      'malformed',
      'addr addresses[0].capabilities[1].type value',
    ],
    [
      '33 capabilities in an addr',
      (kit) => kit.frame('addr', n3Addr(1, list(33, Buffer.from('f000', 'hex')))),
      'malformed',
      'addr addresses[0].capabilities limit',
    ],
    [
      '0 headers in a getheaders',
      (kit) => kit.frame('getheaders', indexRange(0)),
      'malformed',
      'getheaders count value',
    ],
    [
      '-2 headers in a getheaders',
      (kit) => kit.frame('getheaders', indexRange(-2)),
      'malformed',
      'getheaders count value',
    ],
    [
      '2001 headers in a getheaders',
      (kit) => kit.frame('getheaders', indexRange(2001)),
      'malformed',
      'getheaders count limit',
    ],
    [
      '0 blocks in a getblockbyindex',
      (kit) => kit.frame('getblockbyindex', indexRange(0)),
      'malformed',
      'getblockbyindex count value',
    ],
    [
      '2001 blocks in a getblockbyindex',
      (kit) => kit.frame('getblockbyindex', indexRange(2001)),
      'malformed',
      'getblockbyindex count limit',
    ],
    [
      'a count of 0 in a getblocks',
      (kit) => kit.frame('getblocks', Buffer.alloc(34)),
      'malformed',
      'getblocks count value',
    ],
    [
      '33 nodes of the trie in a getmptdata',
      (kit) => kit.frame('getmptdata', hashes(33)),
      'malformed',
      'getmptdata hashes limit',
    ],
    ['no node in an mptdata', (kit) => kit.frame('mptdata', varint(0)), 'malformed', 'mptdata nodes value'],
    ['an empty transaction', (kit) => kit.frame('transaction'), 'malformed', 'transaction version truncated'],
    ['an empty extensible', (kit) => kit.frame('extensible'), 'malformed', 'extensible category truncated'],
  ],
};

const KEPT: readonly Kept[] = [
  ['an unknown command without payload', (kit) => kit.unknownFrame(), 'unknown', false],
  ['an unknown command with payload', (kit) => kit.unknownFrame(HASH), 'unknown', false],
  ['an alert', (kit) => kit.frame('alert', HASH), 'alert', true],
  ['a reject', (kit) => kit.frame('reject', HASH), 'reject', true],
  ['an empty alert', (kit) => kit.frame('alert'), 'alert', true],
  ['a notfound', (kit) => kit.frame('notfound', inventory(BLOCK[kit.name], 1)), 'notfound', true],
  ['an empty inv', (kit) => kit.frame('inv', inventory(BLOCK[kit.name], 0)), 'inv', true],
  ['an empty getdata', (kit) => kit.frame('getdata', inventory(BLOCK[kit.name], 0)), 'getdata', true],
  ['the same hash again and again', (kit) => kit.frame('inv', inventory(BLOCK[kit.name], 3)), 'inv', true],
  ['500 hashes in an inv', (kit) => kit.frame('inv', inventory(BLOCK[kit.name], 500)), 'inv', true],
  ['headers nobody asked for', (kit) => kit.frame('headers', headers(kit, 1)), 'headers', true],
  ['2000 headers', (kit) => kit.frame('headers', headers(kit, 2000)), 'headers', true],
  ['an addr nobody asked for', (kit) => kit.encode(kit.addr()), 'addr', true],
  ['a pong nobody asked for', (kit) => kit.frame('pong', Buffer.alloc(12)), 'pong', true],
  [
    'a filter',
    (kit) => kit.frame('filterload', Buffer.concat([Buffer.from([1, 255, 1]), Buffer.alloc(4)])),
    'filterload',
    true,
  ],
  [
    'the largest filter element',
    (kit) => kit.frame('filteradd', Buffer.concat([varint(520), Buffer.alloc(520)])),
    'filteradd',
    true,
  ],
  ['a filter cleared', (kit) => kit.frame('filterclear'), 'filterclear', true],
  ['bytes after the payload', (kit) => kit.frame('ping', Buffer.alloc(20)), 'ping', true],
  ['a payload where none belongs', (kit) => kit.frame('getaddr', HASH), 'getaddr', true],
];

const KEPT_IN: Readonly<Record<DialectName, readonly Kept[]>> = {
  legacy: [
    ['an unknown command of eleven letters', (kit) => kit.frame('getblockbyi', HASH), 'unknown', false],
    ['an empty addr', (kit) => kit.frame('addr', varint(0)), 'addr', true],
    ['empty headers', (kit) => kit.frame('headers', varint(0)), 'headers', true],
    ['5000 hashes in an inv', (kit) => kit.frame('inv', inventory(1, 5000)), 'inv', true],
    ['65,536 hashes in an inv', (kit) => kit.frame('inv', inventory(1, 65_536)), 'inv', true],
    ['65,536 hashes in a getdata', (kit) => kit.frame('getdata', inventory(2, 65_536)), 'getdata', true],
    ['over 200 addresses', (kit) => kit.frame('addr', list(201, Buffer.alloc(30))), 'addr', true],
    ['an unknown start', (kit) => kit.frame('getheaders', starts(1)), 'getheaders', true],
    ['16 starts', (kit) => kit.frame('getblocks', starts(16)), 'getblocks', true],
  ],
  n3: [
    ['flags that mean nothing', () => n3Frame('getaddr', NOTHING, { flags: 0xfe }), 'getaddr', true],
    ['a compressed command without payload', () => n3Frame('getaddr', NOTHING, { flags: 1 }), 'getaddr', true],
    ['a compressed ping', () => compressed('ping', n3Literals(Buffer.alloc(12))), 'ping', true],
    ['a compressed unknown command', () => compressed(0x77, n3Literals(HASH)), 'unknown', false],
    ['a length in a longer form than it needs', () => Buffer.from('0010ff0000000000000000', 'hex'), 'getaddr', true],
    ['an empty notfound', (kit) => kit.frame('notfound', inventory(BLOCK.n3, 0)), 'notfound', true],
    ['a notary request in an inv', (kit) => kit.frame('inv', inventory(0x50, 1)), 'inv', true],
    ['200 addresses', (kit) => kit.frame('addr', n3Addr(200)), 'addr', true],
    ['an address without a port', (kit) => kit.frame('addr', n3Addr(1, varint(0))), 'addr', true],
    [
      'unknown capabilities that repeat in an addr',
      (kit) => kit.frame('addr', n3Addr(1, list(32, Buffer.from('f001aa', 'hex')))),
      'addr',
      true,
    ],
    ['-1 headers in a getheaders', (kit) => kit.frame('getheaders', indexRange(-1)), 'getheaders', true],
    ['2000 headers in a getheaders', (kit) => kit.frame('getheaders', indexRange(2000)), 'getheaders', true],
    [
      '2000 blocks in a getblockbyindex',
      (kit) => kit.frame('getblockbyindex', indexRange(2000)),
      'getblockbyindex',
      true,
    ],
    ['trie nodes asked for', (kit) => kit.frame('getmptdata', hashes(32)), 'getmptdata', true],
  ],
};

/** What was wrong with the bytes, as the rows have it. */
function faultOf(error: unknown): string {
  return error instanceof DecodeError ? `${error.command} ${error.field} ${error.problem}` : String(error);
}

describe.each(KITS)('$name: a ready peer', (kit) => {
  const { network } = kit;

  it.each([...CLOSED, ...CLOSED_IN[kit.name]])(
    'that sends %s is closed, and another lives on',
    async (_, make, reason, fault) => {
      lab = new PeerLab({ network });
      const other = await lab.ready();
      const { peer, remote } = await lab.ready();
      remote.write(make(kit));
      await lab.settle();
      expect(await peer.closed).toMatchObject({ reason, by: 'us' });
      await remote.closed;
      expect(lab.happened.slice(2)).toEqual(['connected', 'ready', `disconnected ${reason}`]);
      expect(lab.handled).toEqual([]);
      const { error } = await peer.closed;
      expect(faultOf(error)).toBe(fault);
      other.remote.send(kit.dialect.ping(1, 0, 1));
      await lab.settle();
      expect(other.peer.state).toBe('ready');
      expect(other.remote.received.at(-1)?.command).toBe('pong');
    },
  );

  it.each([...KEPT, ...KEPT_IN[kit.name]])(
    'that sends %s is kept, and it is counted',
    async (_, make, command, handled) => {
      const bytes = make(kit);
      lab = new PeerLab({ network });
      const { peer, remote } = await lab.ready();
      remote.write(bytes);
      await lab.settle();
      expect(peer.state).toBe('ready');
      expect(lab.counted.findLast(({ what }) => what.startsWith('in'))).toEqual({
        what: `in ${command}`,
        bytes: bytes.length,
      });
      expect(lab.handled).toEqual(handled ? [command] : []);
      const before = remote.received.length;
      remote.send(kit.dialect.ping(1, 0, 1));
      await lab.settle();
      expect(remote.received.slice(before).map((message) => message.command)).toEqual(['pong']);
    },
  );

  it('answers no pong with a pong', async () => {
    lab = new PeerLab({ network });
    const { remote } = await lab.ready();
    remote.write(kit.frame('pong', Buffer.alloc(12)));
    await lab.settle();
    expect(remote.received.map(({ command }) => command)).toEqual(['version', 'verack']);
  });

  it('hands on what came whole before the bytes that end it', async () => {
    lab = new PeerLab({ network });
    const gates: (() => void)[] = [];
    lab.handle = () => new Promise((resolve) => gates.push(resolve));
    const { peer, remote } = await lab.ready();
    remote.write(Buffer.concat([kit.frame('getaddr'), kit.frame('mempool'), kit.oversizedFrame()]));
    await lab.settle();
    expect((await peer.closed).reason).toBe('oversized');
    expect(lab.handled).toEqual(['getaddr']);
    gates[0]!();
    await lab.settle();
    expect(lab.handled).toEqual(['getaddr', 'mempool']);
    await remote.closed;
  });

  it('is given up when we have a fault, and the process lives on', async () => {
    lab = new PeerLab({ network });
    Logger.overrideLogger(false);
    lab.handle = () => {
      throw new Error('a dispatcher never throws');
    };
    const { peer, remote } = await lab.ready();
    remote.write(kit.frame('getaddr'));
    await lab.settle();
    expect(await peer.closed).toMatchObject({ reason: 'malformed', by: 'us' });
  });
});

describe('legacy: a ready peer', () => {
  it('keeps the first 200 of 201 addresses', async () => {
    lab = new PeerLab({ network: LEGACY_KIT.network });
    const { peer, remote } = await lab.ready();
    const asked = peer.requestAddresses();
    await remote.expect('getaddr');
    remote.write(LEGACY_KIT.frame('addr', list(201, Buffer.alloc(30))));
    await expect(asked).resolves.toHaveLength(200);
  });
});

describe('n3: a version', () => {
  const { network } = N3_KIT;
  const agent = Buffer.from('022f2f', 'hex');
  const withCapabilities = (...hex: string[]): Uint8Array =>
    n3Version(Buffer.concat([agent, varint(hex.length), ...hex.map((each) => Buffer.from(each, 'hex'))]));

  it.each<[string, Uint8Array, DisconnectReason, string]>([
    ['another magic', n3Version(Buffer.from([0, 0]), 7), 'wrong-network', 'version magic magic'],
    [
      'a capability twice',
      withCapabilities('1001000000', '1002000000'),
      'malformed',
      'version capabilities[1].type value',
    ],
    ['a port twice', withCapabilities('015d28', '015d28'), 'malformed', 'version capabilities[1].type value'],
    ['33 capabilities', withCapabilities(...Array<string>(33).fill('f000')), 'malformed', 'version capabilities limit'],
    [
      'an unknown capability of 1025 bytes',
      withCapabilities(`f0fd0104${'00'.repeat(1025)}`),
      'malformed',
      'version capabilities[0].data limit',
    ],
    ['DisableCompression with a body', withCapabilities('0301'), 'malformed', 'version capabilities[0].data value'],
    [
      'a user agent of 1025 bytes',
      n3Version(Buffer.from(`fd0104${'2f'.repeat(1025)}00`, 'hex')),
      'malformed',
      'version userAgent limit',
    ],
    ['no capabilities to read', n3Version(agent), 'malformed', 'version capabilities truncated'],
  ])('with %s ends the connection', async (_, payload, reason, fault) => {
    lab = new PeerLab({ network });
    const other = await lab.ready();
    const { peer, remote } = await lab.inbound();
    remote.write(n3Frame('version', payload));
    await lab.settle();
    const { error, ...end } = await peer.closed;
    expect(end).toMatchObject({ reason, by: 'us' });
    expect(faultOf(error)).toBe(fault);
    expect(remote.received.map(({ command }) => command)).toEqual(['version']);
    expect(other.peer.state).toBe('ready');
  });

  it.each<[string, Uint8Array]>([
    [
      '32 unknown capabilities of 1024 bytes',
      withCapabilities(...Array<string>(32).fill(`f0fd0004${'00'.repeat(1024)}`)),
    ],
    ['an obsolete port', withCapabilities('025d28')],
    ['a user agent that is no text', n3Version(Buffer.from('02ffff00', 'hex'))],
    ['bytes after it', Buffer.concat([withCapabilities(), HASH])],
  ])('with %s is taken', async (_, payload) => {
    lab = new PeerLab({ network });
    const { peer, remote } = await lab.inbound();
    remote.write(Buffer.concat([n3Frame('version', payload), n3Frame('verack')]));
    await lab.settle();
    expect(peer.state).toBe('ready');
  });
});
