import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BlockHeader } from '../../src/wire/common/block-header.js';
import type { Block } from '../../src/wire/common/block.js';
import { dialectOf, type Message } from '../../src/wire/messages.js';
import { InventoryPayload } from '../../src/wire/legacy/inventory.payload.js';
import { checksum } from '../../src/wire/primitives/hashing.js';
import { SystemClock } from '../../src/environment/system-clock.js';
import { SystemTransport } from '../../src/environment/system-transport.js';
import { ScriptedPeer } from '../../src/testing/scripted-peer.js';
import { UInt256 } from '../../src/wire/primitives/uint256.js';
import type { Peer } from '../../src/peer/peer.js';
import { PeerEvents } from '../../src/peer/events/peer-events.js';
import { NEO_ONE_GENESIS, NEO_ONE_MAGIC, NeoOne, RECORDED_CHAIN } from './neo-one.js';
import { OurSide } from './our-side.js';

const HANDSHAKES = 50;
const TIP = 2599;
const GENESIS = UInt256.from(NEO_ONE_GENESIS);
const legacy = dialectOf('legacy');

async function withOurSide<T>(use: (side: OurSide) => Promise<T>): Promise<T> {
  const side = await OurSide.start();
  try {
    return await use(side);
  } finally {
    await side.stop();
  }
}

describe('NEO-ONE with a recorded chain', () => {
  let node: NeoOne;
  let side: OurSide;
  const dial = (): Promise<Peer> => side.factory.dial(node.address);

  beforeAll(async () => {
    node = await NeoOne.start(...RECORDED_CHAIN);
    side = await OurSide.start();
  });

  afterAll(async () => {
    await side.stop();
    await node.stop();
  });

  it('says who and where it is', () => {
    expect(node.facts).toMatchObject({ height: TIP, genesis: NEO_ONE_GENESIS });
  });

  it(`completes ${HANDSHAKES} handshakes that we begin`, async () => {
    for (let i = 0; i < HANDSHAKES; i++) {
      // One node has one nonce, and NEO-ONE refuses a nonce it still counts as connected.
      await withOurSide(async ({ factory }) => {
        const peer = await factory.dial(node.address, { timeoutMs: 10_000 });
        expect(peer.version).toMatchObject({
          userAgent: node.facts.userAgent,
          nonce: node.facts.nonce,
          startHeight: TIP,
        });
        await peer.disconnect();
        await expect(peer.closed).resolves.toMatchObject({ reason: 'local', by: 'us' });
      });
    }
  });

  it('serves headers 1 to 2598 the plain way, and its tip', async () => {
    const peer = await dial();
    const first = await peer.requestHeaders({ after: GENESIS });
    expect([first.length, first[0]!.index, first.at(-1)!.index]).toEqual([500, 1, 500]);
    const headers: BlockHeader[] = [];
    for await (const header of peer.headers({ after: GENESIS })) headers.push(header);
    expect(headers.map(({ index }) => index)).toEqual(Array.from({ length: TIP }, (_, i) => i + 1));
    expect(headers.every((header, i) => header.prevHash.equals(i === 0 ? GENESIS : headers[i - 1]!.hash))).toBe(true);
    await peer.disconnect();
  });

  it('serves its tip only when stop is start', async () => {
    const peer = await dial();
    const start = recordedBlock(TIP - 1).header.hash;
    await expect(peer.requestHeaders({ after: start })).resolves.toEqual([]);
    const [tip] = await peer.requestHeaders({ after: start }, { stop: start });
    expect(tip?.hash.toString()).toBe(recordedBlock(TIP).header.hash.toString());
    await peer.disconnect();
  });

  it('serves blocks by hash', async () => {
    const peer = await dial();
    const hashes = await peer.requestBlockHashes(GENESIS);
    expect(hashes.length).toBe(500);
    const { found, missing } = await peer.requestBlocks(hashes);
    expect(missing).toEqual([]);
    expect(found.map(({ index }) => index)).toEqual(Array.from({ length: 500 }, (_, i) => i + 1));
    expect(found.every((block, i) => Buffer.from(recordedBlock(i + 1).raw).equals(block.raw))).toBe(true);
    await peer.disconnect();
  });

  it('tells addresses of the nodes connected to it', async () => {
    const other = await OurSide.start({ announcePort: 23456 });
    const peer = await dial();
    try {
      await other.factory.dial(node.address);
      await expect(peer.requestAddresses()).resolves.toContainEqual(
        expect.objectContaining({ host: '127.0.0.1', port: 23456 }),
      );
    } finally {
      await peer.disconnect();
      await other.stop();
    }
  });

  it.each([
    ['the magic of another network', Buffer.alloc(24)],
    ['a checksum that is wrong', corruptChecksum(frame({ command: 'verack' }))],
    ['a verack before the version', frame({ command: 'verack' })],
    ['a request before the version', frame({ command: 'getaddr' })],
    ['a payload that is cut off', truncatedInventory()],
  ])('closes on %s, and goes on with us', async (_what, bytes) => {
    await hungUpOn(bytes);
    const peer = await dial();
    expect(peer.state).toBe('ready');
    await peer.disconnect();
  });

  it.each([
    ['a second version', (remote: ScriptedPeer) => remote.send(remote.version(1))],
    ['a second verack', (remote: ScriptedPeer) => remote.send(legacy.verack())],
    ['a command it does not know', (remote: ScriptedPeer) => remote.write(unknownCommand())],
    ['an inventory of an undefined type', (remote: ScriptedPeer) => remote.write(undefinedInventory())],
  ])('hangs up on a ready peer for %s', async (_what, misbehave) => {
    const remote = await ScriptedPeer.connect(new SystemTransport(new SystemClock()), node.address, {
      dialect: 'legacy',
      magic: NEO_ONE_MAGIC,
    });
    remote.send(remote.version(0));
    await remote.expect('verack');
    remote.send(legacy.verack());
    await remote.expect('getaddr');
    misbehave(remote);
    await expect(remote.closed).resolves.toBeUndefined(); // or the test runs out of time
  });

  /** Sends these bytes instead of a handshake, and resolves when the node has hung up; else the test runs out of time. */
  async function hungUpOn(bytes: Uint8Array): Promise<void> {
    const socket = connect(node.address.port, node.address.host);
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'connect');
    socket.write(bytes);
    await once(socket, 'close');
  }
});

describe('NEO-ONE that dials us', () => {
  it(`completes ${HANDSHAKES} handshakes that it begins`, async () => {
    const sides = await Promise.all(Array.from({ length: HANDSHAKES }, () => OurSide.start()));
    const listeners = await Promise.all(sides.map(({ factory }) => factory.listen({ host: '127.0.0.1', port: 0 })));
    const ready = sides.map(
      ({ application }) => new Promise<Peer>((resolve) => void application.get(PeerEvents).on('ready', resolve)),
    );
    const seeds = listeners.map(({ address }) => `127.0.0.1:${address.port}`).join(',');
    const options = ['--no-listen', '--seeds', seeds, '--max-peers', String(HANDSHAKES), '--connect-delay', '200'];
    const node = await NeoOne.start(...RECORDED_CHAIN, ...options);
    try {
      const peers = await Promise.all(ready);
      expect(peers.map(({ direction }) => direction)).toEqual(peers.map(() => 'inbound'));
      expect(peers.every(({ version }) => version?.nonce === node.facts.nonce)).toBe(true);
    } finally {
      await node.stop();
      await Promise.all(sides.map((side) => side.stop()));
    }
  });
});

describe('NEO-ONE with a live chain', () => {
  it('announces blocks and transactions, and serves them', async () => {
    const node = await NeoOne.start('--live-ms', '1000', '--tx-every', '300', '--magic', String(NEO_ONE_MAGIC));
    const side = await OurSide.start();
    try {
      const peer = await side.factory.dial(node.address);
      const [block, transaction] = await Promise.all([
        announced(side, peer, 'block'),
        announced(side, peer, 'transaction'),
      ]);
      const blocks = await peer.requestBlocks([block]);
      expect(blocks.found[0]?.hash.toString()).toBe(block.toString());
      const transactions = await peer.requestTransactions([transaction]);
      expect(transactions.found[0]?.hash.toString()).toBe(transaction.toString());
    } finally {
      await side.stop();
      await node.stop();
    }
  });
});

/** The first hash of that kind that the peer announces. */
function announced(side: OurSide, from: Peer, kind: 'block' | 'transaction'): Promise<UInt256> {
  return new Promise((resolve) => {
    const off = side.application.get(PeerEvents).on('message', (peer: Peer, message: Message) => {
      if (peer !== from || message.command !== 'inv' || message.payload.kind !== kind) return;
      off();
      resolve(message.payload.hashes.at(0));
    });
  });
}

const recorded = readFileSync(join(import.meta.dirname, 'priv7-2600.acc'));

/** Block `index` of the recorded chain, found by walking the file. */
function recordedBlock(index: number): Block {
  let at = 4;
  for (let i = 0; i < index; i++) at += 4 + recorded.readUInt32LE(at);
  return legacy.decodePayload('block', recorded.subarray(at + 4, at + 4 + recorded.readUInt32LE(at))) as Block;
}

function frame({ command }: { command: 'verack' | 'getaddr' }): Buffer {
  const message = command === 'verack' ? legacy.verack() : legacy.requestAddresses();
  return Buffer.from(legacy.encode(message, NEO_ONE_MAGIC));
}

function unknownCommand(): Buffer {
  const bytes = frame({ command: 'verack' });
  bytes.write('foobar', 4, 'latin1');
  return bytes;
}

function undefinedInventory(): Buffer {
  const payload = InventoryPayload.from({ kind: 'block', hashes: [GENESIS] });
  const bytes = Buffer.from(legacy.encode({ dialect: 'legacy', command: 'inv', payload }, NEO_ONE_MAGIC));
  bytes.writeUInt8(0x77, 24);
  bytes.writeUInt32LE(checksum(bytes.subarray(24)), 20);
  return bytes;
}

function corruptChecksum(bytes: Buffer): Buffer {
  bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
  return bytes;
}

function truncatedInventory(): Buffer {
  const payload = InventoryPayload.from({ kind: 'block', hashes: [GENESIS] });
  const whole = Buffer.from(legacy.encode({ dialect: 'legacy', command: 'inv', payload }, NEO_ONE_MAGIC));
  whole.writeUInt32LE(payload.raw.length - 1, 16);
  return whole.subarray(0, -1);
}
