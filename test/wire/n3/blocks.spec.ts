import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { N3Block } from '../../../src/wire/n3/block.js';
import { N3BlockHeader } from '../../../src/wire/n3/block-header.js';
import type { N3Transaction } from '../../../src/wire/n3/transaction.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { ByteWriter } from '../../../src/wire/primitives/byte-writer.js';
import { merkleRoot } from '../../../src/wire/primitives/merkle-tree.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { decodesOrRefuses, refusalOf } from '../../support/decode-failure.js';
import { mutations } from '../../support/mutations.js';
import { blocks } from '../../support/n3-arbitraries.js';
import { bytes, loadN3Vectors } from '../../support/vectors.js';

const vectors = loadN3Vectors('blocks.json');
const negative = loadN3Vectors('negative.json').filter(({ scope }) => scope === 'block');
const merkle = loadN3Vectors<{ readonly leaves: readonly string[]; readonly root: string }>('primitives.json').filter(
  ({ scope }) => scope === 'merkle',
);

function decode(raw: Uint8Array): N3Block {
  const reader = new ByteReader(raw, 'block');
  const block = N3Block.decode(reader);
  reader.expectEnd();
  return block;
}

function rootOf(transactions: readonly N3Transaction[]): UInt256 {
  return UInt256.fromDigest(merkleRoot(transactions.map((transaction) => transaction.hash.key)));
}

function fieldsOf({ prevHash, timestamp, nonce, index, primaryIndex, nextConsensus, witness }: N3BlockHeader) {
  return { prevHash, timestamp, nonce, index, primaryIndex, nextConsensus, witness };
}

/** The block with another list of transactions, and the Merkle root of that list. */
function withTransactions(block: N3Block, transactions: readonly N3Transaction[]): N3Block {
  const header = N3BlockHeader.from({ ...fieldsOf(block.header), merkleRoot: rootOf(transactions) });
  return N3Block.from({ header, transactions });
}

describe('N3Block', () => {
  it.each(vectors)('decodes $name to the recorded fields, verifies it, and encodes it', ({ hex, expected }) => {
    const block = decode(bytes(hex));
    expect(JSON.parse(JSON.stringify(block))).toEqual(expected);
    block.verify();
    expect(Buffer.from(block.raw).toString('hex')).toBe(hex);
    const { header, transactions } = block;
    const rebuilt = N3Block.from({ header: N3BlockHeader.from(header), transactions });
    expect(Buffer.from(rebuilt.raw).toString('hex')).toBe(hex);
  });

  it.each(negative)('refuses to verify a $name', ({ name, hex }) => {
    const block = decode(bytes(hex));
    const facts = { command: 'block', problem: 'value' };
    const { transactions } = block;
    const twice = { field: 'transactions[1]', offset: block.raw.length - (transactions.at(-1)?.size ?? 0) };
    const wrongRoot = { field: 'merkleRoot', offset: 36 };
    expect(refusalOf(() => block.verify())).toEqual({ ...facts, ...(name.includes('twice') ? twice : wrongRoot) });
  });

  it('has its hash and height from the header', () => {
    const block = decode(bytes(vectors[0]!.hex));
    expect(block.hash).toBe(block.header.hash);
    expect(block.index).toBe(1000);
    expect(block.transactions).toEqual([]);
    expect(block.transactions).toBe(block.transactions);
  });

  it('without transactions has the Merkle root zero, and no other', () => {
    const empty = decode(bytes(vectors[0]!.hex));
    expect(empty.header.merkleRoot.equals(UInt256.ZERO)).toBe(true);
    const header = N3BlockHeader.from({ ...fieldsOf(empty.header), merkleRoot: empty.hash });
    expect(refusalOf(() => N3Block.from({ header, transactions: [] }).verify())).toMatchObject({ field: 'merkleRoot' });
  });

  it('detaches into a buffer of its own size, transactions included', () => {
    const raw = bytes(vectors.find(({ name }) => name === 'neo-go unit test chain block 1')!.hex);
    const frame = Buffer.concat([Buffer.alloc(3), raw, Buffer.alloc(1000)]);
    const block = N3Block.decode(new ByteReader(frame, 'block', 3));
    const json = block.toJSON();
    const detached = block.detach();
    frame.fill(0);
    expect(detached.raw.buffer.byteLength).toBe(raw.length);
    expect(detached.toJSON()).toEqual(json);
    expect(detached.transactions).toHaveLength(2);
    expect(detached.transactions.every((transaction) => transaction.raw.buffer === detached.raw.buffer)).toBe(true);
    expect(detached.dialect).toBe('n3');
    detached.verify();
  });

  it('refuses to verify a block with a transaction twice, though its Merkle root is right', () => {
    fc.assert(
      fc.property(blocks(3, 3), (block) => {
        const [first, second, third] = block.transactions;
        const doubled = withTransactions(block, [first!, second!, third!, third!]);
        expect(doubled.header.merkleRoot.equals(block.header.merkleRoot)).toBe(true);
        expect(refusalOf(() => doubled.verify())).toEqual({
          command: 'block',
          field: 'transactions[3]',
          offset: doubled.size - third!.size,
          problem: 'value',
        });
      }),
      { numRuns: 10 },
    );
  });

  it('names the transaction and its field where it cannot be read', () => {
    const raw = bytes(vectors.find(({ name }) => name === 'neo-go unit test chain block 1')!.hex);
    const { transactions } = decode(raw);
    const at = raw.length - transactions[1]!.size;
    raw[at] = 1;
    expect(refusalOf(() => decode(raw))).toEqual({
      command: 'block',
      field: 'transactions[1].version',
      offset: at,
      problem: 'value',
    });
  });

  it('refuses a count of transactions over 65,535, or for which there are no bytes', () => {
    const { header } = decode(bytes(vectors[0]!.hex));
    const withCount = (count: number) =>
      new ByteWriter().bytes(header.raw).varint(count).bytes(Buffer.alloc(100)).finish();
    const facts = { command: 'block', field: 'transactions', offset: header.raw.length };
    expect(refusalOf(() => decode(withCount(65_536)))).toEqual({ ...facts, problem: 'limit' });
    expect(refusalOf(() => decode(withCount(65_535)))).toEqual({ ...facts, problem: 'truncated' });
    expect(refusalOf(() => decode(header.raw))).toEqual({ ...facts, problem: 'truncated' });
  });

  it('reads back what it was made from, and verifies', () => {
    fc.assert(
      fc.property(blocks(), (block) => {
        const again = decode(block.raw);
        again.verify();
        expect(again.toJSON()).toEqual(block.toJSON());
        expect(Buffer.compare(N3Block.from(again).raw, block.raw)).toBe(0);
        expect(again.transactions.map(({ raw }) => Buffer.from(raw))).toEqual(
          block.transactions.map(({ raw }) => Buffer.from(raw)),
        );
      }),
    );
  });

  it('decodes or refuses mutated bytes', () => {
    fc.assert(
      fc.property(
        blocks(0, 3).chain(({ raw }) => mutations(raw)),
        (mutated) => {
          const block = decodesOrRefuses(() => N3Block.decode(new ByteReader(mutated, 'block')));
          if (block === undefined) return;
          decodesOrRefuses(() => block.verify());
          expect(block.detach().toJSON()).toEqual(block.toJSON());
        },
      ),
    );
  });
});

describe('the Merkle tree of N3', () => {
  it.each(merkle)('$name', ({ expected: { leaves, root } }) => {
    const found = merkleRoot(leaves.map((leaf) => UInt256.fromBytes(bytes(leaf)).key));
    expect(Buffer.from(found, 'latin1').toString('hex')).toBe(root);
  });
});
