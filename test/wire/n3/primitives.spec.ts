import { describe, expect, it } from '@jest/globals';
import { toAddress } from '../../../src/wire/common/address.js';
import { N3_ADDRESS_VERSION, scriptHash } from '../../../src/wire/n3/index.js';
import { BloomFilter } from '../../../src/wire/primitives/bloom-filter.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { ByteWriter } from '../../../src/wire/primitives/byte-writer.js';
import { merkleRoot } from '../../../src/wire/primitives/merkle-tree.js';
import { murmur3 } from '../../../src/wire/primitives/murmur3.js';
import { UInt160 } from '../../../src/wire/primitives/uint160.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { bytes, loadN3Vectors } from '../../support/vectors.js';

interface Expected {
  readonly value: string;
  readonly display: string;
  readonly address: string;
  readonly addressVersion: number;
  readonly scriptHash: string;
  readonly seed: number;
  readonly hash: number;
  /** Bits of the filter. */
  readonly m: number;
  readonly seeds: readonly number[];
  readonly k: number;
  readonly tweak: number;
  readonly bitsAfterAdd: string;
  readonly contains: readonly string[];
  readonly notContains: readonly string[];
  readonly leaves: readonly string[];
  readonly root: string;
}

const vectors = loadN3Vectors<Expected>('primitives.json');
const ofScope = (wanted: string) => vectors.filter(({ scope }) => scope === wanted);
const hexOf = (raw: Uint8Array): string => Buffer.from(raw).toString('hex');

describe('primitives of other implementations', () => {
  it.each(ofScope('varint'))('$name', ({ hex, expected }) => {
    const reader = new ByteReader(bytes(hex), 'varint');
    expect(String(reader.varint('value'))).toBe(expected.value);
    reader.expectEnd();
    expect(hexOf(new ByteWriter().varint(Number(expected.value)).finish())).toBe(hex);
  });

  it.each(ofScope('var-string'))('$name', ({ hex, expected }) => {
    expect(Buffer.from(new ByteReader(bytes(hex), 'text').varBytes('value', 10)).toString()).toBe(expected.value);
    expect(hexOf(new ByteWriter().varString(expected.value).finish())).toBe(hex);
  });

  it.each(ofScope('uint256'))('$name', ({ hex, expected }) => {
    expect(UInt256.fromBytes(bytes(hex)).toString()).toBe(expected.display);
    expect(hexOf(UInt256.from(expected.display).bytes)).toBe(hex);
  });

  it.each(ofScope('address'))('$name', ({ hex, expected }) => {
    const account = UInt160.fromBytes(bytes(hex));
    expect(account.toString()).toBe(expected.display);
    expect(expected.addressVersion).toBe(N3_ADDRESS_VERSION);
    expect(toAddress(account, N3_ADDRESS_VERSION)).toBe(expected.address);
  });

  it.each(ofScope('murmur'))('$name', ({ hex, expected }) => {
    expect(murmur3(bytes(hex), expected.seed)).toBe(expected.hash);
  });

  // Its 7 bits are no whole byte, so it is no filter of a filterload: what makes one is compared, not the class.
  it.each(ofScope('bloom'))('$name', ({ hex, expected: { m, seeds, bitsAfterAdd, contains, notContains } }) => {
    const bitsOf = (element: Uint8Array): number =>
      seeds.reduce((bits, seed) => bits | (1 << (murmur3(element, seed) % m)), 0);
    const added = bitsOf(bytes(hex));
    expect(added).toBe(parseInt(bitsAfterAdd, 16));
    expect(contains.map((element) => bitsOf(bytes(element)) & ~added)).toEqual(contains.map(() => 0));
    for (const element of notContains) expect(bitsOf(bytes(element)) & ~added).not.toBe(0);
  });

  it.each(ofScope('bloom'))('$name: the seeds', ({ hex, expected: { k, tweak, seeds } }) => {
    const filter = new BloomFilter(new Uint8Array(100), k, tweak).add(bytes(hex));
    const bits = new Set(seeds.map((seed) => murmur3(bytes(hex), seed) % 800));
    expect(seeds).toHaveLength(k);
    for (let bit = 0; bit < 800; bit++) expect(((filter.bytes[bit >> 3]! >> (bit & 7)) & 1) === 1).toBe(bits.has(bit));
  });

  it.each(ofScope('merkle'))('$name', ({ expected }) => {
    const leaves = expected.leaves.map((leaf) => UInt256.fromBytes(bytes(leaf)).key);
    expect(hexOf(UInt256.fromDigest(merkleRoot(leaves)).bytes)).toBe(expected.root);
  });

  it.each(ofScope('hash').filter(({ expected }) => expected.scriptHash !== undefined))('$name', ({ hex, expected }) => {
    expect(scriptHash(bytes(hex)).toString()).toBe(expected.scriptHash);
  });

  it.each(ofScope('hash').filter(({ expected }) => expected.display !== undefined))('$name', ({ hex, expected }) => {
    expect(UInt160.fromBytes(bytes(hex)).toString()).toBe(expected.display);
  });

  it('are all looked at', () => {
    const scopes = ['varint', 'var-string', 'uint256', 'address', 'murmur', 'bloom', 'merkle', 'hash'];
    expect(scopes.flatMap(ofScope)).toHaveLength(vectors.length);
    expect(vectors).toHaveLength(19);
  });
});
