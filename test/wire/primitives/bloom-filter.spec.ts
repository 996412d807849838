import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { BloomFilter } from '../../../src/wire/primitives/bloom-filter.js';
import { murmur3 } from '../../../src/wire/primitives/murmur3.js';
import { bytes, loadVectors } from '../../support/vectors.js';
import { refusalOf } from '../../support/decode-failure.js';

interface BloomVector {
  readonly name: string;
  readonly kind: string;
  readonly m: number;
  readonly k: number;
  readonly tweak: number;
  readonly elements: readonly string[];
  readonly filter: string;
}

interface MerkleBlockVector {
  readonly name: string;
  readonly kind: string;
  /** `elements`: transaction hashes in display order. */
  readonly bloom?: Omit<BloomVector, 'name' | 'kind' | 'm'>;
}

const vectors = loadVectors<(BloomVector & MerkleBlockVector)[]>('bloom_merkleblock.json');

describe('murmur3', () => {
  it.each([
    ['', 0, 0],
    ['', 1, 0x514e28b7],
    ['', 0xffffffff, 0x81f16f39],
    ['ffffffff', 0, 0x76293b50],
    ['21436587', 0, 0xf55b516b],
    ['21436587', 0x5082edee, 0x2362f9de],
    ['214365', 0, 0x7e4a8634],
    ['2143', 0, 0xa0f7b07a],
    ['21', 0, 0x72661cf4],
    ['00000000', 0, 0x2362f9de],
    ['000000', 0, 0x85f0b427],
    ['0000', 0, 0x30f4c306],
    ['00', 0, 0x514e28b7],
  ])('of %p with seed %p', (hex, seed, hash) => {
    expect(murmur3(bytes(hex), seed)).toBe(hash);
  });
});

describe('BloomFilter', () => {
  it.each(vectors.filter(({ kind }) => kind === 'bloom'))('builds $name', ({ m, k, tweak, elements, filter }) => {
    const bloom = new BloomFilter(new Uint8Array(m / 8), k, tweak);
    for (const element of elements) bloom.add(bytes(element));
    expect(Buffer.from(bloom.bytes).toString('hex')).toBe(filter);
    expect(elements.every((element) => bloom.contains(bytes(element)))).toBe(true);
  });

  it.each(vectors.filter(({ bloom }) => bloom !== undefined))('builds the filter of $name', ({ bloom }) => {
    const { filter, k, tweak, elements } = bloom!;
    const built = new BloomFilter(new Uint8Array(filter.length / 2), k, tweak);
    for (const element of elements) built.add(bytes(element));
    expect(Buffer.from(built.bytes).toString('hex')).toBe(filter);
  });

  it('contains what was added, and a full one everything', () => {
    const shape = fc.record({
      size: fc.integer({ min: 1, max: 64 }),
      hashes: fc.integer({ min: 0, max: 50 }),
      tweak: fc.integer({ min: 0, max: 0xffffffff }),
      elements: fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }),
    });
    fc.assert(
      fc.property(shape, ({ size, hashes, tweak, elements }) => {
        const bloom = new BloomFilter(new Uint8Array(size), hashes, tweak);
        for (const element of elements) bloom.add(element);
        expect(elements.every((element) => bloom.contains(element))).toBe(true);
        expect(new BloomFilter(new Uint8Array(size).fill(0xff), hashes, tweak).contains(Buffer.of(1))).toBe(true);
      }),
    );
  });

  it('contains nothing while nothing was added', () => {
    expect(new BloomFilter(new Uint8Array(8), 3, 0).contains(Buffer.of(1, 2, 3))).toBe(false);
  });

  it('has at least one byte', () => {
    expect(refusalOf(() => new BloomFilter(new Uint8Array(0), 1, 0))).toEqual({
      command: 'bloomfilter',
      field: 'bytes',
      offset: 0,
      problem: 'value',
    });
  });
});
