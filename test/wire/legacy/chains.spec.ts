import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { LegacyBlock } from '../../../src/wire/legacy/block.js';
import { LegacyBlockHeader } from '../../../src/wire/legacy/block-header.js';
import { genesisBlock, STANDBY_VALIDATORS } from '../../../src/wire/legacy/genesis.js';
import { HeadersPayload } from '../../../src/wire/legacy/headers.payload.js';
import { LegacyTransaction } from '../../../src/wire/legacy/transaction.js';
import { parseInvocationScript, parseVerificationScript, scriptHash } from '../../../src/wire/legacy/script.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { loadChain, loadLocalChain, loadVectors } from '../../support/vectors.js';

interface ChainVector {
  readonly count: number;
  readonly lastHash: string;
  readonly sha256OfAllWireOrderHashes: string;
  readonly checkpoints: readonly {
    readonly index: number;
    readonly hash: string;
    readonly size: number;
    readonly timestamp: number;
  }[];
  readonly blocksWithMoreThanOneTransaction: readonly {
    readonly index: number;
    readonly hash: string;
    readonly transactions: readonly { readonly hash: string; readonly typeName: string }[];
  }[];
}

const facts = loadVectors<ChainVector>('chain.json');

function decode(raw: Uint8Array): LegacyBlock {
  const reader = new ByteReader(raw, 'block');
  const block = LegacyBlock.decode(reader);
  reader.expectEnd();
  return block;
}

/** Collected and compared once: thousands of expectations would cost more than the decoding. */
function oddities(raws: readonly Uint8Array[], blocks: readonly LegacyBlock[], before: LegacyBlock): string[] {
  const odd: string[] = [];
  const demand = (isRight: boolean, what: string) => isRight || odd.push(what);
  let previous = before;
  blocks.forEach((block, i) => {
    block.verify();
    demand(block.index === previous.index + 1, `${i}: height`);
    demand(block.header.prevHash.equals(previous.hash), `${i}: previous hash`);
    demand(block.header.timestamp > previous.header.timestamp, `${i}: timestamp`);
    const { verification } = block.header.witness;
    demand(scriptHash(verification).equals(previous.header.nextConsensus), `${i}: validators`);
    demand(Buffer.from(raws[i]!).equals(block.raw), `${i}: bytes`);
    demand(Buffer.from(raws[i]!).equals(rebuilt(block).raw), `${i}: bytes from fields`);
    previous = block;
  });
  return odd;
}

function rebuilt({ header, transactions }: LegacyBlock): LegacyBlock {
  const { version, prevHash, merkleRoot, timestamp, index, consensusData, nextConsensus, witness } = header;
  const fields = { version, prevHash, merkleRoot, timestamp, index, consensusData, nextConsensus, witness };
  return LegacyBlock.from({
    header: LegacyBlockHeader.from(fields),
    transactions: transactions.map(({ version: v, data, attributes, inputs, outputs, witnesses }) =>
      LegacyTransaction.from({ version: v, data, attributes, inputs, outputs, witnesses }),
    ),
  });
}

function display(block: LegacyBlock): string {
  return block.hash.toString().slice(2);
}

describe('the recorded chain of 6000 blocks', () => {
  const raws = loadLocalChain();
  const blocks = raws.map(decode);

  it('is whole', () => {
    expect(blocks).toHaveLength(facts.count);
    expect(display(blocks.at(-1)!)).toBe(facts.lastHash);
  });

  it('links from the genesis block of four validators, verifies, and encodes to the same bytes', () => {
    expect(oddities(raws, blocks, genesisBlock(STANDBY_VALIDATORS.privnet))).toEqual([]);
  });

  it('has the recorded hashes', () => {
    const digest = createHash('sha256');
    for (const { hash } of blocks) digest.update(hash.bytes);
    expect(digest.digest('hex')).toBe(facts.sha256OfAllWireOrderHashes);
  });

  it.each(facts.checkpoints)('has the recorded block $index', ({ index, hash, size, timestamp }) => {
    const block = blocks[index - 1]!;
    expect({ index: block.index, hash: display(block), size: block.size, timestamp: block.header.timestamp }).toEqual({
      index,
      hash,
      size,
      timestamp,
    });
  });

  it('has more than one transaction where it was recorded', () => {
    const found = blocks
      .filter(({ transactions }) => transactions.length > 1)
      .map((block) => ({
        index: block.index,
        hash: display(block),
        transactions: block.transactions.map(({ hash, typeName }) => ({ hash: hash.toString().slice(2), typeName })),
      }));
    const expected = facts.blocksWithMoreThanOneTransaction.map(({ index, hash, transactions }) => ({
      index,
      hash,
      transactions,
    }));
    expect(found).toEqual(expected);
  });

  it('goes through headers messages and back', () => {
    const headers = blocks.map(({ header }) => header);
    for (let at = 0; at < headers.length; at += 2000) {
      const part = headers.slice(at, at + 2000);
      const { raw } = HeadersPayload.from({ headers: part });
      const again = HeadersPayload.decode(new ByteReader(raw, 'headers')).headers;
      expect(again.map(({ hash }) => hash.key)).toEqual(part.map(({ hash }) => hash.key));
      expect(Buffer.from(HeadersPayload.from({ headers: again }).raw).equals(raw)).toBe(true); // toEqual takes seconds for a megabyte
    }
  });
});

describe('the chain of 2600 blocks that NEO-ONE made', () => {
  const raws = loadChain('test/interop/priv7-2600.acc');
  const blocks = raws.map(decode);

  it('begins with its own genesis block', () => {
    expect(blocks).toHaveLength(2600);
    expect(blocks[0]!.index).toBe(0);
    expect(display(blocks[0]!)).toBe('6b8dbaa8c36108a513cfe5d75ae9df712d8e2d98e39a9f756bc568d5faf429ad');
    expect(Buffer.from(raws[0]!).equals(rebuilt(blocks[0]!).raw)).toBe(true);
    blocks[0]!.verify();
  });

  it('links, verifies, and encodes to the same bytes', () => {
    expect(oddities(raws.slice(1), blocks.slice(1), blocks[0]!)).toEqual([]);
  });

  it('carries five signatures of seven validators in each header', () => {
    const shapes = new Set(
      blocks.slice(1).map(({ header: { witness } }) => {
        const script = parseVerificationScript(witness.verification)!;
        return `${parseInvocationScript(witness.invocation)!.length} ${script.kind} ${script.required}/${script.keys.length}`;
      }),
    );
    expect([...shapes]).toEqual(['5 multisignature 5/7']);
  });
});
