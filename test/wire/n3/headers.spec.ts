import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { N3BlockHeader } from '../../../src/wire/n3/block-header.js';
import { HeadersPayload } from '../../../src/wire/n3/headers.payload.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { UInt160 } from '../../../src/wire/primitives/uint160.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { decodesOrRefuses, refusalOf } from '../../support/decode-failure.js';
import { mutations } from '../../support/mutations.js';
import { headerFields, headers } from '../../support/n3-arbitraries.js';
import { bytes, loadN3Vectors } from '../../support/vectors.js';

const vectors = loadN3Vectors('headers.json');
const mainnet = vectors[0]!;
const negative = loadN3Vectors('negative.json').filter(({ scope }) => scope === 'header' || scope === 'headers');
const payloads = loadN3Vectors('payloads.json').filter(({ command }) => command === 'headers');

/** Node's RangeError comes from outside the test's realm, so its class can't be compared. */
const outOfRange = expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' });

function decode(raw: Uint8Array): N3BlockHeader {
  const reader = new ByteReader(raw, 'header');
  const header = N3BlockHeader.decode(reader);
  reader.expectEnd();
  return header;
}

function decodePayload(raw: Uint8Array): HeadersPayload {
  const reader = new ByteReader(raw, 'headers');
  const payload = HeadersPayload.decode(reader);
  reader.expectEnd();
  return payload;
}

function fieldsOf(header: N3BlockHeader) {
  const { prevHash, merkleRoot, timestamp, nonce, index, primaryIndex, nextConsensus, witness } = header;
  return { prevHash, merkleRoot, timestamp, nonce, index, primaryIndex, nextConsensus, witness };
}

/** Plain data, as a vector file has it. */
function json(view: object): unknown {
  return JSON.parse(JSON.stringify(view));
}

describe('N3BlockHeader', () => {
  it.each(vectors)('decodes $name to the recorded fields', ({ hex, expected }) => {
    expect(json(decode(bytes(hex)))).toEqual(expected);
  });

  it.each(vectors)('encodes $name from its fields to the same bytes', ({ hex, unsignedHex }) => {
    const header = decode(bytes(hex));
    expect(Buffer.from(N3BlockHeader.from(fieldsOf(header)).raw).toString('hex')).toBe(hex);
    expect(Buffer.from(header.raw).toString('hex')).toBe(hex);
    expect(Buffer.from(header.unsigned).toString('hex')).toBe(unsignedHex);
  });

  it('tells its time in milliseconds, and none that a Date cannot hold', () => {
    const header = decode(bytes(mainnet.hex));
    expect([header.timestamp, header.timeMs]).toEqual([1627910911418, 1627910911418]);
    const late = N3BlockHeader.from({ ...fieldsOf(header), timestamp: Number.MAX_SAFE_INTEGER });
    expect(late.timestamp).toBe(Number.MAX_SAFE_INTEGER);
    expect(new Date(late.timeMs).toISOString()).toBe('+275760-09-13T00:00:00.000Z');
  });

  it('computes its hash once', () => {
    const header = decode(bytes(mainnet.hex));
    expect(header.hash).toBe(header.hash);
  });

  it('lies anywhere in the bytes it is read from, and detaches into a buffer of its own size', () => {
    const raw = bytes(mainnet.hex);
    const frame = Buffer.concat([Buffer.alloc(7, 0xff), raw, Buffer.alloc(9)]);
    const reader = new ByteReader(frame, 'headers', 7);
    const header = N3BlockHeader.decode(reader);
    expect(reader.offset).toBe(7 + raw.length);
    const detached = header.detach();
    frame.fill(0);
    expect(detached.raw.buffer.byteLength).toBe(raw.length);
    expect(detached.toJSON()).toEqual(decode(raw).toJSON());
    expect(detached).toBeInstanceOf(N3BlockHeader);
    expect(detached.dialect).toBe('n3');
  });

  it('takes the count of witnesses in any form, for no hash covers it', () => {
    const raw = bytes(mainnet.hex);
    const longer = Buffer.concat([raw.subarray(0, 109), bytes('fd0100'), raw.subarray(110)]);
    const header = decode(longer);
    expect(header.witness).toEqual(decode(raw).witness);
    expect(header.hash.equals(decode(raw).hash)).toBe(true);
    expect(header.detach().toJSON()).toEqual(header.toJSON());
  });

  it('refuses what fits no header', () => {
    const fields = fieldsOf(decode(bytes(mainnet.hex)));
    const facts = { command: 'header', problem: 'value' } as const;
    expect(() => N3BlockHeader.from({ ...fields, index: -1 })).toThrow(outOfRange);
    expect(() => N3BlockHeader.from({ ...fields, primaryIndex: 256 })).toThrow(outOfRange);
    expect(() => N3BlockHeader.from({ ...fields, timestamp: -1 })).toThrow(outOfRange);
    expect(() => N3BlockHeader.from({ ...fields, nonce: 2n ** 64n })).toThrow(outOfRange);
    expect(refusalOf(() => N3BlockHeader.from({ ...fields, version: 1 }))).toEqual({
      ...facts,
      field: 'version',
      offset: 0,
    });
    for (const count of ['00', '02', '2a', 'fd0101']) {
      const raw = Buffer.concat([bytes(mainnet.hex).subarray(0, 109), bytes(count), Buffer.alloc(4)]);
      expect(refusalOf(() => decode(raw))).toEqual({ ...facts, field: 'witnessCount', offset: 109 });
    }
  });

  it.each(['invocation', 'verification'] as const)('refuses an %s script over 1024 bytes', (field) => {
    const fields = fieldsOf(decode(bytes(mainnet.hex)));
    const none = new Uint8Array(0);
    const witnessOf = (size: number) => ({ invocation: none, verification: none, [field]: new Uint8Array(size) });
    expect(N3BlockHeader.from({ ...fields, witness: witnessOf(1024) }).witness[field]).toHaveLength(1024);
    expect(refusalOf(() => N3BlockHeader.from({ ...fields, witness: witnessOf(1025) }))).toEqual({
      command: 'header',
      field: `witness.${field}`,
      offset: field === 'invocation' ? 110 : 111,
      problem: 'limit',
    });
  });

  it('names the field in which it is cut off', () => {
    const raw = bytes(mainnet.hex);
    const places = [
      [0, 'version', 0],
      [3, 'version', 0],
      [4, 'prevHash', 4],
      [36, 'merkleRoot', 36],
      [75, 'timestamp', 68],
      [76, 'nonce', 76],
      [87, 'index', 84],
      [88, 'primaryIndex', 88],
      [108, 'nextConsensus', 89],
      [109, 'witnessCount', 109],
      [110, 'witness.invocation', 110],
      [695, 'witness.verification', 443],
    ] as const;
    expect(places.map(([size]) => refusalOf(() => decode(raw.subarray(0, size))))).toEqual(
      places.map(([, field, offset]) => ({ command: 'header', field, offset, problem: 'truncated' })),
    );
  });

  it('reads back what it was made from', () => {
    fc.assert(
      fc.property(headerFields(), (fields) => {
        const header = decode(N3BlockHeader.from(fields).raw);
        expect({ ...fieldsOf(header), prevHash: '', merkleRoot: '', nextConsensus: '', witness: '' }).toEqual({
          ...fields,
          prevHash: '',
          merkleRoot: '',
          nextConsensus: '',
          witness: '',
        });
        expect(header.prevHash.equals(fields.prevHash) && header.merkleRoot.equals(fields.merkleRoot)).toBe(true);
        expect(header.nextConsensus.equals(fields.nextConsensus)).toBe(true);
        expect(Buffer.compare(header.witness.invocation, fields.witness.invocation)).toBe(0);
        expect(Buffer.compare(header.witness.verification, fields.witness.verification)).toBe(0);
        expect(header.version).toBe(0);
      }),
    );
  });

  it('decodes or refuses mutated bytes', () => {
    fc.assert(
      fc.property(
        headers().chain(({ raw }) => mutations(raw)),
        (mutated) => {
          const header = decodesOrRefuses(() => N3BlockHeader.decode(new ByteReader(mutated, 'header')));
          expect(header?.detach().toJSON()).toEqual(header?.toJSON());
        },
      ),
    );
  });
});

describe('HeadersPayload of N3', () => {
  it.each(payloads)('decodes and encodes $name', ({ hex, expected }) => {
    const payload = decodePayload(bytes(hex));
    expect(json(payload)).toEqual(expected);
    expect(Buffer.from(payload.raw).toString('hex')).toBe(hex);
    expect(Buffer.from(HeadersPayload.from(payload).raw).toString('hex')).toBe(hex);
  });

  it.each(negative)('refuses: $name', ({ scope, hex }) => {
    const refusal = refusalOf(() => (scope === 'header' ? decode(bytes(hex)) : decodePayload(bytes(hex))));
    expect(refusal).toMatchObject(
      scope === 'header' ? { field: 'witnessCount', offset: 109 } : { field: 'headers', offset: 0 },
    );
    expect(refusal.problem).toBe('value');
  });

  it('has 1 to 2000 headers', () => {
    const header = N3BlockHeader.from({
      prevHash: UInt256.ZERO,
      merkleRoot: UInt256.ZERO,
      timestamp: 0,
      nonce: 0n,
      index: 0,
      primaryIndex: 0,
      nextConsensus: UInt160.ZERO,
      witness: { invocation: new Uint8Array(0), verification: new Uint8Array(0) },
    });
    const payloadOf = (length: number) => HeadersPayload.from({ headers: Array.from({ length }, () => header) });
    expect(decodePayload(payloadOf(2000).raw).headers).toHaveLength(2000);
    const facts = { command: 'headers', field: 'headers', offset: 0 } as const;
    expect(refusalOf(() => payloadOf(2001))).toEqual({ ...facts, problem: 'limit' });
    expect(refusalOf(() => payloadOf(0))).toEqual({ ...facts, problem: 'value' });
  });

  it('names the header that is wrong', () => {
    const raw = bytes(payloads[0]!.hex);
    const second = 1 + (raw.length - 1) / 2;
    raw[second] = 1;
    expect(refusalOf(() => decodePayload(raw))).toEqual({
      command: 'headers',
      field: 'headers[1].version',
      offset: second,
      problem: 'value',
    });
  });

  it('detaches into a buffer of its own size', () => {
    const frame = Buffer.concat([Buffer.alloc(3), bytes(payloads[0]!.hex), Buffer.alloc(100)]);
    const payload = HeadersPayload.decode(new ByteReader(frame, 'headers', 3));
    const before = payload.toJSON();
    const detached = payload.detach();
    frame.fill(0);
    expect(detached.raw.buffer.byteLength).toBe(payload.raw.length);
    expect(detached.headers[0]!.raw.buffer).toBe(detached.raw.buffer);
    expect(detached.toJSON()).toEqual(before);
  });

  it('decodes or refuses mutated bytes', () => {
    const any = fc
      .array(headers(), { minLength: 1, maxLength: 3 })
      .map((list) => HeadersPayload.from({ headers: list }).raw);
    fc.assert(
      fc.property(any.chain(mutations), (mutated) => {
        const payload = decodesOrRefuses(() => HeadersPayload.decode(new ByteReader(mutated, 'headers')));
        expect(payload === undefined || payload.headers.length * 112 < mutated.length).toBe(true);
      }),
    );
  });
});
