import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { AttributeType } from '../../../src/wire/n3/attribute.js';
import { N3Block } from '../../../src/wire/n3/block.js';
import { signedData } from '../../../src/wire/n3/header-verification.js';
import { WitnessScope, type Signer } from '../../../src/wire/n3/signer.js';
import { MIN_TRANSACTION_SIZE } from '../../../src/wire/n3/transaction-layout.js';
import { N3Transaction, type N3TransactionFields } from '../../../src/wire/n3/transaction.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { UInt160 } from '../../../src/wire/primitives/uint160.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { decodesOrRefuses, refusalOf, type Refusal } from '../../support/decode-failure.js';
import { mutations } from '../../support/mutations.js';
import { transactionFields, transactions } from '../../support/n3-arbitraries.js';
import { bytes, loadN3LocalChain, loadN3Vectors } from '../../support/vectors.js';

const vectors = loadN3Vectors('transactions.json');
const whole = vectors.filter(({ unsignedOnly }) => unsignedOnly !== true);
const unsigned = vectors.filter(({ unsignedOnly }) => unsignedOnly === true);

function decode(raw: Uint8Array): N3Transaction {
  const reader = new ByteReader(raw, 'transaction');
  const transaction = N3Transaction.decode(reader);
  reader.expectEnd();
  return transaction;
}

function fieldsOf(transaction: N3Transaction): Required<N3TransactionFields> {
  const { version, nonce, systemFee, networkFee, validUntilBlock } = transaction;
  const { signers, attributes, script, witnesses } = transaction;
  return { version, nonce, systemFee, networkFee, validUntilBlock, signers, attributes, script, witnesses };
}

/** Node's RangeError comes from outside the test's realm, so its class can't be compared. */
const outOfRange = expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' });

function hexOf(raw: Uint8Array): string {
  return Buffer.from(raw).toString('hex');
}

describe('N3Transaction', () => {
  it('has twelve vectors, two of them without witnesses', () => {
    expect([whole.length, unsigned.length]).toEqual([10, 2]);
  });

  it.each(whole)('decodes $name to the recorded fields', ({ hex, expected }) => {
    expect(decode(bytes(hex)).toJSON()).toEqual(expected);
  });

  it.each(whole)('hashes the recorded bytes of $name', ({ hex, unsignedHex }) => {
    const transaction = decode(bytes(hex));
    expect(hexOf(transaction.unsigned)).toBe(unsignedHex);
    expect(transaction.unsignedLength).toBe(unsignedHex!.length / 2);
  });

  it.each(whole)('encodes $name from its fields to the same bytes', ({ hex }) => {
    const transaction = decode(bytes(hex));
    expect(hexOf(transaction.raw)).toBe(hex);
    expect(hexOf(N3Transaction.from(fieldsOf(transaction)).raw)).toBe(hex);
  });

  it.each(unsigned)('makes $name from fields without witnesses, both to be hashed and to be signed', (vector) => {
    const { hex, expected } = vector;
    const { witnesses, ...fields } = fieldsOf(decode(bytes(`${hex}010000`)));
    expect(witnesses).toHaveLength(1);
    const transaction = N3Transaction.from(fields);
    expect(hexOf(transaction.unsigned)).toBe(hex);
    const { hash, magic, signData } = expected as { hash?: string; magic?: number; signData?: string };
    const stated = {
      hash: hash && transaction.hash.toString(),
      signData: magic && hexOf(signedData(transaction.hash, magic)),
    };
    expect(stated).toEqual({ hash, signData });
  });

  it('rebuilds every transaction of the recorded chain from its fields', () => {
    const found = loadN3LocalChain().flatMap((block) => N3Block.decode(new ByteReader(block, 'block')).transactions);
    expect(found).toHaveLength(99);
    for (const transaction of found) {
      expect(hexOf(N3Transaction.from(fieldsOf(transaction)).raw)).toBe(hexOf(transaction.raw));
    }
  });

  it('reads back any fields', () => {
    fc.assert(
      fc.property(transactionFields(), (fields) => {
        const transaction = N3Transaction.from(fields);
        const again = decode(transaction.raw);
        expect(fieldsOf(again)).toEqual(fields);
        expect(again.sender.equals(fields.signers[0]!.account)).toBe(true);
        expect(again.hash.equals(transaction.hash)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('decodes or refuses any bytes, and takes one form only of what is hashed', () => {
    fc.assert(
      fc.property(
        transactions().chain(({ raw }) => mutations(raw)),
        (mutated) => {
          const transaction = decodesOrRefuses(() => N3Transaction.decode(new ByteReader(mutated, 'transaction')));
          if (transaction === undefined) return;
          const again = N3Transaction.from(fieldsOf(transaction));
          expect(again.hash.equals(transaction.hash)).toBe(true);
          expect(again.toJSON()).toEqual({ ...transaction.toJSON(), size: again.size });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('reads its parts and its hash once, but for witnesses', () => {
    const transaction = decode(bytes(whole[1]!.hex));
    for (const part of ['signers', 'attributes', 'hash'] as const) expect(transaction[part]).toBe(transaction[part]);
    expect(transaction.witnesses).toEqual(transaction.witnesses);
    expect(transaction.witnesses).not.toBe(transaction.witnesses);
  });

  it('detaches into a buffer of its own size', () => {
    const frame = Buffer.concat([Buffer.alloc(100), bytes(whole[3]!.hex), Buffer.alloc(100)]);
    const transaction = N3Transaction.decode(new ByteReader(frame, 'transaction', 100));
    const json = transaction.toJSON();
    const detached = transaction.detach();
    frame.fill(0);
    expect(detached.raw.buffer.byteLength).toBe(transaction.size);
    expect(detached.toJSON()).toEqual(json);
    expect(detached.dialect).toBe('n3');
  });

  it('decodes one that is too large to be relayed, as both nodes do', () => {
    const signers = Array.from({ length: 16 }, (_, i) => signer(i, 16));
    const script = new Uint8Array(65_535).fill(0x40);
    const witness = { invocation: new Uint8Array(1024), verification: new Uint8Array(1024) };
    const transaction = N3Transaction.from({ ...SMALL, signers, script, witnesses: signers.map(() => witness) });
    expect(transaction.size).toBeGreaterThan(102_400);
    expect(decode(transaction.raw).signers).toHaveLength(16);
  });
});

function signer(account: number, contracts = 0): Signer {
  const key = UInt160.fromBytes(new Uint8Array(20).fill(account));
  if (contracts === 0) return { account: key, scopes: WitnessScope.None };
  const allowedContracts = Array.from({ length: contracts }, () => key);
  return { account: key, scopes: WitnessScope.CustomContracts, allowedContracts };
}

const SMALL = {
  nonce: 1,
  systemFee: 0n,
  networkFee: 0n,
  validUntilBlock: 2,
  signers: [signer(1)],
  script: Uint8Array.of(0x11),
} satisfies N3TransactionFields;

const conflicts = (i: number) =>
  ({ type: AttributeType.Conflicts, hash: UInt256.fromBytes(new Uint8Array(32).fill(i)) }) as const;

const MAX_I64 = 2n ** 63n - 1n;

describe('the limits of a transaction', () => {
  it('are met by the smallest one', () => {
    expect(N3Transaction.from(SMALL).size).toBe(MIN_TRANSACTION_SIZE);
  });

  it.each<[name: string, fields: Partial<N3TransactionFields>]>([
    ['the largest system fee', { systemFee: MAX_I64 }],
    ['the largest network fee', { networkFee: MAX_I64 }],
    ['fees of 63 bits together', { systemFee: 2n ** 62n, networkFee: 2n ** 62n - 1n }],
    ['16 signers', { signers: Array.from({ length: 16 }, (_, i) => signer(i)) }],
    ['15 attributes beside one signer', { attributes: Array.from({ length: 15 }, (_, i) => conflicts(i)) }],
    ['the same Conflicts twice', { attributes: [conflicts(1), conflicts(1)] }],
    ['a script of 65,535 bytes', { script: new Uint8Array(65_535) }],
    [
      'scripts of 1024 bytes',
      { witnesses: [{ invocation: new Uint8Array(1024), verification: new Uint8Array(1024) }] },
    ],
  ])('allow %s', (_name, fields) => {
    expect(fieldsOf(N3Transaction.from({ ...SMALL, ...fields }))).toMatchObject(fields);
  });

  const high = { type: AttributeType.HighPriority } as const;
  const empty = new Uint8Array(0);
  it.each<[name: string, fields: Partial<N3TransactionFields>, refusal: Omit<Refusal, 'command'>]>([
    ['version 1', { version: 1 }, { field: 'version', offset: 0, problem: 'value' }],
    ['a negative system fee', { systemFee: -1n }, { field: 'systemFee', offset: 5, problem: 'value' }],
    ['a negative network fee', { networkFee: -MAX_I64 }, { field: 'networkFee', offset: 13, problem: 'value' }],
    ['the least system fee', { systemFee: -(2n ** 63n) }, { field: 'systemFee', offset: 5, problem: 'value' }],
    ['the least network fee', { networkFee: -(2n ** 63n) }, { field: 'networkFee', offset: 13, problem: 'value' }],
    [
      'fees of 64 bits together',
      { systemFee: 2n ** 62n, networkFee: 2n ** 62n },
      { field: 'networkFee', offset: 13, problem: 'value' },
    ],
    [
      'one datoshi too many',
      { systemFee: 1n, networkFee: MAX_I64 },
      { field: 'networkFee', offset: 13, problem: 'value' },
    ],
    ['no signer', { signers: [] }, { field: 'signers', offset: 25, problem: 'value' }],
    [
      '17 signers',
      { signers: Array.from({ length: 17 }, (_, i) => signer(i)) },
      { field: 'signers', offset: 25, problem: 'limit' },
    ],
    [
      'a signer twice',
      { signers: [signer(1), signer(2, 1), signer(1)] },
      { field: 'signers[2].account', offset: 89, problem: 'value' },
    ],
    [
      '16 attributes beside one signer',
      { attributes: Array.from({ length: 16 }, (_, i) => conflicts(i)) },
      { field: 'attributes', offset: 47, problem: 'limit' },
    ],
    [
      'an attribute beside 16 signers',
      { signers: Array.from({ length: 16 }, (_, i) => signer(i)), attributes: [high] },
      { field: 'attributes', offset: 362, problem: 'limit' },
    ],
    [
      'an attribute twice',
      { attributes: [high, conflicts(1), high] },
      { field: 'attributes[2].type', offset: 82, problem: 'value' },
    ],
    [
      'a reserved attribute twice',
      {
        attributes: [
          { type: 0xe1, data: empty },
          { type: 0xe0, data: empty },
          { type: 0xe1, data: Uint8Array.of(1) },
        ],
      },
      { field: 'attributes[2].type', offset: 52, problem: 'value' },
    ],
    ['no script', { script: empty }, { field: 'script', offset: 48, problem: 'value' }],
    ['a script of 65,536 bytes', { script: new Uint8Array(65_536) }, { field: 'script', offset: 48, problem: 'limit' }],
    ['no witness', { witnesses: [] }, { field: 'witnesses', offset: 50, problem: 'value' }],
    [
      'two witnesses of one signer',
      { witnesses: Array.from({ length: 2 }, () => ({ invocation: empty, verification: empty })) },
      { field: 'witnesses', offset: 50, problem: 'value' },
    ],
    [
      '17 witnesses',
      { witnesses: Array.from({ length: 17 }, () => ({ invocation: empty, verification: empty })) },
      { field: 'witnesses', offset: 50, problem: 'limit' },
    ],
    [
      'an invocation script of 1025 bytes',
      { witnesses: [{ invocation: new Uint8Array(1025), verification: empty }] },
      { field: 'witnesses[0].invocation', offset: 51, problem: 'limit' },
    ],
    [
      'a verification script of 1025 bytes',
      { witnesses: [{ invocation: empty, verification: new Uint8Array(1025) }] },
      { field: 'witnesses[0].verification', offset: 52, problem: 'limit' },
    ],
  ])('refuse %s', (_name, fields, refusal) => {
    expect(refusalOf(() => N3Transaction.from({ ...SMALL, ...fields }))).toEqual({
      command: 'transaction',
      ...refusal,
    });
  });

  it('refuse numbers that do not fit their fields', () => {
    for (const fields of [{ nonce: 2 ** 32 }, { systemFee: 2n ** 63n }, { validUntilBlock: -1 }, { version: 256 }]) {
      expect(() => N3Transaction.from({ ...SMALL, ...fields })).toThrow(outOfRange);
    }
  });
});

/** A small transaction in pieces: a cut inside one is a fault of that field. */
const ANATOMY: readonly (readonly [field: string, hex: string])[] = [
  ['version', '00'],
  ['nonce', '01000000'],
  ['systemFee', '0000000000000000'],
  ['networkFee', '0000000000000000'],
  ['validUntilBlock', '02000000'],
  ['signers', `01${'01'.repeat(20)}00`],
  ['attributes', '0122'],
  ['attributes[0].nKeys', '04'],
  ['script', '020102'],
  ['witnesses', '010000'],
];

describe('the bytes of a transaction', () => {
  const hex = ANATOMY.map(([, piece]) => piece).join('');

  it('are refused when they end before any of them, naming the field that is cut', () => {
    expect(decode(bytes(hex)).toJSON()).toMatchObject({ attributes: [{ type: 'NotaryAssisted', nkeys: 4 }] });
    let offset = 0;
    for (const [field, piece] of ANATOMY) {
      for (let cut = offset; cut < offset + piece.length / 2; cut++) {
        const refused = refusalOf(() => decode(bytes(hex).subarray(0, cut)));
        expect(refused).toEqual({ command: 'transaction', field, offset, problem: 'truncated' });
      }
      offset += piece.length / 2;
    }
  });

  it.each([
    ['signers', `01${'01'.repeat(20)}`, `fd0100${'01'.repeat(20)}`, 25],
    ['attributes', '0122', 'fd010022', 47],
    ['script', '020102', 'fd02000102', 50],
  ])('are refused when the count of %s is not in its shortest form', (field, short, long, offset) => {
    const refused = refusalOf(() => decode(bytes(hex.replace(short, long))));
    expect(refused).toEqual({ command: 'transaction', field, offset, problem: 'value' });
  });

  it('may say how many witnesses there are in any form, for no hash covers them', () => {
    const longer = decode(bytes(`${hex.slice(0, -6)}fd0100fe00000000ff0000000000000000`));
    expect(longer.hash.equals(decode(bytes(hex)).hash)).toBe(true);
    expect(longer.witnesses).toEqual(decode(bytes(hex)).witnesses);
  });
});
