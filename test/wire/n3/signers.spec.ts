import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  readSigner,
  signerToJSON,
  skipSigner,
  WitnessScope,
  witnessScopeNames,
  writeSigner,
  type Signer,
} from '../../../src/wire/n3/signer.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { ByteWriter } from '../../../src/wire/primitives/byte-writer.js';
import { UInt160 } from '../../../src/wire/primitives/uint160.js';
import { decodesOrRefuses, refusalOf } from '../../support/decode-failure.js';
import { mutations } from '../../support/mutations.js';
import { signers } from '../../support/n3-arbitraries.js';
import { bytes, loadN3Vectors } from '../../support/vectors.js';

const vectors = loadN3Vectors('signers.json').filter(({ scope }) => scope === 'signer');

function decode(raw: Uint8Array): Signer {
  const reader = new ByteReader(raw, 'signer');
  skipSigner(reader);
  reader.expectEnd();
  return readSigner(new ByteReader(raw, 'signer'));
}

function encode(signer: Signer): Uint8Array {
  const writer = new ByteWriter();
  writeSigner(writer, signer);
  return writer.finish();
}

const ACCOUNT = '11'.repeat(20);
const POINT = `02${'22'.repeat(32)}`;

describe('signers', () => {
  it('has vectors of every list and of none', () => {
    expect(new Set(vectors.map(({ expected }) => expected['scopesByte']))).toEqual(new Set([1, 16, 32, 48, 64, 128]));
  });

  it.each(vectors)('decodes and encodes $name', ({ hex, expected }) => {
    const signer = decode(bytes(hex));
    expect(signerToJSON(signer)).toEqual(expected);
    expect(Buffer.from(encode(signer)).toString('hex')).toBe(hex);
  });

  it('reads back any signer', () => {
    fc.assert(fc.property(signers(), (signer) => expect(decode(encode(signer))).toEqual(signer)));
  });

  it('decodes or refuses any bytes', () => {
    fc.assert(
      fc.property(
        signers().chain((signer) => mutations(encode(signer))),
        (mutated) => {
          const signer = decodesOrRefuses(() => decode(mutated));
          if (signer === undefined) return;
          expect(Buffer.from(encode(signer))).toEqual(Buffer.from(mutated));
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['00', 'None'],
    ['01', 'CalledByEntry'],
    ['71', 'CalledByEntry, CustomContracts, CustomGroups, WitnessRules'],
    ['80', 'Global'],
  ])('names scopes %s', (scopes, names) => {
    expect(witnessScopeNames(Number.parseInt(scopes, 16))).toBe(names);
  });

  it.each(['02', '04', '08', '03', '81', '90', 'c0', 'ff'])('refuses scopes %s', (scopes) => {
    const raw = bytes(`${ACCOUNT}${scopes}${'00'.repeat(3)}`);
    expect(refusalOf(() => decode(raw))).toEqual({ command: 'signer', field: 'scopes', offset: 20, problem: 'value' });
  });

  it.each([
    ['contracts', '10', ACCOUNT, 'allowedContracts'],
    ['groups', '20', POINT, 'allowedGroups'],
    ['rules', '40', '0120', 'rules'],
  ])('takes none and 16 %s, not 17', (_name, scopes, item, field) => {
    const listOf = (count: number) =>
      bytes(`${ACCOUNT}${scopes}${count.toString(16).padStart(2, '0')}${item.repeat(count)}`);
    expect(decode(listOf(0))).toMatchObject({ [field]: [] });
    expect(decode(listOf(16))).toMatchObject({ [field]: { length: 16 } });
    expect(refusalOf(() => decode(listOf(17)))).toEqual({ command: 'signer', field, offset: 21, problem: 'limit' });
  });

  it.each([
    ['an uncompressed key', `04${'22'.repeat(64)}`, 'value'],
    ['infinity', `00${POINT}`, 'value'],
    ['a short key', '0222', 'truncated'],
  ])('refuses %s as a group', (_name, key, problem) => {
    const raw = bytes(`${ACCOUNT}2002${POINT}${key}`);
    const field = problem === 'truncated' ? 'allowedGroups' : 'allowedGroups[1]';
    const offset = problem === 'truncated' ? 21 : 55;
    expect(refusalOf(() => decode(raw))).toEqual({ command: 'signer', field, offset, problem });
  });

  it.each(['10fd010011', '20fd0100', '40fd01000120'])(
    'refuses a count that is not in its shortest form (%s)',
    (rest) => {
      const failure = refusalOf(() => decode(bytes(`${ACCOUNT}${rest}${'11'.repeat(40)}`)));
      expect(failure).toMatchObject({ offset: 21, problem: 'value' });
    },
  );

  it.each([
    ['a list without its bit', { scopes: WitnessScope.None, allowedContracts: [] }, 'allowedContracts'],
    ['a bit without its list', { scopes: WitnessScope.CustomGroups }, 'allowedGroups'],
    ['rules beside Global', { scopes: WitnessScope.Global, rules: [] }, 'rules'],
    ['a short group', { scopes: WitnessScope.CustomGroups, allowedGroups: [new Uint8Array(32)] }, 'allowedGroups'],
  ])('does not encode %s', (_name, fields, field) => {
    const refused = refusalOf(() => encode({ account: UInt160.ZERO, ...fields }));
    expect(refused).toEqual({ command: 'transaction', field: `signers.${field}`, offset: 0, problem: 'value' });
  });
});
