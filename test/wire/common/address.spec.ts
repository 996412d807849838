import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { fromAddress, toAddress } from '../../../src/wire/common/address.js';
import { decodeBase58Check, encodeBase58Check } from '../../../src/wire/primitives/base58check.js';
import { UInt160 } from '../../../src/wire/primitives/uint160.js';
import { bytes, loadVectors } from '../../support/vectors.js';
import { decodesOrRefuses, refusalOf } from '../../support/decode-failure.js';

interface AddressVector {
  readonly name: string;
  readonly hex: string;
  readonly address?: string;
}

const VERSION = 0x17;
const KNOWN = 'AJeAEsmeD6t279Dx4n2HWdUvUmmXQ4iJvP';
const scriptHash = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((raw) => UInt160.fromBytes(raw));

describe('addresses', () => {
  it.each(loadVectors<AddressVector[]>('primitives.json').filter(({ address }) => address !== undefined))(
    '$name',
    ({ hex, address }) => {
      const hash = UInt160.fromBytes(bytes(hex));
      expect(toAddress(hash, VERSION)).toBe(address);
      expect(fromAddress(address!, VERSION).equals(hash)).toBe(true);
    },
  );

  it('come back as the script hash they stand for', () => {
    fc.assert(
      fc.property(scriptHash, fc.integer({ min: 0, max: 255 }), (hash, version) => {
        expect(fromAddress(toAddress(hash, version), version).equals(hash)).toBe(true);
      }),
    );
  });

  it('refuse every other version byte', () => {
    const refusal = { command: 'address', field: 'version', offset: 0, problem: 'value' } as const;
    expect(refusalOf(() => fromAddress(KNOWN, 0x35))).toEqual(refusal);
  });

  it.each([
    ['short', 19, 'truncated'],
    ['long', 21, 'limit'],
  ] as const)('refuse a script hash that is too %s', (_name, size, problem) => {
    const text = encodeBase58Check(Buffer.alloc(1 + size, VERSION));
    expect(refusalOf(() => fromAddress(text, VERSION))).toEqual({
      command: 'address',
      field: 'size',
      offset: 0,
      problem,
    });
  });

  it('refuse any single wrong character', () => {
    const digits = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
    fc.assert(
      fc.property(fc.nat(KNOWN.length - 1), fc.nat(digits.length - 1), (at, digit) => {
        const wrong = KNOWN.slice(0, at) + digits.charAt(digit) + KNOWN.slice(at + 1);
        fc.pre(wrong !== KNOWN);
        expect(decodesOrRefuses(() => fromAddress(wrong, VERSION))).toBeUndefined();
      }),
    );
  });
});

describe('base58check', () => {
  it('gives back any bytes, leading zeros included', () => {
    fc.assert(
      fc.property(fc.nat(5), fc.uint8Array({ maxLength: 40 }), (zeros, tail) => {
        const raw = Buffer.concat([Buffer.alloc(zeros), tail]);
        expect(Buffer.from(decodeBase58Check(encodeBase58Check(raw))).equals(raw)).toBe(true);
      }),
    );
  });

  it('takes any text or refuses it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const raw = decodesOrRefuses(() => decodeBase58Check(text));
        expect(raw === undefined || encodeBase58Check(raw) === text).toBe(true);
      }),
    );
  });

  it.each([
    ['a letter that is no digit', 'AJeAEsmeD0', { field: 'text', offset: 9, problem: 'value' }],
    ['nothing', '', { field: 'text', offset: 0, problem: 'truncated' }],
    ['too little for a checksum', '111', { field: 'text', offset: 0, problem: 'truncated' }],
    ['a text nobody would write', '1'.repeat(129), { field: 'text', offset: 0, problem: 'limit' }],
    ['a wrong checksum', `${KNOWN.slice(0, -1)}Q`, { field: 'checksum', offset: 21, problem: 'checksum' }],
  ] as const)('refuses %s', (_name, text, refusal) => {
    expect(refusalOf(() => decodeBase58Check(text))).toEqual({ command: 'base58check', ...refusal });
  });
});
