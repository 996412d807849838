import { describe, expect, it } from '@jest/globals';
import { ripemd160 } from '@noble/hashes/legacy.js';
import { checksum, hash160, hash256, hash256Pair, sha256, type Digest } from '../../../src/wire/primitives/hashing.js';
import { bytes, loadVectors } from '../../support/vectors.js';

interface HashVector {
  readonly name: string;
  readonly kind: string;
  readonly hex: string;
  readonly digest: string;
  readonly checksumU32: number;
  readonly checksumWire: string;
}

const vectors = loadVectors<HashVector[]>('primitives.json');
const hashes: Readonly<Record<string, (input: Uint8Array) => string>> = {
  sha256: (input) => hex(sha256(input)),
  ripemd160: (input) => Buffer.from(ripemd160(input)).toString('hex'),
  hash160: (input) => hex(hash160(input)),
};
const hex = (digest: Digest): string => Buffer.from(digest, 'latin1').toString('hex');

describe('hashing', () => {
  it.each(vectors.filter(({ kind }) => kind in hashes))('$name of $hex', ({ kind, hex: input, digest }) => {
    expect(hashes[kind]!(bytes(input))).toBe(digest);
  });

  it.each(vectors.filter(({ kind }) => kind === 'checksum'))('$name', ({ hex: input, checksumU32, checksumWire }) => {
    expect(checksum(bytes(input))).toBe(checksumU32);
    expect(hex(hash256(bytes(input))).slice(0, 8)).toBe(checksumWire);
  });

  it('hashes a pair as its two halves one behind the other', () => {
    const left = sha256(bytes('01'));
    const right = sha256(bytes('02'));
    expect(hash256Pair(left, right)).toBe(hash256(Buffer.from(left + right, 'latin1')));
    expect(hash256Pair(left, right)).not.toBe(hash256Pair(right, left));
  });
});
