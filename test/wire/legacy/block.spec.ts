import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { LegacyBlock } from '../../../src/wire/legacy/block.js';
import { LegacyBlockHeader } from '../../../src/wire/legacy/block-header.js';
import { LegacyTransaction } from '../../../src/wire/legacy/transaction.js';
import { TransactionType } from '../../../src/wire/legacy/transaction-type.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { merkleRoot } from '../../../src/wire/primitives/merkle-tree.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { decodesOrRefuses, refusalOf } from '../../support/decode-failure.js';
import { blocks } from '../../support/legacy-arbitraries.js';
import { mutations } from '../../support/mutations.js';
import { plain } from '../../support/plain.js';
import { bytes, loadVectors, readBytes } from '../../support/vectors.js';

interface TransactionSummary {
  readonly hash: string;
  readonly type: number;
  readonly typeName: string;
  readonly version: number;
  readonly offset: number;
  readonly size: number;
  readonly unsignedLength: number;
  readonly attributes: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly witnesses: number;
}

interface BlockVector {
  readonly name: string;
  readonly hex?: string;
  readonly file?: string;
  readonly expected: {
    readonly transactionCount: number;
    readonly transactions?: readonly TransactionSummary[];
    readonly transactionTypes?: Record<string, number>;
    readonly firstTransactions?: readonly TransactionSummary[];
    readonly lastTransaction?: TransactionSummary;
  };
}

const vectors = loadVectors<BlockVector[]>('blocks.json');
const large = vectors.find(({ file }) => file !== undefined)!;

function bytesOf({ hex, file }: BlockVector): Buffer {
  return file === undefined ? bytes(hex!) : readBytes(`test/vectors/legacy/${file}`);
}

function decode(raw: Uint8Array): LegacyBlock {
  const reader = new ByteReader(raw, 'block');
  const block = LegacyBlock.decode(reader);
  reader.expectEnd();
  return block;
}

function summaries(block: LegacyBlock): TransactionSummary[] {
  return block.transactions.map((transaction) => ({
    hash: plain(transaction.hash) as string,
    type: transaction.type,
    typeName: transaction.typeName,
    version: transaction.version,
    offset: transaction.raw.byteOffset - block.raw.byteOffset,
    size: transaction.size,
    unsignedLength: transaction.unsignedLength,
    attributes: transaction.attributes.length,
    inputs: transaction.inputs.length,
    outputs: transaction.outputs.length,
    witnesses: transaction.witnesses.length,
  }));
}

/** The block with another list of transactions, and the Merkle root of that list. */
function withTransactions(block: LegacyBlock, transactions: readonly LegacyTransaction[]): LegacyBlock {
  const root = merkleRoot(transactions.map((transaction) => transaction.hash.key));
  const { version, prevHash, timestamp, index, consensusData, nextConsensus, witness } = block.header;
  const fields = { version, prevHash, timestamp, index, consensusData, nextConsensus, witness };
  const header = LegacyBlockHeader.from({ ...fields, merkleRoot: UInt256.fromDigest(root) });
  return LegacyBlock.from({ header, transactions });
}

describe('LegacyBlock', () => {
  it.each(vectors)('decodes $name to the recorded fields, verifies it, and gives the same bytes back', (vector) => {
    const raw = bytesOf(vector);
    const block = decode(raw);
    const actual = summaries(block);
    const {
      transactions: all = actual,
      transactionTypes: _,
      firstTransactions: first = [],
      lastTransaction: last = actual.at(-1),
      ...header
    } = vector.expected;
    expect({ ...(plain(block) as object), transactions: undefined }).toEqual({ ...header, transactions: undefined });
    expect(actual).toHaveLength(vector.expected.transactionCount);
    expect(actual).toEqual(all);
    expect(actual.slice(0, first.length)).toEqual(first);
    expect(actual.at(-1)).toEqual(last);
    block.verify();
    expect(raw.equals(block.raw)).toBe(true);
  });

  it('counts the recorded types in the largest block', () => {
    const counts: Record<string, number> = {};
    for (const { typeName } of decode(bytesOf(large)).transactions) counts[typeName] = (counts[typeName] ?? 0) + 1;
    expect(counts).toEqual(large.expected.transactionTypes);
  });

  it.each(vectors)('encodes $name from its fields to the same bytes', (vector) => {
    const raw = bytesOf(vector);
    const { header, transactions } = decode(raw);
    const rebuilt = transactions.map(({ version, data, attributes, inputs, outputs, witnesses }) =>
      LegacyTransaction.from({ version, data, attributes, inputs, outputs, witnesses }),
    );
    expect(raw.equals(LegacyBlock.from({ header, transactions: rebuilt }).raw)).toBe(true);
  });

  it('has its hash and height from the header', () => {
    const block = decode(bytesOf(vectors[1]!));
    expect(block.hash).toBe(block.header.hash);
    expect(block.index).toBe(1);
    expect(block.transactions).toBe(block.transactions);
  });

  it('detaches into a buffer of its own size, transactions included', () => {
    const vector = vectors.find(({ name }) => name === 'MainNet block 2504280')!;
    const frame = Buffer.concat([Buffer.alloc(24), bytesOf(vector), Buffer.alloc(1000)]);
    const block = LegacyBlock.decode(new ByteReader(frame, 'block', 24));
    const json = block.toJSON();
    const detached = block.detach();
    frame.fill(0);
    expect(detached.raw.buffer.byteLength).toBe(block.size);
    expect(detached.toJSON()).toEqual(json);
    expect(detached.transactions.every(({ raw }) => raw.buffer === detached.raw.buffer)).toBe(true);
    expect(detached.dialect).toBe('legacy');
    detached.verify();
  });

  it('refuses to verify a transaction that the header does not promise', () => {
    const raw = Buffer.from(bytesOf(large));
    raw[raw.length - 10]! ^= 1;
    expect(refusalOf(() => decode(raw).verify())).toEqual({
      command: 'block',
      field: 'merkleRoot',
      offset: 36,
      problem: 'value',
    });
  });

  it('refuses to verify a block with a transaction twice, though its Merkle root is right', () => {
    fc.assert(
      fc.property(blocks(3, 3), (block) => {
        const [miner, second, third] = block.transactions;
        const doubled = withTransactions(block, [miner!, second!, third!, third!]);
        expect(doubled.header.merkleRoot.equals(withTransactions(block, block.transactions).header.merkleRoot)).toBe(
          true,
        );
        const offset = doubled.transactions[3]!.raw.byteOffset - doubled.raw.byteOffset;
        expect(refusalOf(() => doubled.verify())).toEqual({
          command: 'block',
          field: 'transactions[3]',
          offset,
          problem: 'value',
        });
      }),
      { numRuns: 10 },
    );
  });

  it('refuses a list of transactions without a Miner in front, or with another one', () => {
    const { header } = decode(bytesOf(vectors[1]!));
    const miner = LegacyTransaction.from({ data: { type: TransactionType.Miner, nonce: 1 } });
    const contract = LegacyTransaction.from({ data: { type: TransactionType.Contract } });
    const facts = { command: 'block', problem: 'value' } as const;
    const at = header.raw.length + 1;
    expect(refusalOf(() => LegacyBlock.from({ header, transactions: [contract] }))).toEqual({
      ...facts,
      field: 'transactions[0].type',
      offset: at,
    });
    expect(refusalOf(() => LegacyBlock.from({ header, transactions: [miner, contract, miner] }))).toEqual({
      ...facts,
      field: 'transactions[2].type',
      offset: at + miner.size + contract.size,
    });
    expect(refusalOf(() => LegacyBlock.from({ header, transactions: [] }))).toEqual({
      ...facts,
      field: 'transactions',
      offset: header.raw.length,
    });
  });

  it('reads back what it was made from, and verifies', () => {
    fc.assert(
      fc.property(blocks(), (block) => {
        const again = decode(block.raw);
        again.verify();
        expect(again.toJSON()).toEqual(block.toJSON());
        expect(LegacyBlock.from(again).raw).toEqual(block.raw);
      }),
      { numRuns: 50 },
    );
  });

  it('decodes or refuses mutated bytes', () => {
    fc.assert(
      fc.property(
        blocks().chain(({ raw }) => mutations(raw)),
        (mutated) => {
          const block = decodesOrRefuses(() => LegacyBlock.decode(new ByteReader(mutated, 'block')));
          if (block === undefined) return;
          expect(block.detach().toJSON()).toEqual(block.toJSON());
          decodesOrRefuses(() => block.verify());
        },
      ),
      { numRuns: 200 },
    );
  });

  it('decodes a block of 65,536 transactions and refuses one more', () => {
    const { header } = decode(bytesOf(vectors[1]!));
    const miner = LegacyTransaction.from({ data: { type: TransactionType.Miner, nonce: 1 } }).raw;
    const contract = LegacyTransaction.from({ data: { type: TransactionType.Contract } }).raw;
    const contracts = (count: number) => Buffer.concat(Array.from({ length: count }, () => contract));
    const most = Buffer.concat([header.raw, bytes('fe00000100'), miner, contracts(65_535)]);
    expect(decode(most).transactions).toHaveLength(65_536);
    const one = Buffer.concat([header.raw, bytes('fe01000100'), miner, contracts(65_536)]);
    const offset = header.raw.length;
    expect(refusalOf(() => decode(one))).toEqual({ command: 'block', field: 'transactions', offset, problem: 'limit' });
  });
});
