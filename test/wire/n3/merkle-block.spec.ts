import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { N3Block } from '../../../src/wire/n3/block.js';
import { N3BlockHeader } from '../../../src/wire/n3/block-header.js';
import { matches } from '../../../src/wire/n3/merkle-block-filter.js';
import { MerkleBlockPayload } from '../../../src/wire/n3/merkle-block.payload.js';
import { BloomFilter } from '../../../src/wire/primitives/bloom-filter.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { HashList } from '../../../src/wire/primitives/hash-list.js';
import { UInt160 } from '../../../src/wire/primitives/uint160.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { decodesOrRefuses, refusalOf } from '../../support/decode-failure.js';
import { mutations } from '../../support/mutations.js';
import { blocks, transactions } from '../../support/n3-arbitraries.js';
import { bytes, loadN3Vectors } from '../../support/vectors.js';

const vectors = loadN3Vectors('payloads.json').filter(({ command }) => command === 'merkleblock');
const negative = loadN3Vectors('negative.json').filter(({ scope }) => scope === 'merkleblock');

function decode(raw: Uint8Array): MerkleBlockPayload {
  const reader = new ByteReader(raw, 'merkleblock');
  const payload = MerkleBlockPayload.decode(reader);
  reader.expectEnd();
  return payload;
}

/** Some blocks, and which of their transactions match. */
function matchedBlocks(minCount: number, maxCount: number) {
  return blocks(minCount, maxCount).chain((block) =>
    fc.record({
      block: fc.constant(block),
      matched: fc.subarray(block.transactions.map((_, i) => i)),
    }),
  );
}

function payloadOf(block: N3Block, matched: readonly number[]): MerkleBlockPayload {
  const hashes = new Set(matched.map((i) => block.transactions[i]!.hash.key));
  return MerkleBlockPayload.ofMatches(block, (transaction) => hashes.has(transaction.hash.key));
}

function fieldsOf({ header, transactionCount, hashes, flags }: MerkleBlockPayload) {
  return { header, transactionCount, hashes, flags };
}

const header = N3BlockHeader.from({
  prevHash: UInt256.ZERO,
  merkleRoot: UInt256.ZERO,
  timestamp: 1,
  nonce: 0n,
  index: 1,
  primaryIndex: 0,
  nextConsensus: UInt160.ZERO,
  witness: { invocation: new Uint8Array(0), verification: new Uint8Array(0) },
});

/** One of a block of so many transactions, with so many bytes of flags, all set. */
function flagged(transactionCount: number, size: number): MerkleBlockPayload {
  return MerkleBlockPayload.from({ header, transactionCount, hashes: [], flags: new Uint8Array(size).fill(0xff) });
}

describe('MerkleBlockPayload of N3', () => {
  it.each(vectors)('decodes and encodes $name', ({ hex, expected }) => {
    const payload = decode(bytes(hex));
    expect(JSON.parse(JSON.stringify(payload))).toEqual(expected);
    expect(Buffer.from(payload.raw).toString('hex')).toBe(hex);
    expect(Buffer.from(MerkleBlockPayload.from(payload).raw).toString('hex')).toBe(hex);
    expect(payload.hash).toBe(payload.header.hash);
    expect(payload.index).toBe(0);
    expect(payload.provenLeaves()).toEqual([]);
  });

  it.each(negative)('refuses: $name', ({ hex }) => {
    const refusal = refusalOf(() => decode(bytes(hex)));
    expect(refusal).toMatchObject({ field: 'flags', problem: 'limit' });
  });

  it('takes flags of a byte for every eight transactions, one for none, and fewer', () => {
    expect(
      [flagged(0, 0), flagged(0, 1), flagged(1, 0), flagged(8, 1), flagged(9, 2)].map(({ flags }) => flags.length),
    ).toEqual([0, 1, 0, 1, 2]);
    for (const [count, size] of [
      [0, 2],
      [1, 2],
      [8, 2],
      [9, 3],
    ] as const) {
      expect(refusalOf(() => flagged(count, size))).toMatchObject({ field: 'flags', problem: 'limit' });
    }
    expect([-1, 0, 7, 8].map((i) => flagged(9, 1).isFlagged(i))).toEqual([false, true, true, false]);
    expect(flagged(0, 1).isFlagged(0)).toBe(false);
  });

  it('takes up to 65,535 transactions, and as many hashes as their tree can list', () => {
    const flags = new Uint8Array(0);
    const of = (transactionCount: number, length: number) =>
      MerkleBlockPayload.from({ header, transactionCount, hashes: new HashList(new Uint8Array(32 * length)), flags });
    expect(of(65_535, 0).transactionCount).toBe(65_535);
    expect(refusalOf(() => of(65_536, 0))).toMatchObject({ field: 'transactionCount', problem: 'limit' });
    expect(of(3, 4).hashes).toHaveLength(4);
    expect(refusalOf(() => of(3, 5))).toMatchObject({ field: 'hashes', problem: 'limit' });
    expect(refusalOf(() => of(0, 1))).toMatchObject({ field: 'hashes', problem: 'limit' });
  });

  it('proves the matches of any block', () => {
    fc.assert(
      fc.property(matchedBlocks(0, 9), ({ block, matched }) => {
        const leaves = decode(payloadOf(block, matched).raw).provenLeaves();
        const indexes = new Set(leaves.map(({ index }) => index));
        expect(matched.filter((i) => !indexes.has(i))).toEqual([]);
        expect(leaves.filter(({ index, hash }) => !hash.equals(block.transactions[index]!.hash))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('is what a peer with a filter gets', () => {
    fc.assert(
      fc.property(blocks(2, 6), (block) => {
        const filter = new BloomFilter(new Uint8Array(200), 5, 7);
        const [wanted] = block.transactions;
        filter.add(wanted!.hash.bytes);
        const payload = MerkleBlockPayload.of(block, filter);
        expect(payload.isFlagged(0)).toBe(true);
        expect(payload.provenLeaves()[0]).toEqual({ index: 0, hash: wanted!.hash });
      }),
      { numRuns: 20 },
    );
  });

  it('proves nothing when no tree has the Merkle root', () => {
    const noTree = MerkleBlockPayload.from({
      header,
      transactionCount: 2,
      hashes: [UInt256.ZERO],
      flags: Buffer.alloc(1),
    });
    expect(noTree.provenLeaves()).toEqual([]); // the zero root itself, collapsed: no leaves are listed
    const { hashes, ...fields } = fieldsOf(noTree);
    const other = UInt256.fromBytes(Buffer.alloc(32, 1));
    const refusal = { command: 'merkleblock', field: 'hashes', offset: 114, problem: 'value' };
    expect(refusalOf(() => MerkleBlockPayload.from({ ...fields, hashes: [...hashes, other] }).provenLeaves())).toEqual(
      refusal,
    );
    const promising = N3BlockHeader.from({ ...headerFieldsOf(header), merkleRoot: other });
    const none = MerkleBlockPayload.from({
      header: promising,
      transactionCount: 0,
      hashes: [],
      flags: Buffer.alloc(1),
    });
    expect(refusalOf(() => none.provenLeaves())).toEqual(refusal);
  });

  it('detaches into a buffer of its own size', () => {
    const frame = Buffer.concat([Buffer.alloc(3), bytes(vectors[0]!.hex), Buffer.alloc(100)]);
    const payload = MerkleBlockPayload.decode(new ByteReader(frame, 'merkleblock', 3));
    const json = payload.toJSON();
    const detached = payload.detach();
    frame.fill(0);
    expect(detached.raw.buffer.byteLength).toBe(payload.raw.length);
    expect(detached.toJSON()).toEqual(json);
  });

  it('decodes or refuses mutated bytes, and so do proofs', () => {
    const any = matchedBlocks(0, 4).map(({ block, matched }) => payloadOf(block, matched).raw);
    fc.assert(
      fc.property(any.chain(mutations), (mutated) => {
        const payload = decodesOrRefuses(() => MerkleBlockPayload.decode(new ByteReader(mutated, 'merkleblock')));
        if (payload === undefined) return;
        decodesOrRefuses(() => payload.provenLeaves());
        expect(payload.detach().toJSON()).toEqual(payload.toJSON());
      }),
    );
  });
});

function headerFieldsOf({ prevHash, timestamp, nonce, index, primaryIndex, nextConsensus, witness }: N3BlockHeader) {
  return { prevHash, timestamp, nonce, index, primaryIndex, nextConsensus, witness };
}

/** A filter that has this element alone, and is never mistaken. */
function only(wanted: Uint8Array) {
  return { contains: (element: Uint8Array) => Buffer.compare(wanted, element) === 0 };
}

describe('matches of N3', () => {
  it('finds hash and signers, in wire order', () => {
    fc.assert(
      fc.property(transactions(), (transaction) => {
        const elements = [transaction.hash.bytes, ...transaction.signers.map(({ account }) => account.bytes)];
        expect(elements.filter((element) => !matches(transaction, only(element)))).toEqual([]);
        expect(matches(transaction, only(transaction.hash.bytes.toReversed()))).toBe(false);
      }),
    );
  });
});
