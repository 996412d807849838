import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { fromAddress } from '../../../src/wire/common/address.js';
import { STANDBY_VALIDATORS } from '../../../src/wire/n3/genesis.js';
import {
  consensusAddress,
  invocationScript,
  multisignatureScript,
  N3_ADDRESS_VERSION,
  n3Address,
  parseInvocationScript,
  parseVerificationScript,
  scriptHash,
  signatureScript,
} from '../../../src/wire/n3/script.js';
import { UInt160 } from '../../../src/wire/primitives/uint160.js';
import { byteArrays, points } from '../../support/arbitraries.js';
import { refusalOf } from '../../support/decode-failure.js';
import { bytes, loadN3Vectors } from '../../support/vectors.js';

interface HeaderExpectation {
  readonly nextConsensusAddress: string;
  readonly witness: { readonly invocation: string; readonly verification: string };
}

const primitives = loadN3Vectors<Record<'display' | 'address' | 'scriptHash', string>>('primitives.json');
const mainnet = loadN3Vectors<HeaderExpectation>('headers.json')[0]!.expected;
const keys = STANDBY_VALIDATORS.mainnet.map(bytes);
const key = STANDBY_VALIDATORS.mainnet[0];
const pushKey = `0c21${key}`;

function hexOf(items: readonly Uint8Array[]): string[] {
  return items.map((item) => Buffer.from(item).toString('hex'));
}

describe('accounts of N3', () => {
  it.each(primitives.filter(({ scope }) => scope === 'address'))('$name', ({ hex, expected }) => {
    const account = UInt160.fromBytes(bytes(hex));
    expect(account.toString()).toBe(expected.display);
    expect(n3Address(account)).toBe(expected.address);
    expect(fromAddress(expected.address, N3_ADDRESS_VERSION).equals(account)).toBe(true);
  });

  it.each(primitives.filter(({ name }) => name.startsWith('hash160')))('$name', ({ hex, expected }) => {
    expect(scriptHash(bytes(hex)).toString()).toBe(expected.scriptHash);
  });

  it('of validators want more than two thirds of them', () => {
    expect(n3Address(consensusAddress(keys))).toBe(mainnet.nextConsensusAddress);
    const required = Array.from({ length: 10 }, (_, i) => {
      const many = Array.from({ length: i + 1 }, (_item, j) => Buffer.concat([Uint8Array.of(2), Buffer.alloc(32, j)]));
      const address = consensusAddress(many);
      return many.findIndex((_item, m) => scriptHash(multisignatureScript(m + 1, many)).equals(address)) + 1;
    });
    expect(required).toEqual([1, 2, 3, 3, 4, 5, 5, 6, 7, 7]);
  });
});

describe('standard scripts of N3', () => {
  it('build the verification script of the MainNet validators, whatever the order of the keys', () => {
    const script = hexOf([multisignatureScript(5, keys), multisignatureScript(5, keys.toReversed())]);
    expect(script).toEqual([mainnet.witness.verification, mainnet.witness.verification]);
  });

  it('are taken apart again', () => {
    const script = parseVerificationScript(bytes(mainnet.witness.verification))!;
    expect({ kind: script.kind, required: script.required }).toEqual({ kind: 'multisignature', required: 5 });
    expect(hexOf(script.keys).toSorted()).toEqual(hexOf(keys).toSorted());
    const signatures = parseInvocationScript(bytes(mainnet.witness.invocation))!;
    expect(signatures.map(({ length }) => length)).toEqual([64, 64, 64, 64, 64]);
    expect(hexOf([invocationScript(signatures)])).toEqual([mainnet.witness.invocation]);
  });

  it('of one key have 40 bytes', () => {
    const script = signatureScript(keys[0]!);
    expect(hexOf([script])).toEqual([`${pushKey}4156e7b327`]);
    expect(parseVerificationScript(script)).toEqual({ kind: 'signature', required: 1, keys: [keys[0]] });
  });

  it('name numbers up to 16 in one byte, and larger ones in two', () => {
    const many = Array.from({ length: 127 }, (_, i) => Buffer.concat([Uint8Array.of(3), Buffer.alloc(32, i)]));
    const ends = (required: number, count: number): string[] => {
      const script = Buffer.from(multisignatureScript(required, many.slice(0, count))).toString('hex');
      return [script.slice(0, 6), script.slice(-14)];
    };
    expect(ends(16, 16)).toEqual(['200c21', '0f20419ed0dc3a']);
    expect(ends(16, 17)).toEqual(['200c21', '0011419ed0dc3a']);
    expect(ends(17, 17)).toEqual(['00110c', '0011419ed0dc3a']);
    expect(ends(127, 127)).toEqual(['007f0c', '007f419ed0dc3a']);
  });

  it('read back what they were made from', () => {
    const several = fc
      .uniqueArray(points(), { minLength: 1, maxLength: 40, selector: (point) => point.subarray(1).toString('hex') })
      .chain((list) => fc.record({ list: fc.constant(list), required: fc.integer({ min: 1, max: list.length }) }));
    fc.assert(
      fc.property(several, fc.array(byteArrays(64), { maxLength: 16 }), ({ list, required }, signatures) => {
        const script = parseVerificationScript(multisignatureScript(required, list))!;
        expect(script.required).toBe(required);
        expect(hexOf(script.keys)).toEqual(
          hexOf(list.toSorted((a, b) => Buffer.compare(a.subarray(1), b.subarray(1)))),
        );
        expect(hexOf(parseInvocationScript(invocationScript(signatures))!)).toEqual(hexOf(signatures));
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['one opcode', '11'],
    ['a bare check', '4156e7b327'],
    ['a bare check of several', '419ed0dc3a'],
    ['a key without a check', pushKey],
    ['a key pushed by another opcode', `0d21${key}4156e7b327`],
    ['two keys for one signature', `${pushKey}${pushKey}4156e7b327`],
    ['a count without keys', '1111419ed0dc3a'],
    ['more required than there are', `12${pushKey}11419ed0dc3a`],
    ['none required', `10${pushKey}11419ed0dc3a`],
    ['another count than keys', `11${pushKey}12419ed0dc3a`],
    ['no count', `11${pushKey}419ed0dc3a`],
    ['a count in two bytes where one would do', `11${pushKey}0001419ed0dc3a`],
    ['a requirement in two bytes where one would do', `0001${pushKey}11419ed0dc3a`],
    ['a check of N3 before its release', `11${pushKey}11417bce6ca5`],
    ['128 keys', `11${pushKey.repeat(128)}0080419ed0dc3a`],
    ['a script of Legacy', `5121${key}51ae`],
  ])('are not found in %s', (_name, hex) => {
    expect(parseVerificationScript(bytes(hex))).toBeUndefined();
  });

  it('find no signatures in a script that does anything else', () => {
    const signature = `0c40${'11'.repeat(64)}`;
    expect(parseInvocationScript(bytes(signature))).toHaveLength(1);
    expect(parseInvocationScript(bytes(''))).toEqual([]);
    expect(parseInvocationScript(bytes(`${signature}11`))).toBeUndefined();
    expect(parseInvocationScript(bytes(`0c41${signature.slice(4)}`))).toBeUndefined();
    expect(parseInvocationScript(bytes(`40${'11'.repeat(64)}`))).toBeUndefined();
  });

  it('refuse what does not make one', () => {
    const facts = { command: 'script', offset: 0, problem: 'value' } as const;
    const limit = { ...facts, field: 'keys', problem: 'limit' };
    expect(refusalOf(() => signatureScript(new Uint8Array(33)))).toEqual({ ...facts, field: 'keys' });
    expect(refusalOf(() => multisignatureScript(1, [keys[0]!.subarray(1)]))).toEqual({ ...facts, field: 'keys' });
    expect(refusalOf(() => multisignatureScript(1, []))).toEqual(limit);
    expect(
      refusalOf(() =>
        multisignatureScript(
          1,
          Array.from({ length: 128 }, () => keys[0]!),
        ),
      ),
    ).toEqual(limit);
    expect(refusalOf(() => consensusAddress([]))).toEqual(limit);
    for (const required of [0, 8, 1.5]) {
      expect(refusalOf(() => multisignatureScript(required, keys))).toEqual({ ...facts, field: 'required' });
    }
    expect(refusalOf(() => invocationScript([new Uint8Array(63)]))).toEqual({ ...facts, field: 'signatures' });
  });
});
