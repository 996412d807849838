import { describe, expect, it } from '@jest/globals';
import { N3Block } from '../../../src/wire/n3/block.js';
import { N3BlockHeader } from '../../../src/wire/n3/block-header.js';
import { genesisBlock, STANDBY_VALIDATORS } from '../../../src/wire/n3/genesis.js';
import { HeadersPayload } from '../../../src/wire/n3/headers.payload.js';
import { parseInvocationScript, parseVerificationScript, scriptHash } from '../../../src/wire/n3/script.js';
import { N3Transaction } from '../../../src/wire/n3/transaction.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { loadN3LocalChain, readBytes } from '../../support/vectors.js';

interface ChainIndex {
  readonly chains: readonly {
    readonly transactions: number;
    readonly rows: readonly {
      readonly index: number;
      readonly hash: string;
      readonly prevHash: string;
      readonly merkleRoot: string;
      readonly timestamp: number;
      readonly size: number;
      readonly tx: readonly string[];
    }[];
  }[];
}

const recorded = (JSON.parse(readBytes('test/vectors/n3/chain-index.json').toString()) as ChainIndex).chains[0]!;
const raws = loadN3LocalChain();
const blocks = raws.map(decode);
const genesis = genesisBlock(STANDBY_VALIDATORS.privnet);
const all = [genesis, ...blocks];

function decode(raw: Uint8Array): N3Block {
  const reader = new ByteReader(raw, 'block');
  const block = N3Block.decode(reader);
  reader.expectEnd();
  return block;
}

function rebuilt({ header, transactions }: N3Block): N3Block {
  const { prevHash, merkleRoot, timestamp, nonce, index, primaryIndex, nextConsensus, witness } = header;
  const fields = { prevHash, merkleRoot, timestamp, nonce, index, primaryIndex, nextConsensus, witness };
  return N3Block.from({
    header: N3BlockHeader.from(fields),
    transactions: transactions.map((transaction) => {
      const {
        nonce: number,
        systemFee,
        networkFee,
        validUntilBlock,
        signers,
        attributes,
        script,
        witnesses,
      } = transaction;
      const limits = { systemFee, networkFee, validUntilBlock };
      return N3Transaction.from({ nonce: number, ...limits, signers, attributes, script, witnesses });
    }),
  });
}

describe('the recorded N3 chain of 50 blocks', () => {
  it('is what its index says, from the genesis block of four validators on', () => {
    const found = all.map(({ header, size, transactions }) => ({
      index: header.index,
      hash: header.hash.toString(),
      prevHash: header.prevHash.toString(),
      merkleRoot: header.merkleRoot.toString(),
      timestamp: header.timestamp,
      size,
      tx: transactions.map(({ hash }) => hash.toString()),
    }));
    expect(found).toEqual(recorded.rows);
    expect(all.reduce((sum, { transactions }) => sum + transactions.length, 0)).toBe(recorded.transactions);
  });

  it('links, and every block verifies', () => {
    blocks.forEach((block, i) => {
      const previous = all[i]!.header;
      block.verify();
      expect(block.index).toBe(previous.index + 1);
      expect(block.header.prevHash.equals(previous.hash)).toBe(true);
      expect(block.header.timestamp).toBeGreaterThan(previous.timestamp);
      expect(scriptHash(block.header.witness.verification).equals(previous.nextConsensus)).toBe(true);
    });
  });

  it('encodes to the same bytes, as it is and from its fields', () => {
    expect(blocks.map((block, i) => Buffer.compare(block.raw, raws[i]!))).toEqual(raws.map(() => 0));
    expect(blocks.map((block, i) => Buffer.compare(rebuilt(block).raw, raws[i]!))).toEqual(raws.map(() => 0));
  });

  it('carries three signatures of four validators in each header', () => {
    const shapes = new Set(
      blocks.map(({ header: { witness } }) => {
        const script = parseVerificationScript(witness.verification)!;
        return `${parseInvocationScript(witness.invocation)!.length} ${script.kind} ${script.required}/${script.keys.length}`;
      }),
    );
    expect([...shapes]).toEqual(['3 multisignature 3/4']);
  });

  it('goes through a headers message and back', () => {
    const { raw } = HeadersPayload.from({ headers: blocks.map(({ header }) => header) });
    const again = HeadersPayload.decode(new ByteReader(raw, 'headers')).headers;
    expect(again.map(({ hash }) => hash.key)).toEqual(blocks.map(({ hash }) => hash.key));
    expect(Buffer.compare(HeadersPayload.from({ headers: again }).raw, raw)).toBe(0);
  });
});
