import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { AttributeUsage, attributeUsageName } from '../../../src/wire/legacy/attribute.js';
import { LegacyTransaction } from '../../../src/wire/legacy/transaction.js';
import { GOVERNING_TOKEN, UTILITY_TOKEN } from '../../../src/wire/legacy/transaction-asset.js';
import { TransactionType, transactionTypeName } from '../../../src/wire/legacy/transaction-type.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { UInt160 } from '../../../src/wire/primitives/uint160.js';
import { decodesOrRefuses } from '../../support/decode-failure.js';
import { transactionFields, transactions, typedData } from '../../support/legacy-arbitraries.js';
import { mutations } from '../../support/mutations.js';
import { plain } from '../../support/plain.js';
import { bytes, loadVectors, type Vector } from '../../support/vectors.js';

interface TransactionVector extends Vector {
  readonly expected: { readonly hash: string };
}

const vectors = loadVectors<TransactionVector[]>('transactions.json');
const types = Object.keys(typedData) as (keyof typeof TransactionType)[];

function decode(raw: Uint8Array): LegacyTransaction {
  const reader = new ByteReader(raw, 'transaction');
  const transaction = LegacyTransaction.decode(reader);
  reader.expectEnd();
  return transaction;
}

function fieldsOf(transaction: LegacyTransaction) {
  const { version, data, attributes, inputs, outputs, witnesses } = transaction;
  return { version, data, attributes, inputs, outputs, witnesses };
}

/** Node's RangeError comes from outside the test's realm, so its class can't be compared. */
const outOfRange = expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' });

function hexOf(raw: Uint8Array): string {
  return Buffer.from(raw).toString('hex');
}

describe('LegacyTransaction', () => {
  it('has vectors of all nine types', () => {
    const names = new Set(vectors.map(({ hex }) => decode(bytes(hex)).typeName));
    expect([...names].toSorted()).toEqual(types.map((type) => `${type}Transaction`).toSorted());
  });

  it.each(vectors)('decodes $name to the recorded fields', ({ hex, expected }) => {
    expect(plain(decode(bytes(hex)))).toEqual(expected);
  });

  it.each(vectors)('encodes $name from its fields to the same bytes', ({ hex }) => {
    const transaction = decode(bytes(hex));
    expect(hexOf(transaction.raw)).toBe(hex);
    const again = LegacyTransaction.from(fieldsOf(transaction));
    expect(hexOf(again.raw)).toBe(hex);
    expect(again.toJSON()).toEqual(transaction.toJSON());
  });

  it.each(types)('reads back the fields of a %s', (type) => {
    fc.assert(
      fc.property(transactionFields(type), (fields) => {
        const transaction = LegacyTransaction.from(fields);
        const again = decode(transaction.raw);
        expect(fieldsOf(again)).toEqual(fields);
        expect(again.type).toBe(TransactionType[type]);
        expect(again.hash.equals(transaction.hash)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it.each(types)('decodes or refuses the mutated bytes of a %s', (type) => {
    fc.assert(
      fc.property(
        transactions(type).chain(({ raw }) => mutations(raw)),
        (mutated) => {
          const transaction = decodesOrRefuses(() => LegacyTransaction.decode(new ByteReader(mutated, 'transaction')));
          if (transaction === undefined) return;
          // What was accepted has one form only in what is hashed, so that it can be rebuilt.
          const again = LegacyTransaction.from(fieldsOf(transaction));
          expect(again.hash.equals(transaction.hash)).toBe(true);
          expect(again.toJSON()).toEqual({ ...transaction.toJSON(), size: again.size });
        },
      ),
      { numRuns: 150 },
    );
  });

  it('narrows the data by its type', () => {
    const claim = vectors.find(({ name }) => name.startsWith('ClaimTransaction'))!;
    const { data } = decode(bytes(claim.hex));
    if (data.type !== TransactionType.Claim) throw new Error('not a Claim');
    expect(data.claims[0]!.prevIndex).toBe(0);
  });

  it('reads its parts and its hash once, but for witnesses, of which somebody may send very many', () => {
    const transaction = decode(bytes(vectors.find(({ name }) => name.startsWith('ClaimTransaction'))!.hex));
    for (const part of ['data', 'attributes', 'inputs', 'outputs', 'hash'] as const) {
      expect(transaction[part]).toBe(transaction[part]);
    }
    expect(transaction.witnesses).toEqual(transaction.witnesses);
    expect(transaction.witnesses).not.toBe(transaction.witnesses);
  });

  it('detaches into a buffer of its own size', () => {
    const frame = Buffer.concat([Buffer.alloc(100), bytes(vectors[7]!.hex), Buffer.alloc(100)]);
    const transaction = LegacyTransaction.decode(new ByteReader(frame, 'transaction', 100));
    const json = transaction.toJSON();
    const detached = transaction.detach();
    frame.fill(0);
    expect(detached.raw.buffer.byteLength).toBe(transaction.size);
    expect(detached.toJSON()).toEqual(json);
    expect(detached.dialect).toBe('legacy');
  });

  it('chooses the least version that holds the data', () => {
    const script = Uint8Array.of(0x51);
    const versions = [
      LegacyTransaction.from({ data: { type: TransactionType.Invocation, script } }),
      LegacyTransaction.from({ data: { type: TransactionType.Invocation, script, gas: 0n } }),
      LegacyTransaction.from({ data: { type: TransactionType.Contract } }),
    ].map(({ version }) => version);
    expect(versions).toEqual([0, 1, 0]);
  });

  it('writes gas and storage of version 1 as nothing when they are not given', () => {
    const script = Uint8Array.of(0x51);
    const invocation = LegacyTransaction.from({ version: 1, data: { type: TransactionType.Invocation, script } });
    expect(invocation.data).toMatchObject({ gas: 0n });
    const none = new Uint8Array(0);
    const texts = { name: none, codeVersion: none, author: none, email: none, description: none };
    const data = { type: TransactionType.Publish, script, parameterList: none, returnType: 0, ...texts } as const;
    expect(LegacyTransaction.from({ version: 1, data }).data).toMatchObject({ needStorage: false });
    expect(LegacyTransaction.from({ data: { ...data, needStorage: true } }).version).toBe(1);
  });

  it('knows the hashes of the system tokens', () => {
    const registered = vectors
      .filter(({ name }) => name.startsWith('Register'))
      .map(({ hex }) => decode(bytes(hex)).hash.key);
    expect(registered).toContain(GOVERNING_TOKEN.key);
    expect(UTILITY_TOKEN.toString()).toBe('0x602c79718b16e442de58778e148d0b1084e3b2dffd5de6b7b16cee7969282de7');
  });

  it('names every type and every usage', () => {
    for (const [name, type] of Object.entries(TransactionType))
      expect(transactionTypeName(type)).toBe(`${name}Transaction`);
    for (const [name, usage] of Object.entries(AttributeUsage)) expect(attributeUsageName(usage)).toBe(name);
  });
});

describe('LegacyTransaction.from', () => {
  const contract = { data: { type: TransactionType.Contract } } as const;
  const script = Uint8Array.of(0x51);
  const none = new Uint8Array(0);
  const publish = {
    type: TransactionType.Publish,
    script,
    parameterList: none,
    returnType: 0,
    name: none,
    codeVersion: none,
    author: none,
    email: none,
    description: none,
  } as const;

  it.each([
    ['gas in version 0', { version: 0, data: { type: TransactionType.Invocation, script, gas: 1n } }, 'gas'],
    ['storage in version 0', { version: 0, data: { ...publish, needStorage: false } }, 'needStorage'],
    ['an empty script', { data: { type: TransactionType.Invocation, script: none } }, 'script'],
    ['negative gas', { data: { type: TransactionType.Invocation, script, gas: -1n } }, 'gas'],
    ['a Claim of nothing', { data: { type: TransactionType.Claim, claims: [] } }, 'claims'],
    [
      'a short point',
      { data: { type: TransactionType.Enrollment, publicKey: new Uint8Array(32).fill(2) } },
      'publicKey',
    ],
    ['no point', { data: { type: TransactionType.Enrollment, publicKey: none } }, 'publicKey'],
    ['a long infinity', { data: { type: TransactionType.Enrollment, publicKey: new Uint8Array(33) } }, 'publicKey'],
    ['version 1 of a Contract', { ...contract, version: 1 }, 'version'],
    [
      'an output of nothing',
      { ...contract, outputs: [{ assetId: UTILITY_TOKEN, value: 0n, scriptHash: UInt160.ZERO }] },
      'outputs[0].value',
    ],
    ['a short Vote', { ...contract, attributes: [{ usage: AttributeUsage.Vote, data: script }] }, 'attributes.data'],
    [
      'a short Script',
      { ...contract, attributes: [{ usage: AttributeUsage.Script, data: script }] },
      'attributes.data',
    ],
    [
      'a point without its prefix',
      { ...contract, attributes: [{ usage: AttributeUsage.ECDH02, data: new Uint8Array(33).fill(3) }] },
      'attributes.data',
    ],
    [
      'a long DescriptionUrl',
      { ...contract, attributes: [{ usage: AttributeUsage.DescriptionUrl, data: new Uint8Array(256) }] },
      'attributes.data',
    ],
  ] as const)('refuses %s', (_name, fields, field) => {
    expect(() => LegacyTransaction.from(fields)).toThrow(
      expect.objectContaining({ code: 'NEO_PEER_DECODE', command: 'transaction', field, problem: 'value' }),
    );
  });

  it('refuses numbers that do not fit their fields', () => {
    expect(() => LegacyTransaction.from({ data: { type: TransactionType.Miner, nonce: 2 ** 32 } })).toThrow(outOfRange);
    expect(() => LegacyTransaction.from({ ...contract, version: 256 })).toThrow(outOfRange);
    expect(() => LegacyTransaction.from({ data: { ...publish, returnType: 256 } })).toThrow(outOfRange);
  });
});
