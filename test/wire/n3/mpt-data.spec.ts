import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { GetMptDataPayload, MptDataPayload } from '../../../src/wire/n3/mpt-data.payloads.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { decodesOrRefuses, refusalOf, type Refusal } from '../../support/decode-failure.js';
import { mutations } from '../../support/mutations.js';
import { byteArrays, hashes } from '../../support/n3-arbitraries.js';
import { bytes, loadN3Vectors } from '../../support/vectors.js';

const vectors = loadN3Vectors('payloads.json');
const requests = vectors.filter(({ command }) => command === 'getmptdata');
const answers = vectors.filter(({ command }) => command === 'mptdata');

function decodeRequest(raw: Uint8Array): GetMptDataPayload {
  const reader = new ByteReader(raw, 'getmptdata');
  const payload = GetMptDataPayload.decode(reader);
  reader.expectEnd();
  return payload;
}

function decodeAnswer(raw: Uint8Array): MptDataPayload {
  const reader = new ByteReader(raw, 'mptdata');
  const payload = MptDataPayload.decode(reader);
  reader.expectEnd();
  return payload;
}

function hexOf(raw: Uint8Array): string {
  return Buffer.from(raw).toString('hex');
}

const H = '11'.repeat(32);

describe('GetMptDataPayload', () => {
  it.each(requests)('decodes and encodes $name', ({ hex, expected }) => {
    const payload = decodeRequest(bytes(hex));
    expect(payload.toJSON()).toEqual(expected);
    expect(hexOf(payload.raw)).toBe(hex);
    expect(hexOf(GetMptDataPayload.from(payload).raw)).toBe(hex);
  });

  it('reads back any hashes', () => {
    fc.assert(
      fc.property(fc.array(hashes(), { maxLength: 32 }), (list) => {
        expect([...decodeRequest(GetMptDataPayload.from({ hashes: list }).raw).hashes]).toEqual(list);
      }),
    );
  });

  it('decodes or refuses any bytes', () => {
    const request = GetMptDataPayload.from({ hashes: [UInt256.ZERO, UInt256.ZERO] });
    fc.assert(
      fc.property(mutations(request.raw), (mutated) => {
        const payload = decodesOrRefuses(() => GetMptDataPayload.decode(new ByteReader(mutated, 'getmptdata')));
        if (payload === undefined) return;
        expect(GetMptDataPayload.from(payload).toJSON()).toEqual(payload.toJSON());
      }),
      { numRuns: 300 },
    );
  });

  it('reads its hashes once, and detaches', () => {
    const frame = Buffer.concat([Buffer.alloc(5), bytes(`01${H}`), Buffer.alloc(5)]);
    const payload = GetMptDataPayload.decode(new ByteReader(frame, 'getmptdata', 5));
    expect(payload.hashes).toBe(payload.hashes);
    const detached = payload.detach();
    frame.fill(0);
    expect(detached.toJSON()).toEqual({ hashes: [`0x${H}`] });
  });

  it.each<[name: string, hex: string, offset: number, problem: Refusal['problem']]>([
    ['33 hashes', `21${H.repeat(33)}`, 0, 'limit'],
    ['fewer hashes than it says', `02${H}`, 0, 'truncated'],
    ['nothing', '', 0, 'truncated'],
  ])('refuses %s', (_name, hex, offset, problem) => {
    const refused = refusalOf(() => decodeRequest(bytes(hex)));
    expect(refused).toEqual({ command: 'getmptdata', field: 'hashes', offset, problem });
  });

  it('is not made of 33 hashes', () => {
    const list = Array.from({ length: 33 }, () => UInt256.ZERO);
    expect(refusalOf(() => GetMptDataPayload.from({ hashes: list }))).toMatchObject({ problem: 'limit' });
  });
});

describe('MptDataPayload', () => {
  it.each(answers)('decodes and encodes $name', ({ hex, expected }) => {
    const payload = decodeAnswer(bytes(hex));
    expect(payload.toJSON()).toEqual(expected);
    expect(hexOf(payload.raw)).toBe(hex);
    expect(hexOf(MptDataPayload.from(payload).raw)).toBe(hex);
  });

  it('reads back any nodes', () => {
    fc.assert(
      fc.property(fc.array(byteArrays(0, 300), { minLength: 1, maxLength: 10 }), (nodes) => {
        const { nodes: read } = decodeAnswer(MptDataPayload.from({ nodes }).raw);
        expect(read.count).toBe(nodes.length);
        expect([...read]).toEqual(nodes);
        expect([...read]).toEqual(nodes); // as often as somebody likes
      }),
    );
  });

  it('decodes or refuses any bytes', () => {
    const answer = MptDataPayload.from({ nodes: ['00', '', '0102', '030405'].map(bytes) });
    fc.assert(
      fc.property(mutations(answer.raw), (mutated) => {
        const payload = decodesOrRefuses(() => MptDataPayload.decode(new ByteReader(mutated, 'mptdata')));
        if (payload === undefined) return;
        expect(MptDataPayload.from(payload).toJSON()).toEqual(payload.toJSON());
      }),
      { numRuns: 300 },
    );
  });

  it('detaches', () => {
    const frame = bytes('ff0202aabb01cc');
    const detached = MptDataPayload.decode(new ByteReader(frame, 'mptdata', 1)).detach();
    frame.fill(0);
    expect(detached.toJSON()).toEqual({ nodes: ['aabb', 'cc'] });
  });

  it('takes a count that is longer than it must be', () => {
    const { nodes } = decodeAnswer(bytes('fd020002aabb01cc'));
    expect(nodes.count).toBe(2);
    expect(nodes.toJSON()).toEqual(['aabb', 'cc']);
  });

  it('is made of nodes that come once only', () => {
    const nodes = new Set(['01', '0203'].map(bytes)).values();
    expect(MptDataPayload.from({ nodes }).toJSON()).toEqual({ nodes: ['01', '0203'] });
  });

  it('makes none of 16 million nodes until somebody comes to it', () => {
    const most = 0x1000000;
    const raw = Buffer.alloc(5 + 1 + most); // all of them empty
    raw.writeUInt8(0xfe, 0);
    raw.writeUInt32LE(most, 1);
    raw.set(bytes('0101'), 5); // but the first
    const before = process.memoryUsage().heapUsed;
    const { nodes } = MptDataPayload.decode(new ByteReader(raw, 'mptdata'));
    const [first, second] = nodes;
    expect([nodes.count, first, second]).toEqual([most, new Uint8Array([1]), new Uint8Array(0)]);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000); // a hundred bytes each make 1.7 GB
  });

  it.each<[name: string, hex: string, field: string, offset: number, problem: Refusal['problem']]>([
    ['no nodes', '00', 'nodes', 0, 'value'],
    ['a node over any bound', '0200ffffffffffffffffff', 'nodes[1]', 2, 'limit'],
    ['a node of more than a frame can hold', '01fe01000002', 'nodes[0]', 1, 'limit'],
    ['more nodes than there are bytes', '0301', 'nodes', 0, 'truncated'],
    ['more nodes than anybody may send', 'fe01000001', 'nodes', 0, 'limit'],
    ['a short node', '020003aabb', 'nodes[1]', 2, 'truncated'],
    ['nothing', '', 'nodes', 0, 'truncated'],
  ])('refuses %s', (_name, hex, field, offset, problem) => {
    expect(refusalOf(() => decodeAnswer(bytes(hex)))).toEqual({ command: 'mptdata', field, offset, problem });
  });

  it('is not made of nothing', () => {
    expect(refusalOf(() => MptDataPayload.from({ nodes: [] }))).toMatchObject({ field: 'nodes', problem: 'value' });
  });
});
