import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ExtensiblePayload, type ExtensibleFields } from '../../../src/wire/n3/extensible.payload.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { UInt160 } from '../../../src/wire/primitives/uint160.js';
import { decodesOrRefuses, refusalOf, type Refusal } from '../../support/decode-failure.js';
import { mutations } from '../../support/mutations.js';
import { extensibleFields, extensibles } from '../../support/n3-arbitraries.js';
import { bytes, loadN3Vectors } from '../../support/vectors.js';

const vectors = loadN3Vectors('payloads.json').filter(({ command }) => command === 'extensible');

function decode(raw: Uint8Array): ExtensiblePayload {
  const reader = new ByteReader(raw, 'extensible');
  const payload = ExtensiblePayload.decode(reader);
  reader.expectEnd();
  return payload;
}

function fieldsOf({ category, validBlockStart, validBlockEnd, sender, data, witness }: ExtensiblePayload) {
  return { category, validBlockStart, validBlockEnd, sender, data, witness };
}

function hexOf(raw: Uint8Array): string {
  return Buffer.from(raw).toString('hex');
}

const EMPTY = new Uint8Array(0);
const FIELDS: ExtensibleFields = {
  category: 'dBFT',
  validBlockStart: 0,
  validBlockEnd: 1,
  sender: UInt160.ZERO,
  data: EMPTY,
  witness: { invocation: EMPTY, verification: EMPTY },
};

describe('ExtensiblePayload', () => {
  it('has a vector', () => {
    expect(vectors).toHaveLength(1);
  });

  it.each(vectors)('decodes and encodes $name', ({ hex, expected, unsignedHex }) => {
    const payload = decode(bytes(hex));
    expect(payload.toJSON()).toEqual(expected);
    expect(hexOf(payload.unsigned)).toBe(unsignedHex);
    expect(hexOf(payload.raw)).toBe(hex);
    expect(hexOf(ExtensiblePayload.from(fieldsOf(payload)).raw)).toBe(hex);
  });

  it('reads back any fields', () => {
    fc.assert(
      fc.property(extensibleFields(), (fields) => {
        const payload = ExtensiblePayload.from(fields);
        const again = decode(payload.raw);
        expect(fieldsOf(again)).toEqual(fields);
        expect(again.hash.equals(payload.hash)).toBe(true);
      }),
    );
  });

  it('decodes or refuses any bytes, and takes one form only of what is hashed', () => {
    fc.assert(
      fc.property(
        extensibles().chain(({ raw }) => mutations(raw)),
        (mutated) => {
          const payload = decodesOrRefuses(() => ExtensiblePayload.decode(new ByteReader(mutated, 'extensible')));
          if (payload === undefined) return;
          const again = ExtensiblePayload.from(fieldsOf(payload));
          expect(again.hash.equals(payload.hash)).toBe(true);
          expect(again.toJSON()).toEqual(payload.toJSON());
        },
      ),
      { numRuns: 500 },
    );
  });

  it('computes its hash once and detaches', () => {
    const frame = Buffer.concat([Buffer.alloc(7), bytes(vectors[0]!.hex), Buffer.alloc(7)]);
    const payload = ExtensiblePayload.decode(new ByteReader(frame, 'extensible', 7));
    const json = payload.toJSON();
    expect(payload.hash).toBe(payload.hash);
    const detached = payload.detach();
    frame.fill(0);
    expect(detached.toJSON()).toEqual(json);
    expect(detached.raw.buffer.byteLength).toBe(42);
  });

  it('takes a category of 32 bytes, an empty one, and one with a byte order mark', () => {
    for (const category of ['é'.repeat(16), '', '\u{feff}x']) {
      expect(ExtensiblePayload.from({ ...FIELDS, category }).category).toBe(category);
    }
  });

  it.each<[name: string, fields: Partial<ExtensibleFields>, refusal: Omit<Refusal, 'command'>]>([
    ['a category of 33 bytes', { category: 'x'.repeat(33) }, { field: 'category', offset: 0, problem: 'limit' }],
    ['an end at the start', { validBlockStart: 1 }, { field: 'validBlockEnd', offset: 9, problem: 'value' }],
    ['an end before the start', { validBlockStart: 2 }, { field: 'validBlockEnd', offset: 9, problem: 'value' }],
    [
      'an invocation script of 1025 bytes',
      { witness: { invocation: new Uint8Array(1025), verification: EMPTY } },
      { field: 'witness.invocation', offset: 35, problem: 'limit' },
    ],
  ])('is not made with %s', (_name, fields, refusal) => {
    expect(refusalOf(() => ExtensiblePayload.from({ ...FIELDS, ...fields }))).toEqual({
      command: 'extensible',
      ...refusal,
    });
  });

  it.each([
    ['as the C# node takes it at most', 0x1000000],
    ['as neo-go takes it', 0x1000001],
    ['as neo-go takes it at most', 0x2000000],
  ])('takes data of so many bytes %s', (_name, size) => {
    const { data } = ExtensiblePayload.from({ ...FIELDS, data: new Uint8Array(size) });
    expect(data.length).toBe(size);
  });

  it('takes no more data than the largest frame holds', () => {
    const data = new Uint8Array(0x2000001);
    const refused = refusalOf(() => ExtensiblePayload.from({ ...FIELDS, data }));
    expect(refused).toEqual({ command: 'extensible', field: 'data', offset: 33, problem: 'limit' });
  });

  /** What stands between the category and the data. */
  const HEIGHTS = `0000000001000000${'11'.repeat(20)}`;
  it.each<[name: string, hex: string, field: string, offset: number, problem: Refusal['problem']]>([
    ['a category that is not UTF-8', `02c328${HEIGHTS}00010000`, 'category', 0, 'value'],
    ['a category with half a surrogate pair', `03eda080${HEIGHTS}00010000`, 'category', 0, 'value'],
    ['a length of the category in a longer form', `fd010041${HEIGHTS}00010000`, 'category', 0, 'value'],
    ['a length of the data in a longer form', `0141${HEIGHTS}fd0000010000`, 'data', 30, 'value'],
    ['data over the limit', `0141${HEIGHTS}fe01000002010000`, 'data', 30, 'limit'],
    ['no witness', `0141${HEIGHTS}0000`, 'witnessCount', 31, 'value'],
    ['two witnesses', `0141${HEIGHTS}000200000000`, 'witnessCount', 31, 'value'],
    ['a count of witnesses of three bytes', `0141${HEIGHTS}00fd01000000`, 'witnessCount', 31, 'value'],
  ])('refuses %s', (_name, hex, field, offset, problem) => {
    expect(refusalOf(() => decode(bytes(hex)))).toEqual({ command: 'extensible', field, offset, problem });
  });

  it('is refused when it ends before any of its bytes, naming the field that is cut', () => {
    const anatomy = [
      ['category', '03414243'],
      ['validBlockStart', '00000000'],
      ['validBlockEnd', '01000000'],
      ['sender', '11'.repeat(20)],
      ['data', '020102'],
      ['witnessCount', '01'],
      ['witness.invocation', '020304'],
      ['witness.verification', '0105'],
    ] as const;
    const whole = bytes(anatomy.map(([, hex]) => hex).join(''));
    expect(decode(whole).category).toBe('ABC');
    let offset = 0;
    for (const [field, hex] of anatomy) {
      for (let cut = offset; cut < offset + hex.length / 2; cut++) {
        const refused = refusalOf(() => decode(whole.subarray(0, cut)));
        expect(refused).toEqual({ command: 'extensible', field, offset, problem: 'truncated' });
      }
      offset += hex.length / 2;
    }
  });
});
