import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Capability } from '../../../src/wire/common/capability.js';
import type { LocalFacts } from '../../../src/wire/common/node-facts.js';
import type { InventoryKind } from '../../../src/wire/common/inventory.js';
import { legacyDialect } from '../../../src/wire/legacy/dialect.js';
import {
  HashRangePayload,
  InventoryPayload,
  LegacyBlockHeader,
  PingPayload,
  type VersionPayload,
} from '../../../src/wire/legacy/index.js';
import { codecOf, type LegacyCommand, type LegacyMessage } from '../../../src/wire/legacy/payloads.js';
import { dialectOf } from '../../../src/wire/messages.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { HashList } from '../../../src/wire/primitives/hash-list.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { refusalOf } from '../../support/decode-failure.js';
import { decodeAll, PRIVNET } from '../../support/frames.js';
import { bytes, loadVectors } from '../../support/vectors.js';

type Sent = Parameters<typeof legacyDialect.encode>[0];

const NOW_MS = 1_700_000_000_999;
const hash = (n: number): UInt256 => UInt256.fromBytes(new Uint8Array(32).fill(n));

/** The message as the other side gets it. */
function delivered(message: Sent | undefined): LegacyMessage {
  const [received] = decodeAll([legacyDialect.encode(message!, PRIVNET)]);
  return received as LegacyMessage;
}

describe('names', () => {
  it.each(legacyDialect.commands)('%s is a command, under its common and its wire name', (command) => {
    expect(legacyDialect.commandOf(command)).toBe(command);
    expect(legacyDialect.commandOf(codecOf(command).wireName)).toBe(command);
  });

  it('tells the transaction by both of its names, and knows no others', () => {
    expect(legacyDialect.commandOf('tx')).toBe('transaction');
    expect(codecOf('transaction').wireName).toBe('tx');
    const others = ['', 'TX', 'address', 'toString', 'constructor', 'version\0', 'a'.repeat(20)];
    expect(others.map((name) => legacyDialect.commandOf(name))).toEqual(others.map(() => undefined));
    expect(legacyDialect.commands).toHaveLength(25);
  });

  it('belongs to the dialect of its name', () => {
    expect(dialectOf('legacy').name).toBe('legacy');
    expect(dialectOf('legacy').commandOf('tx')).toBe('transaction');
    expect(dialectOf('n3').name).toBe('n3');
  });
});

/** What Legacy has no words for. */
const n3Capabilities: readonly Capability[] = [{ type: 0x10, name: 'FullNode', startHeight: 7 }];

describe('version', () => {
  it('carries our facts, which the remote reads back', () => {
    const facts = fc.record<LocalFacts>({
      protocolVersion: fc.nat(),
      services: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      nonce: fc.nat(),
      userAgent: fc.string({ maxLength: 200 }),
      relay: fc.boolean(),
      port: fc.nat(0xffff),
      height: fc.nat(),
      nowMs: fc.nat(4_000_000_000_000),
      capabilities: fc.constant(n3Capabilities),
    });
    fc.assert(
      fc.property(facts, (local) => {
        const received = delivered(legacyDialect.version(local));
        const { nowMs, ...rest } = local;
        expect(legacyDialect.remoteFacts(received.payload as VersionPayload)).toEqual({
          ...rest,
          capabilities: [],
          acceptsCompression: false,
          tellsHeight: true,
        });
        expect(received.payload).toMatchObject({ timestamp: Math.floor(nowMs / 1000) });
      }),
    );
  });

  it('is the only message that tells facts', () => {
    expect(() => legacyDialect.remoteFacts(delivered(legacyDialect.verack()).payload as VersionPayload)).toThrow(
      TypeError,
    );
    expect(() => legacyDialect.pingFacts(delivered(legacyDialect.verack()))).toThrow(TypeError);
  });
});

describe('pings', () => {
  it.each([
    [-1, 0],
    [2 ** 32 * 1000, 0xffffffff],
  ])('are sent whatever the clock says: at %d ms', (nowMs, timestamp) => {
    const { payload } = delivered(legacyDialect.ping(7, nowMs, 9)) as LegacyMessage & { command: 'ping' };
    expect(payload.timestamp).toBe(timestamp);
  });

  it('carry height, time in seconds and nonce', () => {
    const received = delivered(legacyDialect.ping(7, NOW_MS, 9));
    expect(received).toMatchObject({ command: 'ping', size: 36 });
    expect(received.payload.toJSON()).toEqual({ lastBlockIndex: 7, timestamp: 1_700_000_000, nonce: 9 });
    expect(legacyDialect.pingFacts(received)).toEqual({ height: 7, nonce: 9 });
  });

  it('are answered with our height and their nonce', () => {
    const answer = delivered(legacyDialect.pong(delivered(legacyDialect.ping(7, NOW_MS, 9)), 8, NOW_MS + 1));
    expect(answer.command).toBe('pong');
    expect(answer.payload).toBeInstanceOf(PingPayload);
    expect(answer.payload.toJSON()).toEqual({ lastBlockIndex: 8, timestamp: 1_700_000_001, nonce: 9 });
    expect(legacyDialect.pingFacts(answer)).toEqual({ height: 8, nonce: 9 });
  });
});

describe('requests', () => {
  it.each([
    [
      'getheaders',
      (stop?: UInt256) => legacyDialect.requestHeaders({ after: hash(1) }, stop === undefined ? {} : { stop }),
    ],
    ['getblocks', (stop?: UInt256) => legacyDialect.requestBlockHashes(hash(1), stop === undefined ? {} : { stop })],
  ] as const)('%s begin after one hash and end nowhere, or before stop', (command, request) => {
    const open = delivered(request());
    expect(open.command).toBe(command);
    const { starts, stop } = open.payload as HashRangePayload;
    expect([...starts].map(String)).toEqual([String(hash(1))]);
    expect(stop.equals(UInt256.ZERO)).toBe(true);
    expect((delivered(request(hash(2))).payload as HashRangePayload).stop.equals(hash(2))).toBe(true);
  });

  it.each(['transaction', 'block', 'stateroot', 'consensus'] as const)(
    'for objects of kind %s name their hashes',
    (kind) => {
      for (const [command, message] of [
        ['getdata', legacyDialect.requestObjects(kind, HashList.of([hash(1), hash(2)]))],
        ['inv', legacyDialect.inventory(kind, HashList.of([hash(1), hash(2)]))],
      ] as const) {
        const received = delivered(message);
        expect(received).toMatchObject({ command, payload: { kind } });
        expect([...(received.payload as InventoryPayload).hashes].map(String)).toEqual([hash(1), hash(2)].map(String));
      }
    },
  );

  it('for addresses and handshakes carry nothing', () => {
    expect(delivered(legacyDialect.requestAddresses())).toMatchObject({ command: 'getaddr', size: 24 });
    expect(delivered(legacyDialect.verack())).toMatchObject({ command: 'verack', size: 24 });
  });

  it.each<InventoryKind>(['extensible', 'notaryrequest'])('for objects of kind %s do not exist', (kind) => {
    const list = HashList.of([hash(1)]);
    expect(legacyDialect.requestObjects(kind, list)).toBeUndefined();
    expect(refusalOf(() => legacyDialect.inventory(kind, list))).toEqual({
      command: 'inv',
      field: 'type',
      offset: 0,
      problem: 'value',
    });
  });

  it('need not come before any message', () => {
    const asked = legacyDialect.commands.filter((command) => legacyDialect.requestFor(command) !== undefined);
    expect(asked).toEqual([]);
  });

  it('by height do not exist', () => {
    expect(legacyDialect.requestHeaders({ index: 1 }, {})).toBeUndefined();
    expect(legacyDialect.requestBlocksByIndex(1, 10)).toBeUndefined();
  });
});

describe('answers', () => {
  const [known] = loadVectors<{ hex: string }[]>('headers.json');
  const header = LegacyBlockHeader.decode(new ByteReader(bytes(known!.hex), 'headers'));

  it('carry headers, also those that another class holds', () => {
    const stranger = new Proxy(header, {
      getPrototypeOf: () => Object.prototype,
      get: (of, key) => (key === 'raw' ? of.raw : undefined),
    });
    for (const given of [header, stranger]) {
      const received = delivered(legacyDialect.headers([given]));
      expect(received.command).toBe('headers');
      expect(received.payload.toJSON()).toMatchObject({ headers: [{ hash: header.hash.toString() }] });
    }
  });

  it.each<[string, Sent | undefined, number]>([
    ['2000 headers', legacyDialect.requestHeaders({ after: hash(1) }, {}), 2000],
    ['500 hashes', legacyDialect.requestBlockHashes(hash(1), {}), 500],
    ['200 addresses', legacyDialect.requestAddresses(), 200],
    ['the objects asked for', legacyDialect.requestObjects('block', HashList.of([hash(1), hash(2)])), 2],
    ['the state roots asked for', messageOf('getroots', bytes('0100000003000000')), 3],
    ['2000 state roots', messageOf('getroots', bytes('01000000ffffffff')), 2000],
    ['as much as a memory pool holds', messageOf('mempool', bytes('')), 50_000],
  ])('have at most %s', (_name, request, size) => {
    expect(legacyDialect.answerSize(delivered(request))).toBe(size);
  });

  it('are not given to what is no request', () => {
    expect(() => legacyDialect.answerSize(delivered(legacyDialect.verack()))).toThrow(TypeError);
  });

  it('say nothing of what is missing, nor of a state trie', () => {
    expect(legacyDialect.notFound('block', HashList.of([hash(1)]))).toBeUndefined();
    expect(legacyDialect.trieNodes([bytes('01')])).toBeUndefined();
  });

  it('carry addresses', () => {
    const address = { host: '10.0.0.1', port: 10_333, timestamp: 5, services: 1n };
    expect(delivered(legacyDialect.addresses([address]))).toMatchObject({
      command: 'addr',
      payload: { addresses: [address] },
    });
  });
});

describe('capabilities', () => {
  it('are none, whatever we can do', () => {
    const facts = { relay: true, archival: true, compression: true, port: 1, height: 2 };
    expect(legacyDialect.capabilities(facts)).toEqual([]);
  });
});

describe('limits', () => {
  it('are those of the protocol', () => {
    expect(legacyDialect.limits).toEqual({
      handshakeFrame: 2048,
      frame: 0x02000000 + 24,
      inventoryHashes: 500,
      headersPerAnswer: 2000,
      blockHashesPerAnswer: 500,
      blocksPerRequest: 0,
      addresses: 200,
      rememberedHashes: 100_000,
      heightJump: 1_000_000,
      transaction: 102_400,
    });
  });

  it('let the longest version message through before a peer is ready', () => {
    const nothing = { protocolVersion: 0, services: 1n, nonce: 0, relay: true, port: 0, height: 0, nowMs: 0 };
    const facts = { ...nothing, capabilities: [] };
    const frame = legacyDialect.encode(legacyDialect.version({ ...facts, userAgent: 'x'.repeat(1024) }), PRIVNET);
    expect(frame.length).toBeLessThanOrEqual(legacyDialect.limits.handshakeFrame);
  });
});

describe('encode', () => {
  it.each<LegacyCommand>(['verack', 'getaddr', 'mempool', 'filterclear'])('sends %s without a payload', (command) => {
    const [message] = decodeAll([legacyDialect.encode(messageOf(command, bytes('0102')), PRIVNET)]);
    expect(message).toMatchObject({ command, size: 24 });
  });

  it('copies the payload, so that later changes to it are not sent', () => {
    const data = Buffer.from('0102', 'hex');
    const frame = legacyDialect.encode(messageOf('alert', data), PRIVNET);
    data.fill(9);
    expect(Buffer.from(frame.subarray(24)).toString('hex')).toBe('0102');
  });
});

function messageOf(command: LegacyCommand, payload: Uint8Array): Sent {
  return { dialect: 'legacy', command, payload: legacyDialect.decodePayload(command, payload) } as Sent;
}
