import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { AttributeUsage } from '../../../src/wire/legacy/attribute.js';
import { LegacyBlock } from '../../../src/wire/legacy/block.js';
import { LegacyBlockHeader } from '../../../src/wire/legacy/block-header.js';
import { matches } from '../../../src/wire/legacy/merkle-block-filter.js';
import { MerkleShapes } from '../../../src/wire/common/merkle-block-shapes.js';
import { MerkleBlockPayload } from '../../../src/wire/legacy/merkle-block.payload.js';
import { LegacyTransaction } from '../../../src/wire/legacy/transaction.js';
import { TransactionType } from '../../../src/wire/legacy/transaction-type.js';
import { BloomFilter } from '../../../src/wire/primitives/bloom-filter.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { HashList } from '../../../src/wire/primitives/hash-list.js';
import { hash160 } from '../../../src/wire/primitives/hashing.js';
import { merkleRoot } from '../../../src/wire/primitives/merkle-tree.js';
import { UInt160 } from '../../../src/wire/primitives/uint160.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { decodesOrRefuses, refusalOf } from '../../support/decode-failure.js';
import { transactions } from '../../support/legacy-arbitraries.js';
import { mutations } from '../../support/mutations.js';
import { plain } from '../../support/plain.js';
import { bytes, loadVectors } from '../../support/vectors.js';

interface MerkleVector {
  readonly name: string;
  readonly kind: string;
  readonly hex: string;
  readonly blockHex: string;
  /** Absent means yes. */
  readonly flagsReliable?: false;
  readonly bloom: { readonly filter: string; readonly k: number; readonly tweak: number };
  readonly expected: {
    readonly blockHash: string;
    readonly txCount: number;
    readonly hashes: readonly string[];
    readonly flags?: string;
    readonly matched?: readonly boolean[];
    readonly blockTransactions: readonly string[];
  };
}

const vectors = loadVectors<MerkleVector[]>('bloom_merkleblock.json').filter(({ kind }) => kind === 'merkleblock');
const none = new Uint8Array(0);

function decode(raw: Uint8Array): MerkleBlockPayload {
  const reader = new ByteReader(raw, 'merkleblock');
  const payload = MerkleBlockPayload.decode(reader);
  reader.expectEnd();
  return payload;
}

function decodeBlock(hex: string): LegacyBlock {
  return LegacyBlock.decode(new ByteReader(bytes(hex), 'block'));
}

function filterOf({ bloom }: MerkleVector): BloomFilter {
  return new BloomFilter(bytes(bloom.filter), bloom.k, bloom.tweak);
}

/** Which transactions matched: from the flags where they can be trusted. */
function matchedIn({ expected }: MerkleVector): readonly boolean[] {
  const flags = bytes(expected.flags ?? '00');
  return (
    expected.matched ?? Array.from({ length: expected.txCount }, (_, i) => (flags[i >> 3]! & (1 << (i & 7))) !== 0)
  );
}

function display(hash: UInt256): string {
  return hash.toString().slice(2);
}

/** A block that verifies, of a Miner and as many Contracts as needed. */
function blockOf(count: number): LegacyBlock {
  const list = Array.from({ length: count }, (_, i) =>
    i === 0
      ? LegacyTransaction.from({ data: { type: TransactionType.Miner, nonce: count } })
      : LegacyTransaction.from({
          data: { type: TransactionType.Contract },
          attributes: [{ usage: AttributeUsage.Remark, data: Buffer.from(String(i)) }],
        }),
  );
  const header = LegacyBlockHeader.from({
    prevHash: UInt256.ZERO,
    merkleRoot: UInt256.fromDigest(merkleRoot(list.map(({ hash }) => hash.key))),
    timestamp: 1,
    index: 1,
    consensusData: 0n,
    nextConsensus: UInt160.ZERO,
    witness: { invocation: none, verification: none },
  });
  return LegacyBlock.from({ header, transactions: list });
}

/** Some blocks, and which of their transactions match. */
function matchedBlocks(maxCount: number) {
  return fc
    .integer({ min: 1, max: maxCount })
    .chain((count) =>
      fc.record({ block: fc.constant(blockOf(count)), matched: fc.uniqueArray(fc.nat({ max: count - 1 })) }),
    );
}

function payloadOf(block: LegacyBlock, matched: readonly number[]): MerkleBlockPayload {
  const hashes = new Set(matched.map((i) => block.transactions[i]!.hash.key));
  return MerkleBlockPayload.ofMatches(block, (transaction) => hashes.has(transaction.hash.key));
}

/** A filter that has this element alone, and is never mistaken. */
function only(wanted: Uint8Array) {
  return { contains: (element: Uint8Array) => Buffer.from(wanted).equals(element) };
}

/** Says whether what is proven is true of the block, and has every match in it. */
function isTrueOf(payload: MerkleBlockPayload, block: LegacyBlock, matched: readonly number[]): boolean {
  const leaves = payload.provenLeaves();
  const indexes = new Set(leaves.map(({ index }) => index));
  return (
    matched.every((i) => indexes.has(i)) &&
    leaves.every(({ index, hash }) => hash.equals(block.transactions[index]!.hash)) &&
    indexes.size === leaves.length
  );
}

describe('MerkleBlockPayload', () => {
  it.each(vectors)('decodes $name to the recorded fields', ({ hex, expected, flagsReliable }) => {
    const payload = decode(bytes(hex));
    const json = plain(payload) as Record<string, unknown>;
    const { blockHash, txCount, hashes } = expected;
    expect(json).toMatchObject({ blockHash, txCount, hashes, size: hex.length / 2 });
    expect(flagsReliable === false || json['flags'] === expected.flags).toBe(true);
    expect(display(payload.hash)).toBe(expected.blockHash);
    expect(payload.index).toBe(payload.header.index);
  });

  it.each(vectors)('encodes $name from its fields to the same bytes', ({ hex }) => {
    const payload = decode(bytes(hex));
    expect(Buffer.from(payload.raw).toString('hex')).toBe(hex);
    expect(Buffer.from(MerkleBlockPayload.from(payload).raw).toString('hex')).toBe(hex);
    expect(
      Buffer.from(MerkleBlockPayload.from({ ...fieldsOf(payload), hashes: [...payload.hashes] }).raw).toString('hex'),
    ).toBe(hex);
  });

  it.each(vectors)('comes out of the block and the filter of $name', (vector) => {
    const built = MerkleBlockPayload.of(decodeBlock(vector.blockHex), filterOf(vector));
    const matched = matchedIn(vector);
    expect(matched.map((_, i) => built.isFlagged(i))).toEqual(matched);
    expect(plain(built.hashes)).toEqual(vector.expected.hashes);
    expect(vector.flagsReliable === false || Buffer.from(built.raw).equals(bytes(vector.hex))).toBe(true);
  });

  it.each(vectors)('proves the matches of $name, whatever the flags say', (vector) => {
    const payload = decode(bytes(vector.hex));
    const leaves = payload.provenLeaves();
    const { blockTransactions } = vector.expected;
    expect(leaves.map(({ index }) => blockTransactions[index])).toEqual(leaves.map(({ hash }) => display(hash)));
    const matched = matchedIn(vector).flatMap((isMatch, i) => (isMatch ? [i] : []));
    expect(leaves.map(({ index }) => index)).toEqual(expect.arrayContaining(matched));
  });

  it('detaches into a buffer of its own size', () => {
    const frame = Buffer.concat([Buffer.alloc(24), bytes(vectors[0]!.hex), Buffer.alloc(1000)]);
    const payload = MerkleBlockPayload.decode(new ByteReader(frame, 'merkleblock', 24));
    const json = payload.toJSON();
    const detached = payload.detach();
    frame.fill(0);
    expect(detached.raw.buffer.byteLength).toBe(payload.raw.length);
    expect(detached.toJSON()).toEqual(json);
    expect(detached.provenLeaves()).toHaveLength(2);
  });

  it('knows no flag outside the block', () => {
    const { header, hashes } = decode(bytes(vectors[0]!.hex));
    const payload = MerkleBlockPayload.from({ header, hashes, transactionCount: 2, flags: Uint8Array.of(0xff) });
    expect([-1, 0, 1, 2, 7, 8].map((i) => payload.isFlagged(i))).toEqual([false, true, true, false, false, false]);
  });

  it('decodes or refuses mutated bytes, and so do proofs', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...vectors).chain(({ hex }) => mutations(bytes(hex))),
        (mutated) => {
          const payload = decodesOrRefuses(() => MerkleBlockPayload.decode(new ByteReader(mutated, 'merkleblock')));
          if (payload === undefined) return;
          decodesOrRefuses(() => payload.provenLeaves());
          expect(payload.detach().toJSON()).toEqual(payload.toJSON());
        },
      ),
    );
  });
});

function fieldsOf({ header, transactionCount, hashes, flags }: MerkleBlockPayload) {
  return { header, transactionCount, hashes, flags };
}

describe('proofs of a merkleblock', () => {
  it('are found for any block and any matches', () => {
    fc.assert(
      fc.property(matchedBlocks(70), ({ block, matched }) => {
        const payload = payloadOf(block, matched);
        expect(isTrueOf(decode(payload.raw), block, matched)).toBe(true);
      }),
    );
  });

  it('list nothing but the pairs of the matches', () => {
    const leaves = payloadOf(blockOf(9), [2, 8]).provenLeaves();
    expect(leaves.map(({ index }) => index)).toEqual([2, 3, 8]);
    expect(payloadOf(blockOf(9), []).provenLeaves()).toEqual([]);
    expect(
      payloadOf(blockOf(1), [])
        .provenLeaves()
        .map(({ index }) => index),
    ).toEqual([0]);
  });

  it('are found with garbage among the flags', () => {
    const garbage = fc.uint8Array({ minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(matchedBlocks(24), garbage, ({ block, matched }, noise) => {
        const fields = fieldsOf(payloadOf(block, matched));
        const flags = fields.flags.map((byte, i) => byte | noise[i]!);
        expect(isTrueOf(MerkleBlockPayload.from({ ...fields, flags }), block, matched)).toBe(true);
      }),
    );
  });

  it('are found without any flags', () => {
    fc.assert(
      fc.property(matchedBlocks(24), ({ block, matched }) => {
        const fields = fieldsOf(payloadOf(block, matched));
        const flags = new Uint8Array(fields.flags.length);
        expect(isTrueOf(MerkleBlockPayload.from({ ...fields, flags }), block, matched)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('are sought among all trees that there can be in a block of up to 24 transactions', () => {
    const wrongRoot = '\xff'.repeat(32);
    const gaveUp = Array.from({ length: 24 }, (_, i) => i + 1).flatMap((count) =>
      Array.from({ length: 32 }, (_, i) => i + 1).filter((length) => {
        const shapes = new MerkleShapes(new HashList(new Uint8Array(32 * length)), count, wrongRoot);
        expect(shapes.search(() => true)).toBeUndefined();
        return shapes.exhausted;
      }),
    );
    expect(gaveUp).toEqual([]);
  });

  it('are found in a large block where everything matches, and where one transaction does', () => {
    const block = blockOf(4001);
    const all = block.transactions.map((_, i) => i);
    expect(payloadOf(block, all).provenLeaves()).toHaveLength(4001);
    const single = payloadOf(block, [4000]);
    expect(single.provenLeaves().map(({ index }) => index)).toEqual([4000]);
    const middle = fieldsOf(payloadOf(blockOf(1024), [700]));
    const unflagged = MerkleBlockPayload.from({ ...middle, flags: new Uint8Array(middle.flags.length) });
    expect(unflagged.provenLeaves().map(({ index }) => index)).toEqual([700, 701]);
  });

  it('are refused when no tree has the Merkle root', () => {
    const { header, ...fields } = fieldsOf(payloadOf(blockOf(9), [3]));
    const hashes = HashList.of([...fields.hashes].toReversed());
    const payload = MerkleBlockPayload.from({ ...fields, header, hashes });
    const offset = header.raw.length + 2;
    const facts = { command: 'merkleblock', field: 'hashes', offset, problem: 'value' };
    expect(refusalOf(() => payload.provenLeaves())).toEqual(facts);
    const short = MerkleBlockPayload.from({ ...fields, header, hashes: [...fields.hashes].slice(1) });
    expect(refusalOf(() => short.provenLeaves())).toEqual(facts);
    const empty = MerkleBlockPayload.from({ ...fields, header, hashes: [] });
    expect(refusalOf(() => empty.provenLeaves())).toEqual(facts);
  });

  it('are given up, not sought for ever, when the list fits very many trees', () => {
    const { header } = blockOf(1);
    const hashes = new HashList(new Uint8Array(32 * 20_000));
    const flags = new Uint8Array(8192).fill(0xff);
    const payload = MerkleBlockPayload.from({ header, transactionCount: 65_536, hashes, flags });
    expect(() => payload.provenLeaves()).toThrow(expect.objectContaining({ field: 'hashes', problem: 'value' }));
  });
});

describe('matches', () => {
  it('finds hash, paid account, spent output, signer and admin, in wire order', () => {
    fc.assert(
      fc.property(transactions(), (transaction) => {
        const elements = [
          transaction.hash.bytes,
          ...transaction.outputs.map(({ scriptHash }) => scriptHash.bytes),
          ...transaction.inputs.map(({ prevHash, prevIndex }) =>
            Buffer.concat([prevHash.bytes, Uint8Array.of(prevIndex & 0xff, prevIndex >> 8)]),
          ),
          ...transaction.witnesses.map(({ verification }) => Buffer.from(hash160(verification), 'latin1')),
          ...(transaction.data.type === TransactionType.Register ? [transaction.data.admin.bytes] : []),
        ];
        expect(elements.filter((element) => !matches(transaction, only(element)))).toEqual([]);
        expect(matches(transaction, only(transaction.hash.bytes.toReversed()))).toBe(false);
      }),
    );
  });
});
