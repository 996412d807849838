import * as fc from 'fast-check';
import {
  AttributeType,
  OracleResponseCode,
  type ReservedAttributeType,
  type TransactionAttribute,
} from '../../src/wire/n3/attribute.js';
import { ExtensiblePayload, type ExtensibleFields } from '../../src/wire/n3/extensible.payload.js';
import { NotaryRequestPayload } from '../../src/wire/n3/notary-request.payload.js';
import { WitnessScope, type Signer } from '../../src/wire/n3/signer.js';
import { N3Transaction, type N3TransactionFields } from '../../src/wire/n3/transaction.js';
import { WitnessConditionType, type WitnessCondition } from '../../src/wire/n3/witness-condition.js';
import { WitnessRuleAction, type WitnessRule } from '../../src/wire/n3/witness-rule.js';
import { accounts, byteArrays, hashes, points, u32, u64, witnesses } from './arbitraries.js';

/** Generators of transactions, of what they are made of, and of what carries them or goes beside them. All of it is valid. */

/** Conditions nested at most so deep, the outermost counted. */
export function conditions(depth = 3): fc.Arbitrary<WitnessCondition> {
  const leaves = fc.oneof(
    fc.record({ type: fc.constant(WitnessConditionType.Boolean), expression: fc.boolean() }),
    fc.record({
      type: fc.constantFrom(WitnessConditionType.ScriptHash, WitnessConditionType.CalledByContract),
      hash: accounts(),
    }),
    fc.record({
      type: fc.constantFrom(WitnessConditionType.Group, WitnessConditionType.CalledByGroup),
      group: points(),
    }),
    fc.constant({ type: WitnessConditionType.CalledByEntry }),
  );
  if (depth === 1) return leaves;
  const inner = conditions(depth - 1);
  return fc.oneof(
    leaves,
    fc.record({ type: fc.constant(WitnessConditionType.Not), expression: inner }),
    fc.record({
      type: fc.constantFrom(WitnessConditionType.And, WitnessConditionType.Or),
      expressions: fc.array(inner, { minLength: 1, maxLength: 3 }),
    }),
  );
}

export function rules(): fc.Arbitrary<WitnessRule> {
  return fc.record({ action: fc.constantFrom(...Object.values(WitnessRuleAction)), condition: conditions() });
}

export function signers(): fc.Arbitrary<Signer> {
  const global = fc.record({ account: accounts(), scopes: fc.constant(WitnessScope.Global) });
  return fc.oneof({ weight: 1, arbitrary: global }, { weight: 4, arbitrary: scopedSigners() });
}

function scopedSigners(): fc.Arbitrary<Signer> {
  const lists = fc.record(
    {
      allowedContracts: fc.array(accounts(), { maxLength: 16 }),
      allowedGroups: fc.array(points(), { maxLength: 16 }),
      rules: fc.array(rules(), { maxLength: 4 }),
    },
    { requiredKeys: [] },
  );
  return fc.tuple(accounts(), fc.boolean(), lists).map(([account, calledByEntry, some]) => ({
    account,
    scopes:
      (calledByEntry ? WitnessScope.CalledByEntry : WitnessScope.None) |
      (some.allowedContracts === undefined ? 0 : WitnessScope.CustomContracts) |
      (some.allowedGroups === undefined ? 0 : WitnessScope.CustomGroups) |
      (some.rules === undefined ? 0 : WitnessScope.WitnessRules),
    ...some,
  }));
}

export function attributes(): fc.Arbitrary<TransactionAttribute> {
  return fc.oneof(
    fc.constant({ type: AttributeType.HighPriority }),
    oracleResponses(),
    fc.record({ type: fc.constant(AttributeType.NotValidBefore), height: u32() }),
    fc.record({ type: fc.constant(AttributeType.Conflicts), hash: hashes() }),
    fc.record({ type: fc.constant(AttributeType.NotaryAssisted), nKeys: fc.nat({ max: 255 }) }),
    fc.record({
      type: fc.integer({ min: 0xe0, max: 0xff }).map((type) => type as ReservedAttributeType),
      data: byteArrays(0, 300),
    }),
  );
}

function oracleResponses(): fc.Arbitrary<TransactionAttribute> {
  const type = fc.constant(AttributeType.OracleResponse);
  const failures = Object.values(OracleResponseCode).filter((code) => code !== OracleResponseCode.Success);
  return fc.oneof(
    fc.record({ type, id: u64(), code: fc.constant(OracleResponseCode.Success), result: byteArrays(0, 300) }),
    fc.record({ type, id: u64(), code: fc.constantFrom(...failures), result: byteArrays(0) }),
  );
}

/** Attributes that may stand in one transaction. */
function attributeLists(maxLength: number): fc.Arbitrary<TransactionAttribute[]> {
  return fc.uniqueArray(attributes(), {
    maxLength,
    selector: (attribute) => (attribute.type === AttributeType.Conflicts ? attribute.hash.key : attribute.type),
  });
}

export function transactionFields(): fc.Arbitrary<Required<N3TransactionFields>> {
  const fee = fc.bigInt({ min: 0n, max: 2n ** 62n - 1n });
  const signed = fc
    .uniqueArray(signers(), { minLength: 1, maxLength: 4, selector: ({ account }) => account.key })
    .chain((list) =>
      fc.record({
        signers: fc.constant(list),
        attributes: attributeLists(16 - list.length),
        witnesses: fc.array(witnesses(), { minLength: list.length, maxLength: list.length }),
      }),
    );
  const rest = fc.record({
    version: fc.constant(0),
    nonce: u32(),
    systemFee: fee,
    networkFee: fee,
    validUntilBlock: u32(),
    script: byteArrays(1, 300),
  });
  return fc.tuple(rest, signed).map(([plain, lists]) => ({ ...plain, ...lists }));
}

export function transactions(): fc.Arbitrary<N3Transaction> {
  return transactionFields().map((fields) => N3Transaction.from(fields));
}

export function extensibleFields(): fc.Arbitrary<ExtensibleFields> {
  return fc
    .record({
      category: fc.string({ unit: 'binary', maxLength: 8 }),
      heights: fc.uniqueArray(u32(), { minLength: 2, maxLength: 2 }),
      sender: accounts(),
      data: byteArrays(0, 300),
      witness: witnesses(),
    })
    .map(({ heights, ...rest }) => {
      const [validBlockStart, validBlockEnd] = heights.toSorted((a, b) => a - b) as [number, number];
      return { ...rest, validBlockStart, validBlockEnd };
    });
}

export function extensibles(): fc.Arbitrary<ExtensiblePayload> {
  return extensibleFields().map((fields) => ExtensiblePayload.from(fields));
}

/** Of any two transactions: their layout is good, what they say is not that of a notary request. */
export function notaryRequests(): fc.Arbitrary<NotaryRequestPayload> {
  return fc
    .record({ main: transactions(), fallback: transactions(), witness: witnesses() })
    .map((fields) => NotaryRequestPayload.from(fields));
}
