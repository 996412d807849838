import { ECDH } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { STANDBY_VALIDATORS } from '../../../src/wire/legacy/genesis.js';
import {
  invocationScript,
  legacyAddress,
  multisignatureScript,
  parseInvocationScript,
  parseVerificationScript,
  scriptHash,
  signatureScript,
} from '../../../src/wire/legacy/script.js';
import { refusalOf } from '../../support/decode-failure.js';
import { byteArrays, points } from '../../support/legacy-arbitraries.js';
import { bytes, loadVectors, type Vector } from '../../support/vectors.js';

interface HeaderVector extends Vector {
  readonly expected: {
    readonly nextConsensusAddress: string;
    readonly witness: { readonly invocation: string; readonly verification: string };
  };
}

const mainnet = loadVectors<HeaderVector[]>('headers.json')[0]!.expected;
const keys = STANDBY_VALIDATORS.mainnet.map(bytes);

function hexOf(items: readonly Uint8Array[]): string[] {
  return items.map((item) => Buffer.from(item).toString('hex'));
}

describe('standard scripts', () => {
  it('build the verification script of the MainNet validators, whatever the order of the keys', () => {
    const script = Buffer.from(multisignatureScript(5, keys)).toString('hex');
    expect(script).toBe(mainnet.witness.verification);
    expect(Buffer.from(multisignatureScript(5, keys.toReversed())).toString('hex')).toBe(script);
    expect(legacyAddress(scriptHash(bytes(script)))).toBe(mainnet.nextConsensusAddress);
  });

  it('are taken apart again', () => {
    const script = parseVerificationScript(bytes(mainnet.witness.verification))!;
    expect({ kind: script.kind, required: script.required }).toEqual({ kind: 'multisignature', required: 5 });
    expect(hexOf(script.keys).toSorted()).toEqual(hexOf(keys).toSorted());
    const signatures = parseInvocationScript(bytes(mainnet.witness.invocation))!;
    expect(signatures.map(({ length }) => length)).toEqual([64, 64, 64, 64, 64]);
    expect(Buffer.from(invocationScript(signatures)).toString('hex')).toBe(mainnet.witness.invocation);
  });

  it('of one key have 35 bytes', () => {
    const script = signatureScript(keys[0]!);
    expect(Buffer.from(script).toString('hex')).toBe(`21${STANDBY_VALIDATORS.mainnet[0]}ac`);
    expect(parseVerificationScript(script)).toEqual({ kind: 'signature', required: 1, keys: [keys[0]] });
  });

  it('sort a key and its negative by Y', () => {
    const [key] = keys;
    const negative = Uint8Array.of(key![0]! ^ 1, ...key!.subarray(1));
    const sorted = parseVerificationScript(multisignatureScript(1, [key!, negative]))!.keys;
    const ys = sorted.map((point) => ECDH.convertKey(point, 'prime256v1', undefined, 'hex', 'uncompressed').slice(66));
    expect(ys).toEqual((ys as string[]).toSorted());
    expect(parseVerificationScript(multisignatureScript(1, [negative, key!]))!.keys).toEqual(sorted);
  });

  it('read back what they were made from', () => {
    const several = fc
      .uniqueArray(points(), { minLength: 1, maxLength: 16, selector: (point) => point.subarray(1).toString('hex') })
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
    ['one opcode', '51'],
    ['a bare check', 'ac'],
    ['a key without a check', `21${STANDBY_VALIDATORS.mainnet[0]}`],
    ['a key pushed by another opcode', `22${STANDBY_VALIDATORS.mainnet[0]}ac`],
    ['a count without keys', '5151ae'],
    ['more required than there are', `5221${STANDBY_VALIDATORS.mainnet[0]}51ae`],
    ['none required', `5021${STANDBY_VALIDATORS.mainnet[0]}51ae`],
    ['another count than keys', `5121${STANDBY_VALIDATORS.mainnet[0]}52ae`],
    ['seventeen keys', `51${`21${STANDBY_VALIDATORS.mainnet[0]}`.repeat(17)}61ae`],
    ['two bytes', '51ae'],
  ])('are not found in %s', (_name, hex) => {
    expect(parseVerificationScript(bytes(hex))).toBeUndefined();
  });

  it('find no signatures in a script that does anything else', () => {
    const signature = '40' + '11'.repeat(64);
    expect(parseInvocationScript(bytes(signature))).toHaveLength(1);
    expect(parseInvocationScript(bytes(''))).toEqual([]);
    expect(parseInvocationScript(bytes(`${signature}00`))).toBeUndefined();
    expect(parseInvocationScript(bytes(`41${signature.slice(2)}`))).toBeUndefined();
  });

  it('refuse what does not make one', () => {
    const facts = { command: 'script', offset: 0, problem: 'value' } as const;
    expect(refusalOf(() => signatureScript(new Uint8Array(33)))).toEqual({ ...facts, field: 'keys' });
    expect(refusalOf(() => signatureScript(new Uint8Array(32).fill(2)))).toEqual({ ...facts, field: 'keys' });
    expect(refusalOf(() => multisignatureScript(0, keys))).toEqual({ ...facts, field: 'required' });
    expect(refusalOf(() => multisignatureScript(8, keys))).toEqual({ ...facts, field: 'required' });
    expect(refusalOf(() => multisignatureScript(1.5, keys))).toEqual({ ...facts, field: 'required' });
    expect(refusalOf(() => invocationScript([new Uint8Array(63)]))).toEqual({ ...facts, field: 'signatures' });
  });
});
