import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HashList } from '../../../src/wire/primitives/hash-list.js';
import { UInt160 } from '../../../src/wire/primitives/uint160.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { bytes, loadVectors } from '../../support/vectors.js';
import { refusalOf } from '../../support/decode-failure.js';

interface UIntVector {
  readonly name: string;
  readonly kind: string;
  readonly hex: string;
  readonly display: string;
}

const vectors = loadVectors<UIntVector[]>('primitives.json').filter(({ kind }) => /^uint\d+$/.test(kind));

describe.each([
  ['uint256', UInt256, 32],
  ['uint160', UInt160, 20],
] as const)('%s', (kind, type, size) => {
  it.each(vectors.filter((vector) => vector.kind === kind))('shows $name reversed', ({ hex, display }) => {
    const value = type.fromBytes(bytes(hex));
    expect(value.toString()).toBe(`0x${display}`);
    expect(JSON.stringify(value)).toBe(`"0x${display}"`);
    expect(Buffer.from(type.from(display).bytes).toString('hex')).toBe(hex);
    expect(type.from(`0X${display.toUpperCase()}`).toString()).toBe(`0x${display}`);
  });

  it('is the same value in every form', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: size, maxLength: size }), fc.nat(9), (raw, offset) => {
        const value = type.fromBytes(Buffer.concat([Buffer.alloc(offset, 7), raw]), offset);
        expect(value.size).toBe(size);
        expect(Uint8Array.from(value.bytes)).toEqual(Uint8Array.from(raw));
        expect(value.key).toBe(Buffer.from(raw).toString('latin1'));
        expect(type.from(value.toString()).key).toBe(value.key);
        expect(value.equals(type.from(value.toString().slice(2)) as never)).toBe(true);
        expect(value.equals(type.ZERO as never)).toBe(raw.every((byte) => byte === 0));
      }),
    );
  });

  it('keeps nothing of the bytes it was read from', () => {
    const raw = Buffer.alloc(size, 1);
    const value = type.fromBytes(raw);
    raw.fill(2);
    expect(value.bytes[0]).toBe(1);
  });

  it.each([
    ['too short', '00'.repeat(size - 1)],
    ['too long', '00'.repeat(size + 1)],
    ['not hex', 'zz'.repeat(size)],
    ['empty', ''],
  ])('refuses a text that is %s', (_name, text) => {
    expect(refusalOf(() => type.from(text))).toEqual({ command: kind, field: 'text', offset: 0, problem: 'value' });
  });

  it('refuses bytes that are too few', () => {
    const refusal = { command: kind, field: 'bytes', offset: 3, problem: 'truncated' } as const;
    expect(refusalOf(() => type.fromBytes(new Uint8Array(size + 2), 3))).toEqual(refusal);
    expect(refusalOf(() => type.fromBytes(new Uint8Array(size), -1))).toEqual({ ...refusal, offset: -1 });
  });
});

describe('HashList', () => {
  it('packs hashes and gives them back in order', () => {
    const list = HashList.of([hash(1), hash(2), hash(3)]);
    expect(list).toHaveLength(3);
    expect(list.at(1).equals(hash(2))).toBe(true);
    expect(Array.from(list, String)).toEqual([1, 2, 3].map((n) => hash(n).toString()));
    expect(list.toJSON()).toEqual([1, 2, 3].map((n) => hash(n).toString()));
    expect(list.keyAt(2)).toBe(hash(3).key);
    expect(HashList.of(list)).toBe(list);
    expect(HashList.EMPTY).toHaveLength(0);
  });

  it('keeps the bytes given until it is detached', () => {
    const raw = new Uint8Array(32).fill(1);
    const list = new HashList(raw);
    const detached = list.detach();
    raw.fill(2);
    expect(list.at(0).equals(hash(2))).toBe(true);
    expect(detached.at(0).equals(hash(1))).toBe(true);
  });

  it.each([-1, 1, 0.5, Number.NaN])('has no hash at %p', (i) => {
    expect(() => HashList.of([hash(1)]).at(i)).toThrow(RangeError);
  });

  it('refuses bytes that are not whole hashes', () => {
    expect(refusalOf(() => new HashList(new Uint8Array(33)))).toEqual({
      command: 'hashlist',
      field: 'bytes',
      offset: 0,
      problem: 'truncated',
    });
  });
});

function hash(n: number): UInt256 {
  return UInt256.fromBytes(new Uint8Array(32).fill(n));
}
