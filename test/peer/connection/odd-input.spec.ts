import { afterEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { DisconnectReason } from '../../../src/persistence/disconnect-reason.js';
import { dialectOf } from '../../../src/wire/messages.js';
import { chainBlocks } from '../../support/local-chain.js';
import { PeerLab } from '../../support/peer-lab.js';
import { rawFrame } from '../../support/frames.js';

const { encode, verack, ping } = dialectOf('legacy');
const NOTHING = new Uint8Array(0);
const HASH = new Uint8Array(32).fill(1);

let lab: PeerLab;
afterEach(() => lab.close());

function varint(value: number): Buffer {
  if (value < 0xfd) return Buffer.from([value]);
  const bytes = Buffer.alloc(3, 0xfd);
  if (value <= 0xffff) bytes.writeUInt16LE(value, 1);
  if (value <= 0xffff) return bytes;
  const wide = Buffer.alloc(5, 0xfe);
  wide.writeUInt32LE(value, 1);
  return wide;
}

function hashes(count: number): Buffer {
  return Buffer.concat([varint(count), Buffer.alloc(32 * count, 7)]);
}

function inventory(type: number, count: number): Buffer {
  return Buffer.concat([Buffer.from([type]), hashes(count)]);
}

function headers(count: number): Buffer {
  const [block] = chainBlocks(1);
  const entry = Buffer.concat([block!.header.raw, Buffer.from([0])]);
  return Buffer.concat([varint(count), ...Array.from({ length: count }, () => entry)]);
}

function starts(count: number): Buffer {
  return Buffer.concat([hashes(count), Buffer.alloc(32)]);
}

/** What a ready peer doesn't forgive. */
const CLOSED: readonly (readonly [string, Uint8Array, DisconnectReason])[] = [
  ['another magic', rawFrame('getaddr', NOTHING, { magic: 7 }), 'wrong-network'],
  ['a wrong checksum', rawFrame('getaddr', NOTHING, { checksum: 7 }), 'bad-checksum'],
  ['a wrong checksum of an unknown command', rawFrame('address', HASH, { checksum: 7 }), 'bad-checksum'],
  ['a frame over its limit', rawFrame('block', NOTHING, { length: 0x02000001 }), 'oversized'],
  ['a payload that ends too early', rawFrame('ping', Buffer.alloc(11)), 'malformed'],
  ['an undefined inventory type in an inv', rawFrame('inv', inventory(5, 1)), 'malformed'],
  ['an undefined inventory type in a getdata', rawFrame('getdata', inventory(0, 1)), 'malformed'],
  ['over 65,536 hashes in an inv', rawFrame('inv', inventory(1, 65_537)), 'malformed'],
  ['over 65,536 hashes in a getdata', rawFrame('getdata', inventory(2, 65_537)), 'malformed'],
  ['no start hash in a getheaders', rawFrame('getheaders', starts(0)), 'malformed'],
  ['no start hash in a getblocks', rawFrame('getblocks', starts(0)), 'malformed'],
  ['17 start hashes in a getheaders', rawFrame('getheaders', starts(17)), 'malformed'],
  ['17 start hashes in a getblocks', rawFrame('getblocks', starts(17)), 'malformed'],
  ['2001 headers', rawFrame('headers', headers(2001)), 'malformed'],
  ['half a block', rawFrame('block', Buffer.alloc(100)), 'malformed'],
  [
    'a filter over its limit',
    rawFrame('filterload', Buffer.concat([varint(36_001), Buffer.alloc(36_006)])),
    'malformed',
  ],
  ['51 hash functions', rawFrame('filterload', Buffer.from([1, 255, 51, 0, 0, 0, 0])), 'malformed'],
  [
    'a filter element over its limit',
    rawFrame('filteradd', Buffer.concat([varint(521), Buffer.alloc(521)])),
    'malformed',
  ],
  ['fewer addresses than it says', rawFrame('addr', Buffer.concat([varint(2), Buffer.alloc(30)])), 'malformed'],
  [
    'a second version',
    rawFrame('version', Buffer.concat([Buffer.alloc(28), Buffer.from([0, 0, 0, 0])])),
    'duplicate-version',
  ],
  ['a second verack', encode(verack(), 56_753), 'duplicate-verack'],
];

/** What it takes, with the command it is counted as, and whether handlers see it. */
const KEPT: readonly (readonly [string, Uint8Array, string, boolean])[] = [
  ['an unknown command without payload', rawFrame('address', NOTHING), 'unknown', false],
  ['an unknown command with payload', rawFrame('getblockbyi', HASH), 'unknown', false],
  ['an alert', rawFrame('alert', HASH), 'alert', true],
  ['a reject', rawFrame('reject', HASH), 'reject', true],
  ['a notfound', rawFrame('notfound', inventory(2, 1)), 'notfound', true],
  ['an empty inv', rawFrame('inv', inventory(1, 0)), 'inv', true],
  ['an empty getdata', rawFrame('getdata', inventory(1, 0)), 'getdata', true],
  ['an empty addr', rawFrame('addr', varint(0)), 'addr', true],
  ['empty headers', rawFrame('headers', varint(0)), 'headers', true],
  ['5000 hashes in an inv', rawFrame('inv', inventory(1, 5000)), 'inv', true],
  ['65,536 hashes in an inv', rawFrame('inv', inventory(1, 65_536)), 'inv', true],
  ['65,536 hashes in a getdata', rawFrame('getdata', inventory(2, 65_536)), 'getdata', true],
  ['the same hash again and again', rawFrame('inv', inventory(2, 3)), 'inv', true],
  ['2000 headers', rawFrame('headers', headers(2000)), 'headers', true],
  ['over 200 addresses', rawFrame('addr', Buffer.concat([varint(201), Buffer.alloc(201 * 30)])), 'addr', true],
  ['an unknown start', rawFrame('getheaders', starts(1)), 'getheaders', true],
  ['16 starts', rawFrame('getblocks', starts(16)), 'getblocks', true],
  ['a pong nobody asked for', rawFrame('pong', Buffer.alloc(12)), 'pong', true],
  ['a filter', rawFrame('filterload', Buffer.concat([Buffer.from([1, 255, 1]), Buffer.alloc(4)])), 'filterload', true],
  [
    'the largest filter element',
    rawFrame('filteradd', Buffer.concat([varint(520), Buffer.alloc(520)])),
    'filteradd',
    true,
  ],
  ['a filter cleared', rawFrame('filterclear', NOTHING), 'filterclear', true],
  ['bytes after the payload', rawFrame('ping', Buffer.alloc(20)), 'ping', true],
  ['a payload where none belongs', rawFrame('getaddr', HASH), 'getaddr', true],
];

describe('a ready peer', () => {
  it.each(CLOSED)('that sends %s is closed', async (_, bytes, reason) => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready();
    remote.write(bytes);
    await lab.settle();
    expect(await peer.closed).toMatchObject({ reason, by: 'us' });
    await remote.closed;
    expect(lab.happened).toEqual(['connected', 'ready', `disconnected ${reason}`]);
    const isDecodeError = !reason.startsWith('duplicate');
    expect((await peer.closed).error?.code).toBe(isDecodeError ? 'NEO_PEER_DECODE' : undefined);
  });

  it.each(KEPT)('that sends %s is kept, and it is counted', async (_, bytes, command, handled) => {
    lab = new PeerLab();
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
    remote.send(ping(1, 0, 1));
    await lab.settle();
    expect(remote.received.slice(before).map((message) => message.command)).toEqual(['pong']);
    await peer.disconnect();
    await remote.closed;
  });

  it('keeps the first 200 of 201 addresses', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready();
    const asked = peer.requestAddresses();
    await remote.expect('getaddr');
    remote.write(rawFrame('addr', Buffer.concat([varint(201), Buffer.alloc(201 * 30)])));
    await expect(asked).resolves.toHaveLength(200);
    await peer.disconnect();
    await remote.closed;
  });

  it('answers no pong with a pong', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready();
    remote.write(rawFrame('pong', Buffer.alloc(12)));
    await lab.settle();
    expect(remote.received.map(({ command }) => command)).toEqual(['version', 'verack']);
    await peer.disconnect();
    await remote.closed;
  });

  it('hands on what came whole before the bytes that end it', async () => {
    lab = new PeerLab();
    const gates: (() => void)[] = [];
    lab.handle = () => new Promise((resolve) => gates.push(resolve));
    const { peer, remote } = await lab.ready();
    remote.write(Buffer.concat([rawFrame('getaddr', NOTHING), rawFrame('mempool', NOTHING), Buffer.alloc(30)]));
    await lab.settle();
    expect((await peer.closed).reason).toBe('wrong-network');
    expect(lab.handled).toEqual(['getaddr']);
    gates[0]!();
    await lab.settle();
    expect(lab.handled).toEqual(['getaddr', 'mempool']);
    await remote.closed;
  });

  it('is given up when we have a fault, and the process lives on', async () => {
    lab = new PeerLab();
    Logger.overrideLogger(false);
    lab.handle = () => {
      throw new Error('a dispatcher never throws');
    };
    const { peer, remote } = await lab.ready();
    remote.write(rawFrame('getaddr', NOTHING));
    await lab.settle();
    expect(await peer.closed).toMatchObject({ reason: 'malformed', by: 'us' });
  });
});
