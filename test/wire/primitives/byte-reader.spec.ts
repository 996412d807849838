import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ByteReader, varintSize } from '../../../src/wire/primitives/byte-reader.js';
import { ByteWriter } from '../../../src/wire/primitives/byte-writer.js';
import { bytes, loadVectors, type Vector } from '../../support/vectors.js';
import { decodeFailure, refusalOf } from '../../support/decode-failure.js';

interface Primitive extends Vector {
  readonly kind: string;
  readonly value: string | number[];
}

const vectors = loadVectors<Primitive[]>('primitives.json');
const ofKind = (kind: string): Primitive[] => vectors.filter((vector) => vector.kind === kind);
const reader = (hex: string): ByteReader => new ByteReader(bytes(hex), 'test');

const EXACT = (value: string): boolean => Number.isSafeInteger(Number(value));

describe('varints', () => {
  it.each(ofKind('varint').filter(({ value }) => EXACT(value as string)))(
    'reads and writes $name',
    ({ hex, value }) => {
      const source = reader(hex);
      expect(source.varint('n')).toBe(Number(value));
      expect(source.remaining).toBe(0);
      expect(Buffer.from(new ByteWriter().varint(Number(value)).finish()).toString('hex')).toBe(hex);
    },
  );

  it('refuses one that no number can hold exactly', () => {
    const huge = ofKind('varint').find(({ value }) => !EXACT(value as string));
    const refusal = { command: 'test', field: 'n', offset: 0, problem: 'limit' } as const;
    expect(refusalOf(() => reader(huge!.hex).varint('n'))).toEqual(refusal);
    expect(reader(huge!.hex.slice(2)).u64('n')).toBe(BigInt(huge!.value as string));
  });

  it('come back as they were written, in as many bytes as said', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const written = new ByteWriter().varint(value).finish();
        expect(written).toHaveLength(varintSize(value));
        expect(new ByteReader(written, 'test').canonicalVarint('n')).toBe(value);
      }),
    );
  });

  it.each([
    ['fc in three bytes', 'fdfc00', 0xfc],
    ['ffff in five bytes', 'feffff0000', 0xffff],
    ['1 in nine bytes', 'ff0100000000000000', 1],
    ['ffffffff in nine bytes', 'ffffffffff00000000', 0xffffffff],
  ])('takes %s where nothing is hashed, refuses it where something is', (_name, hex, value) => {
    expect(reader(hex).varint('n')).toBe(value);
    const refusal = { command: 'test', field: 'n', offset: 0, problem: 'value' } as const;
    expect(refusalOf(() => reader(hex).canonicalVarint('n'))).toEqual(refusal);
  });

  it.each(['', 'fd', 'fd01', 'fe010203', 'ff01020304050607'])('refuses the cut-off form %p where it begins', (hex) => {
    const source = new ByteReader(bytes(`00${hex}`), 'test', 1, 1 + hex.length / 2, 0);
    expect(refusalOf(() => source.varint('n'))).toEqual({
      command: 'test',
      field: 'n',
      offset: 1,
      problem: 'truncated',
    });
  });

  it('takes a value at the limit and refuses the next', () => {
    expect(reader('fd0001').varint('n', 256)).toBe(256);
    expect(refusalOf(() => reader('fd0101').varint('n', 256))).toEqual({
      command: 'test',
      field: 'n',
      offset: 0,
      problem: 'limit',
    });
  });
});

describe('ByteReader', () => {
  it('reads every width in the byte order of the wire', () => {
    const source = reader('01 0203 0203 04050607 08090a0b0c0d0e0f ffffffffffffffff'.replaceAll(' ', ''));
    expect(source.u8('a')).toBe(1);
    expect(source.u16('b')).toBe(0x0302);
    expect(source.u16BigEndian('c')).toBe(0x0203);
    expect(source.u32('d')).toBe(0x07060504);
    expect(source.u64('e')).toBe(0x0f0e0d0c0b0a0908n);
    expect(source.i64('f')).toBe(-1n);
    expect(source.remaining).toBe(0);
  });

  it('gives back what a writer wrote', () => {
    const anything = fc.record({
      u8: fc.integer({ min: 0, max: 0xff }),
      u16: fc.integer({ min: 0, max: 0xffff }),
      u32: fc.integer({ min: 0, max: 0xffffffff }),
      u64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      i64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      flag: fc.boolean(),
      text: fc.string({ unit: 'binary' }),
      data: fc.uint8Array({ maxLength: 600 }),
    });
    fc.assert(
      fc.property(anything, ({ u8, u16, u32, u64, i64, flag, text, data }) => {
        const writer = new ByteWriter(1).u8(u8).u16(u16).u16BigEndian(u16).u32(u32).u64(u64).i64(i64);
        const written = writer.bool(flag).varString(text).varBytes(data).bytes(data).finish();
        expect(writer.length).toBe(written.length);
        const source = new ByteReader(written, 'test');
        expect([source.u8('f'), source.u16('f'), source.u16BigEndian('f'), source.u32('f')]).toEqual([
          u8,
          u16,
          u16,
          u32,
        ]);
        expect([source.u64('f'), source.i64('f'), source.canonicalBool('f')]).toEqual([u64, i64, flag]);
        expect(Buffer.from(source.varBytes('f', 10_000)).toString()).toBe(Buffer.from(text).toString());
        expect(Uint8Array.from(source.varBytes('f', 600))).toEqual(Uint8Array.from(data));
        expect(Uint8Array.from(source.take(data.length, 'f'))).toEqual(Uint8Array.from(data));
        source.expectEnd();
      }),
    );
  });

  it('takes any non-zero byte for true, but not inside something hashed', () => {
    expect(reader('02').bool('b')).toBe(true);
    expect(reader('00').bool('b')).toBe(false);
    expect(reader('01').canonicalBool('b')).toBe(true);
    expect(refusalOf(() => reader('02').canonicalBool('b'))).toEqual({
      command: 'test',
      field: 'b',
      offset: 0,
      problem: 'value',
    });
  });

  it('hands out windows, not copies', () => {
    const source = Buffer.from('0401020304', 'hex');
    const window = new ByteReader(source, 'test').varBytes('data', 4);
    source[1] = 9;
    expect(window[0]).toBe(9);
  });

  it('refuses a length that the bytes left do not hold, where the length stands', () => {
    expect(
      refusalOf(() => reader('00050102').skipVarBytes('empty', 9) + reader('050102').skipVarBytes('data', 9)),
    ).toEqual({
      command: 'test',
      field: 'data',
      offset: 0,
      problem: 'truncated',
    });
  });

  it('refuses a count that the bytes left cannot hold before anything is allocated', () => {
    const refusal = { command: 'test', field: 'items', offset: 0, problem: 'truncated' } as const;
    expect(refusalOf(() => reader(`feffffff00${'00'.repeat(100)}`).count('items', 0xffffffff, 32))).toEqual(refusal);
  });

  it('names the item of nested arrays and counts offsets from the origin', () => {
    const source = new ByteReader(bytes('aabbccdd'), 'test', 1);
    source.enter('outer');
    source.at(3);
    source.enter('inner');
    source.u8('fine');
    source.enter('list');
    source.at(7);
    expect(refusalOf(() => source.u32('value'))).toEqual({
      command: 'test',
      field: 'outer[3].inner.list[7].value',
      offset: 1,
      problem: 'truncated',
    });
    source.leave();
    source.leave();
    source.leave();
    expect(refusalOf(() => source.u32('value'))).toEqual({
      command: 'test',
      field: 'value',
      offset: 1,
      problem: 'truncated',
    });
  });

  it('refuses left-over bytes when the bytes are one whole thing', () => {
    const source = reader('0102');
    source.u8('a');
    expect(refusalOf(() => source.expectEnd())).toEqual({
      command: 'test',
      field: 'end',
      offset: 1,
      problem: 'trailing',
    });
  });

  it('reads nothing beyond its end', () => {
    const source = new ByteReader(bytes('0102030405'), 'test', 1, 3);
    expect(source.u16('a')).toBe(0x0302);
    expect(refusalOf(() => source.skip(1, 'b'))).toEqual({
      command: 'test',
      field: 'b',
      offset: 2,
      problem: 'truncated',
    });
  });

  it('says in the message what was found, where and in what', () => {
    expect(decodeFailure(() => reader('01').u32('height')).message).toBe(
      'test: height at offset 0: 4 bytes wanted, 1 left (truncated)',
    );
  });

  it.each(ofKind('array-u16'))('reads $name', ({ hex, value }) => {
    const source = reader(hex);
    const count = source.count('items', 10, 2);
    expect(Array.from({ length: count }, () => source.u16('item'))).toEqual(value);
  });

  it.each(ofKind('varstring'))('reads $name', ({ hex, value }) => {
    expect(Buffer.from(reader(hex).varBytes('text', 10)).toString()).toBe(value);
  });
});

describe('ByteWriter', () => {
  it.each([
    ['u8', (writer: ByteWriter) => writer.u8(256)],
    ['u16', (writer: ByteWriter) => writer.u16(65_536)],
    ['u32', (writer: ByteWriter) => writer.u32(-1)],
    ['u64', (writer: ByteWriter) => writer.u64(2n ** 64n)],
  ])('refuses a number that %s does not hold', (_name, write) => {
    expect(() => write(new ByteWriter())).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
  });
});
