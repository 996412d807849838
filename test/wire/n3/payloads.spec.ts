import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Capability } from '../../../src/wire/common/capability.js';
import type { InventoryKind } from '../../../src/wire/common/inventory.js';
import {
  AddrPayload,
  EmptyPayload,
  FilterAddPayload,
  FilterLoadPayload,
  HashRangePayload,
  IndexRangePayload,
  InventoryPayload,
  InventoryType,
  OpaquePayload,
  PingPayload,
  VersionPayload,
} from '../../../src/wire/n3/index.js';
import { codecOf, type N3Command } from '../../../src/wire/n3/payloads.js';
import type { View } from '../../../src/wire/common/view.js';
import { BloomFilter } from '../../../src/wire/primitives/bloom-filter.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { ipBytes, mappedIpText } from '../../../src/wire/primitives/ip-address.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { hashes, u32 } from '../../support/arbitraries.js';
import { decodesOrRefuses, refusalOf } from '../../support/decode-failure.js';
import { bytes, loadN3Vectors } from '../../support/vectors.js';

const u16 = fc.nat(0xffff);
const kinds = fc.constantFrom<InventoryKind>('transaction', 'block', 'extensible', 'notaryrequest');
const hosts = fc.oneof(fc.ipV4(), fc.ipV6()).map((text) => mappedIpText(ipBytes(text)));
const unknown = fc.record({
  type: fc.nat(255).filter((type) => ![0x01, 0x02, 0x03, 0x10, 0x11].includes(type)),
  name: fc.constant('Unknown' as const),
  data: fc.uint8Array({ maxLength: 300 }),
});

/** Lists of capabilities, in any order: any of the known ones, and some unknown. */
const capabilities: fc.Arbitrary<Capability[]> = fc
  .tuple(u16, u16, u32(), fc.array(unknown, { maxLength: 5 }))
  .chain(([tcp, ws, startHeight, others]) =>
    fc.shuffledSubarray<Capability>([
      { type: 0x01, name: 'TcpServer', port: tcp },
      { type: 0x02, name: 'WsServer', port: ws },
      { type: 0x03, name: 'DisableCompression' },
      { type: 0x10, name: 'FullNode', startHeight },
      { type: 0x11, name: 'ArchivalNode' },
      ...others,
    ]),
  );

/** A command, fields for its payload, how they become a payload, and what must be read back. */
interface Codec<F, P extends View = View> {
  readonly command: N3Command;
  readonly fields: fc.Arbitrary<F>;
  from(fields: F): P;
  read(payload: P): unknown;
  expected(fields: F): unknown;
}

const version = codec({
  command: 'version',
  fields: fc.record({
    magic: u32(),
    version: u32(),
    timestamp: u32(),
    nonce: u32(),
    userAgent: fc.string({ unit: 'grapheme', maxLength: 100 }),
    capabilities,
  }),
  from: (fields) => VersionPayload.from(fields),
  read: ({ magic, version: number, timestamp, nonce, userAgent, capabilities: list }: VersionPayload) => ({
    magic,
    version: number,
    timestamp,
    nonce,
    userAgent,
    capabilities: list,
  }),
  expected: (fields) => fields,
});

const addr = codec({
  command: 'addr',
  fields: fc.array(fc.record({ host: hosts, timestamp: u32(), capabilities }), { minLength: 1, maxLength: 200 }),
  from: (list) => AddrPayload.from({ addresses: list.map((address) => ({ ...address, port: 0, services: 0n })) }),
  read: ({ addresses }: AddrPayload) =>
    addresses.map(({ host, timestamp, capabilities: list }) => ({ host, timestamp, capabilities: list })),
  expected: (list) => list,
});

const indexRange = codec({
  command: 'getheaders',
  fields: fc.record({ indexStart: u32(), count: fc.oneof(fc.constant(-1), fc.integer({ min: 1, max: 2000 })) }),
  from: (fields) => IndexRangePayload.from(fields),
  read: ({ indexStart, count }: IndexRangePayload) => ({ indexStart, count }),
  expected: (fields) => fields,
});

const hashRange = codec({
  command: 'getblocks',
  fields: fc.record({ hashStart: hashes(), count: fc.oneof(fc.constant(-1), fc.integer({ min: 1, max: 0x7fff })) }),
  from: (fields) => HashRangePayload.from(fields),
  read: ({ hashStart, count }: HashRangePayload) => [String(hashStart), count],
  expected: ({ hashStart, count }) => [String(hashStart), count],
});

const inventory = codec({
  command: 'inv',
  fields: fc.record({ kind: kinds, hashes: fc.array(hashes(), { maxLength: 500 }) }),
  from: (fields) => InventoryPayload.from(fields),
  read: (payload: InventoryPayload) => [payload.kind, payload.type, [...payload.hashes].map(String)],
  expected: ({ kind, hashes: list }) => [kind, InventoryType[kind as keyof typeof InventoryType], list.map(String)],
});

const ping = codec({
  command: 'ping',
  fields: fc.record({ lastBlockIndex: u32(), timestamp: u32(), nonce: u32() }),
  from: (fields) => PingPayload.from(fields),
  read: ({ lastBlockIndex, timestamp, nonce }: PingPayload) => ({ lastBlockIndex, timestamp, nonce }),
  expected: (fields) => fields,
});

const filterLoad = codec({
  command: 'filterload',
  fields: fc.record({ filter: fc.uint8Array({ minLength: 1, maxLength: 400 }), k: fc.nat(50), tweak: u32() }),
  from: ({ filter, k, tweak }) => FilterLoadPayload.from(new BloomFilter(filter, k, tweak)),
  read: ({ filter, k, tweak }: FilterLoadPayload) => ({ filter: Uint8Array.from(filter), k, tweak }),
  expected: (fields) => fields,
});

const filterAdd = codec({
  command: 'filteradd',
  fields: fc.uint8Array({ maxLength: 520 }),
  from: (data) => FilterAddPayload.from({ data }),
  read: ({ data }: FilterAddPayload) => Uint8Array.from(data),
  expected: (data) => data,
});

const opaque = codec({
  command: 'reject',
  fields: fc.uint8Array(),
  from: (data) => OpaquePayload.from({ data }),
  read: ({ data }: OpaquePayload) => Uint8Array.from(data),
  expected: (data) => data,
});

const empty = codec({
  command: 'verack',
  fields: fc.constant(undefined),
  from: () => EmptyPayload.from(),
  read: (payload: EmptyPayload) => payload.raw.length,
  expected: () => 0,
});

const codecs = [version, addr, indexRange, hashRange, inventory, ping, filterLoad, filterAdd, opaque, empty];

describe.each(codecs)('the payload of $command', ({ command, fields, from, read, expected }) => {
  const decode = (raw: Uint8Array): View => codecOf(command).payload.decode(new ByteReader(raw, command));

  it('reads back what was written', () => {
    fc.assert(
      fc.property(fields, (written) => {
        const payload = from(written);
        expect(read(payload)).toEqual(expected(written));
        const decoded = decode(payload.raw);
        expect(read(decoded)).toEqual(expected(written));
        expect(Buffer.from(decoded.raw).equals(payload.raw)).toBe(true);
      }),
    );
  });

  it('stays the same when it is detached from a longer array of bytes', () => {
    const margin = fc.uint8Array({ maxLength: 9 });
    fc.assert(
      fc.property(fields, margin, margin, (written, before, after) => {
        const { raw } = from(written);
        const around = Buffer.concat([before, raw, after]);
        const end = before.length + raw.length;
        const view = codecOf(command).payload.decode(new ByteReader(around, command, before.length, end));
        const json = view.toJSON();
        const detached = view.detach();
        expect(view.dialect).toBe('n3');
        around.fill(0);
        expect(detached.toJSON()).toEqual(json);
        expect(Buffer.from(detached.raw).equals(from(written).raw)).toBe(true);
        expect(read(detached.detach())).toEqual(expected(written));
      }),
      { numRuns: 40 },
    );
  });

  it('is decoded from any bytes, or they are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (raw) => {
        const payload = decodesOrRefuses(() => decode(raw));
        expect(payload === undefined || JSON.stringify(payload).startsWith('{')).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('payloads of other implementations', () => {
  const vectors = loadN3Vectors<unknown>('payloads.json');

  it.each(vectors)('$name', ({ command, hex, expected }) => {
    const reader = new ByteReader(bytes(hex), command!);
    const payload = codecOf(command as N3Command).payload.decode(reader);
    reader.expectEnd();
    expect(JSON.parse(JSON.stringify(payload))).toEqual(expected);
    expect(Buffer.from(payload.raw).toString('hex')).toBe(hex);
  });

  it('are 21', () => {
    expect(vectors).toHaveLength(21);
  });
});

/** The address as the other side gets it. */
function sent(address: { port: number; services: bigint; capabilities?: readonly Capability[] }) {
  return AddrPayload.from({ addresses: [{ host: '10.0.0.1', timestamp: 7, ...address }] }).addresses[0]!;
}

describe('addr', () => {
  it.each([
    [0, 0n],
    [10_333, 0n],
    [0, 1n],
    [10_333, 1n],
  ])('says port %p and services %p in capabilities', (port, services) => {
    expect(sent({ port, services })).toMatchObject({ host: '10.0.0.1', port, timestamp: 7, services });
    expect(sent({ port, services }).capabilities).toHaveLength(Number(port > 0) + Number(services));
  });

  it('says the given capabilities and nothing else', () => {
    const given: Capability[] = [{ type: 0x10, name: 'FullNode', startHeight: 9 }];
    expect(sent({ port: 10_333, services: 0n, capabilities: given })).toMatchObject({
      port: 0,
      services: 1n,
      capabilities: given,
    });
  });

  it('keeps an IPv6 address that would be IPv4 in Legacy', () => {
    const [address] = AddrPayload.from({
      addresses: [{ host: '2001:db8::', port: 1, timestamp: 0, services: 0n }],
    }).addresses;
    expect(address!.host).toBe('2001:db8::');
  });

  it.each([0, 201])('is not sent with %p addresses', (count) => {
    const addresses = Array.from({ length: count }, () => ({ host: '::1', port: 1, timestamp: 0, services: 0n }));
    expect(refusalOf(() => AddrPayload.from({ addresses }))).toMatchObject({ command: 'addr', field: 'addresses' });
  });
});

describe('a range', () => {
  it.each([0, -2, 2001])('of %p is not asked for by index', (count) => {
    expect(refusalOf(() => IndexRangePayload.from({ indexStart: 0, count }))).toMatchObject({
      field: 'count',
      offset: 4,
    });
  });

  it.each([0, -2])('of %p is not asked for by hash', (count) => {
    expect(refusalOf(() => HashRangePayload.from({ hashStart: UInt256.ZERO, count }))).toMatchObject({
      field: 'count',
      offset: 32,
    });
  });
});

describe('an inventory', () => {
  it.each<InventoryKind>(['consensus', 'stateroot'])('has no %s', (kind) => {
    expect(refusalOf(() => InventoryPayload.from({ kind, hashes: [] }))).toMatchObject({
      field: 'type',
      problem: 'value',
    });
  });

  it('has 500 hashes at most', () => {
    const list = Array<UInt256>(501).fill(UInt256.ZERO);
    expect(refusalOf(() => InventoryPayload.from({ kind: 'block', hashes: list }))).toMatchObject({
      field: 'hashes',
      problem: 'limit',
    });
  });
});

describe('a user agent', () => {
  it('that is not UTF-8 comes out with replacement characters', () => {
    const raw = bytes('2a00000000000000000000000100000003 61ff62 00'.replaceAll(' ', ''));
    expect(VersionPayload.decode(new ByteReader(raw, 'version')).userAgent).toBe('a\ufffdb');
  });

  it('of 1024 bytes is the longest', () => {
    const fields = { magic: 0, version: 0, timestamp: 0, nonce: 0, capabilities: [] };
    expect(VersionPayload.from({ ...fields, userAgent: 'x'.repeat(1024) }).userAgent).toHaveLength(1024);
    expect(refusalOf(() => VersionPayload.from({ ...fields, userAgent: 'x'.repeat(1025) }))).toMatchObject({
      field: 'userAgent',
      problem: 'limit',
    });
  });
});

describe('filterload', () => {
  it('becomes a filter of its own', () => {
    const element = bytes('deadbeef');
    const payload = FilterLoadPayload.from(new BloomFilter(new Uint8Array(8), 3, 7).add(element));
    const filter = payload.toBloomFilter();
    expect(filter.contains(element)).toBe(true);
    filter.add(bytes('01'));
    expect(Buffer.from(payload.filter).equals(filter.bytes)).toBe(false);
  });
});

function codec<F, P extends View>(definition: Codec<F, P>): Codec<unknown> {
  return definition;
}
