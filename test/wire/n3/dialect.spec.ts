import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { CapabilityFacts, LocalFacts } from '../../../src/wire/common/node-facts.js';
import type { InventoryKind } from '../../../src/wire/common/inventory.js';
import { n3Dialect } from '../../../src/wire/n3/dialect.js';
import {
  ExtensiblePayload,
  InventoryPayload,
  MptDataPayload,
  N3Block,
  N3BlockHeader,
  PingPayload,
  type VersionPayload,
} from '../../../src/wire/n3/index.js';
import { codecOf, findCommand, type N3Command, type N3Message } from '../../../src/wire/n3/payloads.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { HashList } from '../../../src/wire/primitives/hash-list.js';
import { UInt160 } from '../../../src/wire/primitives/uint160.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { refusalOf } from '../../support/decode-failure.js';
import { decodeN3, N3_LOCAL } from '../../support/n3-decoding.js';
import { N3_COMMAND_BYTES } from '../../support/n3-frames.js';
import { bytes, loadN3LocalChain, loadN3Vectors } from '../../support/vectors.js';

type Sent = Parameters<typeof n3Dialect.encode>[0];

const NOW_MS = 1_700_000_000_999;
const hash = (n: number): UInt256 => UInt256.fromBytes(new Uint8Array(32).fill(n));
const hashesOf = (count: number): HashList => new HashList(new Uint8Array(32 * count));
const FACTS: LocalFacts = {
  protocolVersion: 0,
  services: 0n,
  nonce: 9,
  userAgent: '/x/',
  relay: true,
  port: 0,
  height: 0,
  nowMs: NOW_MS,
  capabilities: [],
};

/** The message as the other side gets it. */
function delivered(message: Sent | undefined): N3Message {
  const [received] = decodeN3([n3Dialect.encode(message!, N3_LOCAL)]);
  return received as N3Message;
}

function json(message: Sent | undefined): unknown {
  return delivered(message).payload.toJSON();
}

describe('names', () => {
  it('are those of the protocol, each with its byte', () => {
    expect(Object.fromEntries(n3Dialect.commands.map((name) => [name, codecOf(name).byte]))).toEqual(N3_COMMAND_BYTES);
    for (const name of n3Dialect.commands) {
      expect(n3Dialect.commandOf(name)).toBe(name);
      expect(findCommand(codecOf(name).byte)!.name).toBe(name);
    }
  });

  it('are 26, and Legacy’s for a transaction', () => {
    expect(n3Dialect.name).toBe('n3');
    expect(n3Dialect.commands).toHaveLength(26);
    expect(n3Dialect.commandOf('tx')).toBe('transaction');
    const others = ['', 'TX', 'consensus', 'getroots', 'toString', 'constructor', '0x2b'];
    expect(others.map((name) => n3Dialect.commandOf(name))).toEqual(others.map(() => undefined));
  });
});

describe('capabilities', () => {
  const facts: CapabilityFacts = { relay: true, archival: true, compression: false, port: 10_333, height: 7 };

  it('say what we can do, in the order of the C# node', () => {
    expect(n3Dialect.capabilities(facts)).toEqual([
      { type: 0x10, name: 'FullNode', startHeight: 7 },
      { type: 0x11, name: 'ArchivalNode' },
      { type: 0x03, name: 'DisableCompression' },
      { type: 0x01, name: 'TcpServer', port: 10_333 },
    ]);
  });

  it('say nothing of what we do not', () => {
    const less = { relay: false, archival: false, compression: true, port: 0, height: 7 };
    expect(n3Dialect.capabilities(less)).toEqual([]);
    expect(n3Dialect.capabilities({ ...less, relay: true })).toEqual([
      { type: 0x10, name: 'FullNode', startHeight: 7 },
    ]);
  });
});

describe('version', () => {
  it('carries our facts, which the remote reads back', () => {
    const u32 = fc.nat(0xffffffff);
    const facts = fc.record({
      protocolVersion: u32,
      nonce: u32,
      userAgent: fc.string({ maxLength: 200 }),
      relay: fc.boolean(),
      archival: fc.boolean(),
      compression: fc.boolean(),
      port: fc.nat(0xffff),
      height: u32,
      nowMs: fc.nat(4_000_000_000_000),
    });
    fc.assert(
      fc.property(facts, ({ archival, compression, ...local }) => {
        const capabilities = n3Dialect.capabilities({ ...local, archival, compression });
        const received = delivered(n3Dialect.version({ ...local, services: 5n, capabilities }));
        const { nowMs, height, ...rest } = local;
        expect(n3Dialect.remoteFacts(received.payload as VersionPayload)).toEqual({
          ...rest,
          capabilities,
          acceptsCompression: compression,
          services: local.relay ? 1n : 0n,
          height: local.relay ? height : 0,
          tellsHeight: local.relay,
        });
        expect(received.payload).toMatchObject({ magic: N3_LOCAL, timestamp: Math.floor(nowMs / 1000) });
      }),
    );
  });

  it('is of the network that it is sent on', () => {
    const [received] = decodeN3([n3Dialect.encode(n3Dialect.version(FACTS), 860_833_102)], 860_833_102);
    expect(received).toMatchObject({ payload: { magic: 860_833_102 } });
    const again = n3Dialect.encode(received as N3Message, N3_LOCAL);
    expect(decodeN3([again])).toMatchObject([{ payload: { magic: N3_LOCAL } }]);
    expect(received).toMatchObject({ payload: { magic: 860_833_102 } });
  });

  it.each<[string, Partial<LocalFacts>, string]>([
    ['too long a user agent', { userAgent: 'x'.repeat(1025) }, 'userAgent'],
    [
      'more than 32 capabilities',
      { capabilities: Array.from({ length: 33 }, () => ({ type: 0xf0, name: 'Unknown', data: bytes('') }) as const) },
      'capabilities',
    ],
    [
      'a capability twice',
      { capabilities: [1, 2].map((port) => ({ type: 0x01, name: 'TcpServer', port }) as const) },
      'capabilities[1].type',
    ],
  ])('is not made of %s', (_name, wrong, field) => {
    expect(refusalOf(() => n3Dialect.version({ ...FACTS, ...wrong }))).toMatchObject({ command: 'version', field });
  });

  it('is the only message that tells facts', () => {
    const verack = delivered(n3Dialect.verack());
    expect(() => n3Dialect.remoteFacts(verack.payload as VersionPayload)).toThrow(TypeError);
    expect(() => n3Dialect.pingFacts(verack)).toThrow(TypeError);
    expect(() => n3Dialect.pong(verack, 0, 0)).toThrow(TypeError);
  });
});

describe('pings', () => {
  it.each([
    [-1, 0],
    [2 ** 32 * 1000, 0xffffffff],
  ])('are sent whatever the clock says: at %d ms', (nowMs, timestamp) => {
    expect(json(n3Dialect.ping(7, nowMs, 9))).toEqual({ lastBlockIndex: 7, timestamp, nonce: 9 });
  });

  it('are answered with our height and their nonce', () => {
    const received = delivered(n3Dialect.ping(7, NOW_MS, 9));
    expect(received).toMatchObject({ command: 'ping', size: 15 });
    expect(n3Dialect.pingFacts(received)).toEqual({ height: 7, nonce: 9 });
    const answer = delivered(n3Dialect.pong(received, 8, NOW_MS + 1));
    expect(answer.command).toBe('pong');
    expect(answer.payload).toBeInstanceOf(PingPayload);
    expect(answer.payload.toJSON()).toEqual({ lastBlockIndex: 8, timestamp: 1_700_000_001, nonce: 9 });
    expect(n3Dialect.pingFacts(answer)).toEqual({ height: 8, nonce: 9 });
  });
});

describe('requests', () => {
  it.each([
    [undefined, -1],
    [1, 1],
    [2000, 2000],
    [5000, 2000],
  ])('for %p headers begin at an index', (count, sent) => {
    const message = n3Dialect.requestHeaders({ index: 5 }, count === undefined ? {} : { count });
    expect(delivered(message)).toMatchObject({ command: 'getheaders' });
    expect(json(message)).toEqual({ indexStart: 5, count: sent });
  });

  it('for headers after a hash do not exist', () => {
    expect(n3Dialect.requestHeaders({ after: hash(1) }, {})).toBeUndefined();
  });

  it.each([
    [undefined, -1],
    [3, 3],
    [501, 500],
  ])('for %p hashes begin after one', (count, sent) => {
    const message = n3Dialect.requestBlockHashes(hash(1), count === undefined ? {} : { count });
    expect(delivered(message)).toMatchObject({ command: 'getblocks' });
    expect(json(message)).toEqual({ hashStart: String(hash(1)), count: sent });
  });

  it.each([
    [1, 1],
    [500, 500],
    [501, 500],
  ])('for %p blocks begin at an index', (count, sent) => {
    const message = n3Dialect.requestBlocksByIndex(5, count);
    expect(delivered(message)).toMatchObject({ command: 'getblockbyindex' });
    expect(json(message)).toEqual({ indexStart: 5, count: sent });
  });

  it.each(['transaction', 'block', 'extensible', 'notaryrequest'] as const)('name objects of kind %s', (kind) => {
    const list = HashList.of([hash(1), hash(2)]);
    for (const [command, message] of [
      ['getdata', n3Dialect.requestObjects(kind, list)],
      ['inv', n3Dialect.inventory(kind, list)],
      ['notfound', n3Dialect.notFound(kind, list)],
    ] as const) {
      const received = delivered(message);
      expect(received).toMatchObject({ command, payload: { kind } });
      expect([...(received.payload as InventoryPayload).hashes].map(String)).toEqual([hash(1), hash(2)].map(String));
    }
  });

  it.each<InventoryKind>(['consensus', 'stateroot'])('do not name objects of kind %s', (kind) => {
    const list = HashList.of([hash(1)]);
    expect(n3Dialect.requestObjects(kind, list)).toBeUndefined();
    expect(n3Dialect.notFound(kind, list)).toBeUndefined();
    expect(refusalOf(() => n3Dialect.inventory(kind, list))).toMatchObject({ field: 'type', problem: 'value' });
  });

  it('for addresses and handshakes carry nothing', () => {
    expect(delivered(n3Dialect.requestAddresses())).toMatchObject({ command: 'getaddr', size: 3 });
    expect(delivered(n3Dialect.verack())).toMatchObject({ command: 'verack', size: 3 });
  });

  it('must come before three answers', () => {
    const asked = n3Dialect.commands.filter((command) => n3Dialect.requestFor(command) !== undefined);
    expect(asked.map((command) => [command, n3Dialect.requestFor(command)])).toEqual([
      ['addr', 'getaddr'],
      ['pong', 'ping'],
      ['headers', 'getheaders'],
    ]);
  });
});

describe('an answer', () => {
  const hashList = HashList.of([hash(1), hash(2), hash(3)]);

  it.each<[string, Sent | undefined, number]>([
    ['as many headers as nodes give', n3Dialect.requestHeaders({ index: 0 }, {}), 2000],
    ['the headers asked for', n3Dialect.requestHeaders({ index: 0 }, { count: 7 }), 7],
    ['as many hashes as nodes give', n3Dialect.requestBlockHashes(hash(1), {}), 500],
    ['the hashes asked for', n3Dialect.requestBlockHashes(hash(1), { count: 7 }), 7],
    ['as many blocks as nodes give', raw('getblockbyindex', '00000000ffff'), 500],
    ['no more blocks, if more are asked for', raw('getblockbyindex', '00000000d007'), 500],
    ['no more hashes, if more are asked for', raw('getblocks', `${'00'.repeat(32)}ff7f`), 500],
    ['the blocks asked for', n3Dialect.requestBlocksByIndex(0, 7), 7],
    ['200 addresses', n3Dialect.requestAddresses(), 200],
    ['the objects asked for', n3Dialect.requestObjects('block', hashList), 3],
    ['the nodes asked for', raw('getmptdata', `01${'00'.repeat(32)}`), 1],
    ['as much as a memory pool holds', raw('mempool', ''), 50_000],
  ])('has at most %s', (_name, request, size) => {
    expect(n3Dialect.answerSize(delivered(request))).toBe(size);
  });

  it('is not given to what is no request', () => {
    expect(() => n3Dialect.answerSize(delivered(n3Dialect.verack()))).toThrow(TypeError);
  });

  it('carries headers, also those that another class holds', () => {
    const [known] = loadN3Vectors('headers.json');
    const header = N3BlockHeader.decode(new ByteReader(bytes(known!.hex), 'headers'));
    const stranger = new Proxy(header, {
      getPrototypeOf: () => Object.prototype,
      get: (of, key) => (key === 'raw' ? of.raw : undefined),
    });
    for (const given of [header, stranger]) {
      const received = delivered(n3Dialect.headers([given]));
      expect(received.command).toBe('headers');
      expect(received.payload.toJSON()).toMatchObject({ headers: [{ hash: header.hash.toString() }] });
    }
  });

  it('carries addresses', () => {
    const address = { host: '10.0.0.1', port: 10_333, timestamp: 5, services: 1n };
    expect(delivered(n3Dialect.addresses([address]))).toMatchObject({
      command: 'addr',
      payload: { addresses: [address] },
    });
  });

  it('carries every object under its command', () => {
    const block = N3Block.decode(new ByteReader(loadN3LocalChain()[0]!, 'block'));
    const extensible = ExtensiblePayload.from({
      category: 'dBFT',
      validBlockStart: 0,
      validBlockEnd: 1,
      sender: UInt160.ZERO,
      data: bytes('01'),
      witness: { invocation: bytes(''), verification: bytes('') },
    });
    const notary = raw('p2pnotaryrequest', vectorOf('p2pnotaryrequest')).payload;
    const merkle = raw('merkleblock', vectorOf('merkleblock')).payload;
    const objects = [block, block.transactions[0]!, extensible, notary, merkle];
    const commands = objects.map((object) => delivered(n3Dialect.object(object)).command);
    expect(commands).toEqual(['block', 'transaction', 'extensible', 'p2pnotaryrequest', 'merkleblock']);
  });

  it('carries nodes of the state trie, as many as a message holds', () => {
    expect(n3Dialect.trieNodes([])).toBeUndefined();
    const { payload } = delivered(n3Dialect.trieNodes([bytes('01'), bytes('0203')]));
    expect(payload.toJSON()).toEqual({ nodes: ['01', '0203'] });
    const large = new Uint8Array(0x01000000);
    const cut = n3Dialect.trieNodes([large, bytes('01'), large, large])!;
    expect(Array.from((cut.payload as MptDataPayload).nodes, ({ length }) => length)).toEqual([large.length, 1]);
    expect(n3Dialect.trieNodes([new Uint8Array(0x02000000)])).toBeUndefined();
  });

  it('carries no state roots', () => {
    expect(n3Dialect.stateRoots(delivered(n3Dialect.verack()), [])).toBeUndefined();
  });
});

describe('a message that can be sent to nobody', () => {
  it.each<[command: string, field: string, run: () => unknown]>([
    ['getheaders', 'count', () => n3Dialect.requestHeaders({ index: 0 }, { count: 0 })],
    ['getblockbyindex', 'count', () => n3Dialect.requestBlocksByIndex(0, 0)],
    ['getblocks', 'count', () => n3Dialect.requestBlockHashes(UInt256.ZERO, { count: 0 })],
    ['inv', 'hashes', () => n3Dialect.inventory('block', hashesOf(501))],
    ['inv', 'type', () => n3Dialect.inventory('consensus', hashesOf(1))],
    ['getdata', 'hashes', () => n3Dialect.requestObjects('block', hashesOf(501))],
    ['notfound', 'hashes', () => n3Dialect.notFound('block', hashesOf(501))],
    ['headers', 'headers', () => n3Dialect.headers([])],
    ['addr', 'addresses', () => n3Dialect.addresses([])],
    ['version', 'userAgent', () => n3Dialect.version({ ...FACTS, userAgent: 'x'.repeat(1025) })],
  ])('is refused as %s, for its %s', (command, field, run) => {
    expect(refusalOf(run)).toMatchObject({ command, field });
  });
});

describe('limits', () => {
  it('are those of the protocol', () => {
    expect(n3Dialect.limits).toEqual({
      handshakeFrame: 40 * 1024,
      frame: 0x02000000 + 11,
      inventoryHashes: 500,
      headersPerAnswer: 2000,
      blockHashesPerAnswer: 500,
      blocksPerRequest: 500,
      addresses: 200,
      rememberedHashes: 1000,
      heightJump: Infinity,
      transaction: 102_400,
    });
  });

  it('let the longest version message through before a peer is ready', () => {
    const data = new Uint8Array(1024);
    const capabilities = Array.from({ length: 32 }, () => ({ type: 0xf0, name: 'Unknown', data }) as const);
    const longest = n3Dialect.version({ ...FACTS, userAgent: 'x'.repeat(1024), capabilities });
    expect(n3Dialect.encode(longest, N3_LOCAL).length).toBeLessThanOrEqual(n3Dialect.limits.handshakeFrame);
  });

  it('keep a payload from being sent that nobody takes', () => {
    const message = {
      dialect: 'n3',
      command: 'alert',
      payload: { raw: new Uint8Array(0x02000001) },
    } as unknown as Sent;
    expect(refusalOf(() => n3Dialect.encode(message, N3_LOCAL))).toEqual({
      command: 'frame',
      field: 'length',
      offset: 2,
      problem: 'limit',
    });
  });
});

describe('encode', () => {
  it.each<N3Command>(['verack', 'getaddr', 'mempool', 'filterclear'])('sends %s without a payload', (command) => {
    const { payload } = raw(command, '0102');
    expect(Buffer.from(n3Dialect.encode({ dialect: 'n3', command, payload } as Sent, N3_LOCAL))).toEqual(
      Buffer.of(0, N3_COMMAND_BYTES[command]!, 0),
    );
  });

  it('copies the payload, so that later changes to it are not sent', () => {
    const data = Buffer.from('0102', 'hex');
    const payload = n3Dialect.decodePayload('alert', data);
    const frame = n3Dialect.encode({ dialect: 'n3', command: 'alert', payload } as Sent, N3_LOCAL);
    data.fill(9);
    expect(Buffer.from(frame.subarray(3)).toString('hex')).toBe('0102');
  });
});

function raw(command: N3Command, hex: string): Sent {
  return { dialect: 'n3', command, payload: n3Dialect.decodePayload(command, bytes(hex)) } as Sent;
}

function vectorOf(command: string): string {
  return loadN3Vectors('payloads.json').find((vector) => vector.command === command)!.hex;
}
