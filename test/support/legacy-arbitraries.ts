import * as fc from 'fast-check';
import { AttributeUsage, type TransactionAttribute } from '../../src/wire/legacy/attribute.js';
import { LegacyBlock } from '../../src/wire/legacy/block.js';
import { LegacyBlockHeader } from '../../src/wire/legacy/block-header.js';
import type { ConsensusFields } from '../../src/wire/legacy/consensus.payload.js';
import type { StateRootFields } from '../../src/wire/legacy/state-root.js';
import { LegacyTransaction } from '../../src/wire/legacy/transaction.js';
import { UTILITY_TOKEN } from '../../src/wire/legacy/transaction-asset.js';
import {
  AssetType,
  StateType,
  type StateDescriptor,
  type TransactionData,
} from '../../src/wire/legacy/transaction-data.js';
import type { TransactionInput } from '../../src/wire/legacy/transaction-input.js';
import type { TransactionOutput } from '../../src/wire/legacy/transaction-output.js';
import { TransactionType } from '../../src/wire/legacy/transaction-type.js';
import { merkleRoot } from '../../src/wire/primitives/merkle-tree.js';
import { UInt256 } from '../../src/wire/primitives/uint256.js';
import { accounts, byteArrays, hashes, points, u32, u64, witnesses } from './arbitraries.js';

export { accounts, byteArrays, hashes, points, u32, witnesses } from './arbitraries.js';

/** Generators of everything that hangs on a NEO 2.x chain, all of it valid. */

export function headerFields() {
  return fc.record({
    version: u32(),
    prevHash: hashes(),
    merkleRoot: hashes(),
    timestamp: u32(),
    index: u32(),
    consensusData: u64(),
    nextConsensus: accounts(),
    witness: witnesses(),
  });
}

export function headers(): fc.Arbitrary<LegacyBlockHeader> {
  return headerFields().map((fields) => LegacyBlockHeader.from(fields));
}

export function inputs(): fc.Arbitrary<TransactionInput> {
  return fc.record({ prevHash: hashes(), prevIndex: fc.nat({ max: 0xffff }) });
}

export function outputs(): fc.Arbitrary<TransactionOutput> {
  return fc.record({
    assetId: hashes(),
    value: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
    scriptHash: accounts(),
  });
}

export function attributes(): fc.Arbitrary<TransactionAttribute> {
  return fc
    .constantFrom(...Object.values(AttributeUsage))
    .chain((usage) => attributeData(usage).map((data) => ({ usage, data })));
}

function attributeData(usage: AttributeUsage): fc.Arbitrary<Buffer> {
  if (usage === AttributeUsage.Script) return byteArrays(20);
  if (usage === AttributeUsage.DescriptionUrl) return byteArrays(0, 255);
  if (usage === AttributeUsage.ECDH02 || usage === AttributeUsage.ECDH03) {
    return byteArrays(32).map((x) => Buffer.concat([Uint8Array.of(usage), x]));
  }
  return usage === AttributeUsage.Description || usage >= AttributeUsage.Remark ? byteArrays(0, 300) : byteArrays(32);
}

function stateDescriptors(): fc.Arbitrary<StateDescriptor> {
  return fc.oneof(
    fc.record({
      type: fc.constant(StateType.Account),
      key: byteArrays(20),
      field: fc.constant('Votes' as const),
      value: byteArrays(0, 300),
    }),
    fc.record({
      type: fc.constant(StateType.Validator),
      key: byteArrays(33),
      field: fc.constant('Registered' as const),
      value: byteArrays(0, 2),
    }),
  );
}

function texts(): fc.Arbitrary<Buffer> {
  return byteArrays(0, 252);
}

/** Data of a type, and a version that goes with it. */
interface Typed {
  readonly version: number;
  readonly data: TransactionData;
}

function at(version: number, data: fc.Arbitrary<TransactionData>): fc.Arbitrary<Typed> {
  return data.map((value) => ({ version, data: value }));
}

/** Data of each type. */
export const typedData: Readonly<Record<keyof typeof TransactionType, () => fc.Arbitrary<Typed>>> = {
  Miner: () => at(0, fc.record({ type: fc.constant(TransactionType.Miner), nonce: u32() })),
  Issue: () => fc.nat({ max: 1 }).map((version) => ({ version, data: { type: TransactionType.Issue } })),
  Claim: () =>
    at(
      0,
      fc.record({
        type: fc.constant(TransactionType.Claim),
        claims: fc.array(inputs(), { minLength: 1, maxLength: 5 }),
      }),
    ),
  Enrollment: () =>
    at(
      0,
      fc.record({
        type: fc.constant(TransactionType.Enrollment),
        publicKey: fc.oneof(points(), fc.constant(Buffer.alloc(1))),
      }),
    ),
  Register: () =>
    at(
      0,
      fc.record({
        type: fc.constant(TransactionType.Register),
        assetType: fc.constantFrom(...Object.values(AssetType)),
        name: byteArrays(0, 300),
        amount: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        precision: fc.nat({ max: 255 }),
        owner: points(),
        admin: accounts(),
      }),
    ),
  Contract: () => fc.constant({ version: 0, data: { type: TransactionType.Contract } }),
  State: () =>
    fc
      .tuple(fc.nat({ max: 255 }), fc.array(stateDescriptors(), { maxLength: 16 }))
      .map(([version, descriptors]) => ({ version, data: { type: TransactionType.State, descriptors } })),
  Publish: () =>
    fc.nat({ max: 1 }).chain((version) =>
      at(
        version,
        fc.record({
          type: fc.constant(TransactionType.Publish),
          script: byteArrays(0, 300),
          parameterList: byteArrays(0, 20),
          returnType: fc.nat({ max: 255 }),
          ...(version === 1 && { needStorage: fc.boolean() }),
          name: texts(),
          codeVersion: texts(),
          author: texts(),
          email: texts(),
          description: byteArrays(0, 300),
        }),
      ),
    ),
  Invocation: () =>
    fc.nat({ max: 1 }).chain((version) =>
      at(
        version,
        fc.record({
          type: fc.constant(TransactionType.Invocation),
          script: byteArrays(1, 300),
          ...(version === 1 && { gas: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }) }),
        }),
      ),
    ),
};

export function transactionFields(type: keyof typeof TransactionType) {
  return fc
    .record({
      typed: typedData[type](),
      attributes: fc.array(attributes(), { maxLength: 16 }),
      inputs: type === 'Miner' ? fc.constant([]) : fc.array(inputs(), { maxLength: 4 }),
      outputs: fc.array(type === 'Miner' ? outputs().map((o) => ({ ...o, assetId: UTILITY_TOKEN })) : outputs(), {
        maxLength: 4,
      }),
      witnesses: fc.array(witnesses(), { maxLength: 3 }),
    })
    .map(({ typed, ...rest }) => ({ ...typed, ...rest }));
}

export function transactions(type?: keyof typeof TransactionType): fc.Arbitrary<LegacyTransaction> {
  const anyButMiner = Object.keys(typedData).slice(1) as (keyof typeof TransactionType)[];
  const types = type === undefined ? fc.constantFrom(...anyButMiner) : fc.constant(type);
  return types.chain((name) => transactionFields(name).map((fields) => LegacyTransaction.from(fields)));
}

/** Blocks that verify, of `minCount` transactions and more. */
export function blocks(minCount = 1, maxCount = 6): fc.Arbitrary<LegacyBlock> {
  return fc
    .record({
      fields: headerFields(),
      miner: transactions('Miner'),
      others: fc.uniqueArray(transactions(), {
        minLength: minCount - 1,
        maxLength: maxCount - 1,
        selector: (transaction) => transaction.hash.key,
      }),
    })
    .map(({ fields, miner, others }) => {
      const list = [miner, ...others];
      const root = UInt256.fromDigest(merkleRoot(list.map((transaction) => transaction.hash.key)));
      return LegacyBlock.from({ header: LegacyBlockHeader.from({ ...fields, merkleRoot: root }), transactions: list });
    });
}

export function consensusFields(): fc.Arbitrary<Required<ConsensusFields>> {
  return fc.record({
    version: u32(),
    prevHash: hashes(),
    blockIndex: u32(),
    validatorIndex: fc.nat({ max: 0xffff }),
    timestamp: u32(),
    data: byteArrays(0, 300),
    witness: witnesses(),
  });
}

export function stateRootFields(): fc.Arbitrary<StateRootFields> {
  const fields = { version: fc.nat({ max: 255 }), index: u32(), prevHash: hashes(), root: hashes() };
  return fc.oneof(fc.record(fields), fc.record({ ...fields, witness: witnesses() }));
}
