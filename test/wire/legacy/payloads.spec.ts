import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  AddrPayload,
  EmptyPayload,
  FilterAddPayload,
  FilterLoadPayload,
  GetRootsPayload,
  HashRangePayload,
  InventoryPayload,
  InventoryType,
  OpaquePayload,
  PingPayload,
  RootsPayload,
  StateRoot,
  VersionPayload,
  type LegacyInventoryKind,
} from '../../../src/wire/legacy/index.js';
import { legacyDialect } from '../../../src/wire/legacy/dialect.js';
import type { View } from '../../../src/wire/common/view.js';
import { codecOf, type LegacyCommand } from '../../../src/wire/legacy/payloads.js';
import { BloomFilter } from '../../../src/wire/primitives/bloom-filter.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { ipBytes, ipText } from '../../../src/wire/primitives/ip-address.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { decodesOrRefuses } from '../../support/decode-failure.js';
import { bytes, loadVectors } from '../../support/vectors.js';

const u8 = fc.integer({ min: 0, max: 0xff });
const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((raw) => UInt256.fromBytes(raw));
const kind = fc.constantFrom<LegacyInventoryKind>('transaction', 'block', 'stateroot', 'consensus');
const host = fc.oneof(fc.ipV4(), fc.ipV6()).map((text) => ipText(ipBytes(text)));

/** A command, fields for its payload, how they become a payload, and what must be read back. */
interface Codec<F, P extends View = View> {
  readonly command: LegacyCommand;
  readonly fields: fc.Arbitrary<F>;
  from(fields: F): P;
  read(payload: P): unknown;
  expected(fields: F): unknown;
}

const version = codec({
  command: 'version',
  fields: fc.record({
    version: u32,
    services: u64,
    timestamp: u32,
    port: u16,
    nonce: u32,
    userAgent: fc.string({ unit: 'grapheme', maxLength: 100 }),
    startHeight: u32,
    relay: fc.boolean(),
  }),
  from: (fields) => VersionPayload.from(fields),
  read: ({ version: number, services, timestamp, port, nonce, userAgent, startHeight, relay }: VersionPayload) => ({
    version: number,
    services,
    timestamp,
    port,
    nonce,
    userAgent,
    startHeight,
    relay,
  }),
  expected: (fields) => fields,
});

const addr = codec({
  command: 'addr',
  fields: fc.array(fc.record({ host, port: u16, timestamp: u32, services: u64 }), { maxLength: 200 }),
  from: (addresses) => AddrPayload.from({ addresses }),
  read: ({ addresses }: AddrPayload) => addresses,
  expected: (addresses) => addresses,
});

const hashRange = codec({
  command: 'getheaders',
  fields: fc.record({ starts: fc.array(hash, { minLength: 1, maxLength: 16 }), stop: hash }),
  from: (fields) => HashRangePayload.from(fields),
  read: ({ starts, stop }: HashRangePayload) => [...starts, stop].map(String),
  expected: ({ starts, stop }) => [...starts, stop].map(String),
});

const inventory = codec({
  command: 'inv',
  fields: fc.record({ kind, hashes: fc.array(hash, { maxLength: 600 }) }),
  from: (fields) => InventoryPayload.from(fields),
  read: (payload: InventoryPayload) => [payload.kind, payload.type, [...payload.hashes].map(String)],
  expected: (fields) => [fields.kind, InventoryType[fields.kind], fields.hashes.map(String)],
});

const ping = codec({
  command: 'ping',
  fields: fc.record({ lastBlockIndex: u32, timestamp: u32, nonce: u32 }),
  from: (fields) => PingPayload.from(fields),
  read: ({ lastBlockIndex, timestamp, nonce }: PingPayload) => ({ lastBlockIndex, timestamp, nonce }),
  expected: (fields) => fields,
});

const filterLoad = codec({
  command: 'filterload',
  fields: fc.record({
    filter: fc.uint8Array({ minLength: 1, maxLength: 400 }),
    k: fc.integer({ min: 0, max: 50 }),
    tweak: u32,
  }),
  from: ({ filter, k, tweak }) => FilterLoadPayload.from(new BloomFilter(filter, k, tweak)),
  read: ({ filter, k, tweak }: FilterLoadPayload) => ({ filter: Uint8Array.from(filter), k, tweak }),
  expected: ({ filter, k, tweak }) => ({ filter: Uint8Array.from(filter), k, tweak }),
});

const filterAdd = codec({
  command: 'filteradd',
  fields: fc.record({ data: fc.uint8Array({ maxLength: 520 }) }),
  from: (fields) => FilterAddPayload.from(fields),
  read: ({ data }: FilterAddPayload) => Uint8Array.from(data),
  expected: ({ data }) => Uint8Array.from(data),
});

const opaque = codec({
  command: 'alert',
  fields: fc.record({ data: fc.uint8Array() }),
  from: (fields) => OpaquePayload.from(fields),
  read: ({ data }: OpaquePayload) => Uint8Array.from(data),
  expected: ({ data }) => Uint8Array.from(data),
});

const empty = codec({
  command: 'verack',
  fields: fc.constant(undefined),
  from: () => EmptyPayload.from(),
  read: (payload: EmptyPayload) => payload.raw.length,
  expected: () => 0,
});

const getRoots = codec({
  command: 'getroots',
  fields: fc.record({ startIndex: u32, count: u32 }),
  from: (fields) => GetRootsPayload.from(fields),
  read: ({ startIndex, count }: GetRootsPayload) => ({ startIndex, count }),
  expected: (fields) => fields,
});

const roots = codec({
  command: 'roots',
  fields: fc.array(fc.record({ version: u8, index: u32, prevHash: hash, root: hash }), { maxLength: 20 }),
  from: (items) => RootsPayload.from({ roots: items.map((item) => StateRoot.from(item)) }),
  read: (payload: RootsPayload) =>
    payload.roots.map((root) => [root.version, root.index, String(root.prevHash), String(root.root)]),
  expected: (items) => items.map((item) => [item.version, item.index, String(item.prevHash), String(item.root)]),
});

const codecs: readonly Codec<unknown>[] = [
  version,
  addr,
  hashRange,
  inventory,
  ping,
  filterLoad,
  filterAdd,
  opaque,
  empty,
  getRoots,
  roots,
];

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
    fc.assert(
      fc.property(
        fields,
        fc.uint8Array({ maxLength: 9 }),
        fc.uint8Array({ maxLength: 9 }),
        (written, before, after) => {
          const { raw } = from(written);
          const around = Buffer.concat([before, raw, after]);
          const end = before.length + raw.length;
          const view = codecOf(command).payload.decode(new ByteReader(around, command, before.length, end));
          const json = view.toJSON();
          const detached = view.detach();
          expect(view.dialect).toBe('legacy');
          around.fill(0);
          expect(detached.toJSON()).toEqual(json);
          expect(Buffer.from(detached.raw).equals(from(written).raw)).toBe(true);
          expect(read(detached.detach())).toEqual(expected(written));
        },
      ),
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

describe('addr', () => {
  const entry = ['01000000', '0100000000000000', '00000000000000000000ffff0a08044e', '4e4c'].join('');

  it('may be empty', () => {
    expect(AddrPayload.decode(new ByteReader(bytes('00'), 'addr')).addresses).toEqual([]);
  });

  it.each([200, 201, 1000])('of %p addresses gives 200 at most, and belongs together', (count) => {
    const raw = Buffer.concat([Buffer.of(0xfd), Buffer.of(count & 0xff, count >> 8), bytes(entry.repeat(count))]);
    const payload = AddrPayload.decode(new ByteReader(raw, 'addr'));
    expect(payload.addresses).toHaveLength(Math.min(count, 200));
    expect(payload.raw).toHaveLength(raw.length);
    expect(payload.addresses.at(-1)).toEqual({ host: '10.8.4.78', port: 0x4e4c, timestamp: 1, services: 1n });
    expect(payload.detach().toJSON()).toEqual(payload.toJSON());
  });

  it('reads IPv4 as neo-python writes it', () => {
    const raw = bytes(['01', '01000000', '0100000000000000', '0a08044e000000000000000000000000', '285d'].join(''));
    const payload = AddrPayload.decode(new ByteReader(raw, 'addr'));
    expect(payload.addresses[0]).toMatchObject({ host: '10.8.4.78', port: 10_333 });
    expect(payload.toJSON()).toMatchObject({
      addresses: [{ ip: '10.8.4.78', ipBytes: '0a08044e000000000000000000000000' }],
    });
  });
});

describe('version', () => {
  it('shows a user agent that is not UTF-8, and keeps its bytes', () => {
    const payload = VersionPayload.from({
      version: 0,
      services: 1n,
      timestamp: 0,
      port: 0,
      nonce: 0,
      userAgent: 'ab',
      startHeight: 0,
      relay: true,
    });
    const raw = Buffer.from(payload.raw);
    raw[24] = 0xff;
    const odd = VersionPayload.decode(new ByteReader(raw, 'version'));
    expect(odd.userAgent).toBe('a\ufffd');
    expect(Buffer.from(odd.raw).equals(raw)).toBe(true);
  });

  it('takes any byte but zero for relay', () => {
    const raw = Buffer.alloc(28);
    raw[27] = 7;
    expect(VersionPayload.decode(new ByteReader(raw, 'version')).relay).toBe(true);
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

  it('may be empty, as real nodes take it, but is no filter then', () => {
    const payload = FilterLoadPayload.decode(new ByteReader(bytes('000300000000'), 'filterload'));
    expect(payload.filter).toHaveLength(0);
    expect(() => payload.toBloomFilter()).toThrow(expect.objectContaining({ code: 'NEO_PEER_DECODE' }));
  });
});

describe('payloads of other implementations', () => {
  interface PayloadVector {
    readonly name: string;
    readonly kind: string;
    readonly hex: string;
    readonly expected: { readonly type: number; readonly hashesWireOrder: readonly string[] };
  }
  const vectors = loadVectors<PayloadVector[]>('primitives.json').filter(({ kind: of }) => of.startsWith('payload:'));
  const json = ({ kind: of, hex }: PayloadVector): unknown => {
    const payload = legacyDialect.decodePayload(legacyDialect.commandOf(of.slice(8))!, bytes(hex));
    expect(Buffer.from(payload.raw).toString('hex')).toBe(hex);
    return JSON.parse(JSON.stringify(payload).replaceAll('"0x', '"'));
  };

  it.each(vectors.filter(({ kind: of }) => of === 'payload:addr'))('$name', (vector) => {
    expect(json(vector)).toMatchObject({ addresses: vector.expected });
  });

  it.each(vectors.filter(({ kind: of }) => of === 'payload:getblocks'))('$name', (vector) => {
    expect(json(vector)).toEqual(vector.expected);
  });

  it.each(vectors.filter(({ kind: of }) => of === 'payload:inv'))('$name', (vector) => {
    const { type, hashesWireOrder } = vector.expected;
    const hashes = hashesWireOrder.map((hex) => UInt256.fromBytes(bytes(hex)).toString().slice(2));
    expect(json(vector)).toEqual({ type, count: hashes.length, hashes });
  });

  it('include a filterload', () => {
    const known =
      loadVectors<{ filterloadPayload?: string; filter: string; k: number; tweak: number }[]>('bloom_merkleblock.json');
    const { filterloadPayload, filter, k, tweak } = known.find((vector) => vector.filterloadPayload !== undefined)!;
    const payload = FilterLoadPayload.decode(new ByteReader(bytes(filterloadPayload!), 'filterload'));
    expect(payload.toJSON()).toEqual({ filter, k, tweak });
    expect(Buffer.from(FilterLoadPayload.from(payload.toBloomFilter()).raw).toString('hex')).toBe(filterloadPayload);
  });
});

function codec<F, P extends View>(definition: Codec<F, P>): Codec<unknown> {
  return definition;
}
