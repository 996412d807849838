import { beforeAll, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { ChainFile } from '../../src/node/chain-file.js';
import type { Chain } from '../../src/node/chain.js';
import { genesisBlockOf } from '../../src/node/genesis-blocks.js';
import { RecordedChain } from '../../src/node/recorded-chain.js';
import { ChainHeight } from '../../src/node/serving/chain-height.js';
import { ServeBlockHashes } from '../../src/node/serving/serve-block-hashes.js';
import { ServeBlocksByIndex } from '../../src/node/serving/serve-blocks-by-index.js';
import { ServeBlocks } from '../../src/node/serving/serve-blocks.js';
import { ServeHeaders } from '../../src/node/serving/serve-headers.js';
import type { Peer } from '../../src/peer/peer.js';
import type { Block } from '../../src/wire/common/block.js';
import type { InventoryKind } from '../../src/wire/common/inventory.js';
import { HashRangePayload } from '../../src/wire/legacy/hash-range.payload.js';
import { dialectOf, type PayloadOf } from '../../src/wire/messages.js';
import { HashRangePayload as N3HashRangePayload } from '../../src/wire/n3/hash-range.payload.js';
import { IndexRangePayload } from '../../src/wire/n3/index-range.payload.js';
import { HashList } from '../../src/wire/primitives/hash-list.js';
import { UInt256 } from '../../src/wire/primitives/uint256.js';
import { N3_KIT } from '../support/dialect-kit.js';
import { TestFolder } from '../support/folder.js';
import { ListChain } from '../support/list-chain.js';

const UNKNOWN = UInt256.from('ab'.repeat(32));

/** The recorded chains. */
const CHAINS = [
  {
    dialect: 'legacy',
    height: 6000,
    genesis: '0x996e37358dc369912041f966f8c5d8d3a8255ba5dcbd3447f8a82b55db869099',
    genesisSize: 401,
    others: ['transaction', 'stateroot', 'consensus'],
  },
  {
    dialect: 'n3',
    height: 50,
    genesis: '0x0f8fb4e17d2ab9f3097af75ca7fd16064160fb8043db94909e00dd4e257b9dc4',
    genesisSize: 114,
    others: ['transaction', 'extensible', 'notaryrequest'],
  },
] as const;

/** [first, last, count] of the indexes in an answer; empty is silence. */
type Span = readonly [first: number, last: number, count: number] | readonly [];

let chain: Chain;

function peerOf(dialect: Peer['dialect']): Peer {
  return { dialect } as Peer;
}

function span(indexes: readonly number[]): Span {
  return indexes.length === 0 ? [] : [indexes[0]!, indexes.at(-1)!, indexes.length];
}

function headers(asked: PayloadOf<'getheaders'>, of = chain): Span {
  return span(Array.from(new ServeHeaders(of).handle(peerOf(asked.dialect), asked) ?? [], ({ index }) => index));
}

function blockHashes(asked: PayloadOf<'getblocks'>, of = chain): Span {
  const answer = new ServeBlockHashes(of).handle(peerOf(asked.dialect), asked) ?? [];
  return span(Array.from(answer, (hash) => of.indexOf(hash)!));
}

function hashOf(index: number | undefined): UInt256 {
  return index === undefined ? UNKNOWN : chain.hashAt(index);
}

function blocksByIndex(asked: PayloadOf<'getblockbyindex'>, of = chain): Span {
  return span(Array.from(new ServeBlocksByIndex(of).handle(peerOf('n3'), asked), ({ index }) => index));
}

/** Starts and stop as indexes; undefined is a hash that nobody knows. */
function range(starts: readonly (number | undefined)[], stop?: number | 'unknown'): HashRangePayload {
  return HashRangePayload.from({
    starts: starts.map(hashOf),
    ...(stop === undefined ? {} : { stop: hashOf(stop === 'unknown' ? undefined : stop) }),
  });
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** A chain file with these blocks. */
function chainBytes(list: readonly Block[]): Buffer {
  return Buffer.concat([u32(list.length), ...list.flatMap(({ raw }) => [u32(raw.length), raw])]);
}

describe('serving on legacy', () => {
  beforeAll(async () => {
    chain = await RecordedChain.shipped('legacy');
  });

  const ROWS: readonly (readonly [string, (number | undefined)[], number | 'unknown' | undefined, Span])[] = [
    ['begins after the start', [0], 4, [1, 3, 3]],
    ['ends before the stop', [10], 12, [11, 11, 1]],
    ['gives nothing where the stop follows the start', [10], 11, []],
    ['gives nothing where the stop is the start', [10], 10, []],
    ['gives nothing where the stop comes before the start', [10], 5, []],
    ['takes a stop that it does not have for none', [5990], 'unknown', [5991, 6000, 10]],
    ['goes up to the tip', [5999], undefined, [6000, 6000, 1]],
    ['gives nothing after the tip', [6000], undefined, []],
    ['is silent about a start that it does not have', [undefined], undefined, []],
    ['takes the first start that it has', [undefined, 20, 10], 22, [21, 21, 1]],
  ];

  it.each(ROWS)('%s', (_name, starts, stop, expected) => {
    expect(headers(range(starts, stop))).toEqual(expected);
    expect(blockHashes(range(starts, stop))).toEqual(expected);
  });

  it('gives at most 2000 headers and 500 hashes', () => {
    expect(headers(range([0]))).toEqual([1, 2000, 2000]);
    expect(blockHashes(range([0]))).toEqual([1, 500, 500]);
  });
});

describe('serving on n3', () => {
  /** Longer than any answer. */
  let long: Chain;

  beforeAll(async () => {
    chain = await RecordedChain.shipped('n3');
    long = new ListChain([genesisBlockOf('n3'), ...N3_KIT.blocks(2010)]);
  });

  const BY_INDEX: readonly (readonly [string, number, number, Span])[] = [
    ['begins with the one asked for', 3, 4, [3, 6, 4]],
    ['gives one alone', 7, 1, [7, 7, 1]],
    ['gives the genesis block too', 0, 2, [0, 1, 2]],
    ['goes up to the tip', 48, 100, [48, 50, 3]],
    ['takes -1 for as many as there are', 1, -1, [1, 50, 50]],
    ['gives the tip', 50, -1, [50, 50, 1]],
    ['gives nothing above the tip', 51, 1, []],
    ['gives nothing far above the tip', 0xffffffff, -1, []],
  ];

  it.each(BY_INDEX)('%s', (_name, indexStart, count, expected) => {
    const asked = IndexRangePayload.from({ indexStart, count });
    expect(headers(asked)).toEqual(expected);
    expect(blocksByIndex(asked)).toEqual(expected);
  });

  const BY_HASH: readonly (readonly [string, number | undefined, number, Span])[] = [
    ['begins after the start', 0, 3, [1, 3, 3]],
    ['goes up to the tip', 45, 100, [46, 50, 5]],
    ['takes -1 for as many as there are', 10, -1, [11, 50, 40]],
    ['gives nothing after the tip', 50, -1, []],
    ['is silent about a start that it does not have', undefined, -1, []],
  ];

  it.each(BY_HASH)('%s, of hashes', (_name, start, count, expected) => {
    expect(blockHashes(N3HashRangePayload.from({ hashStart: hashOf(start), count }))).toEqual(expected);
  });

  it.each([
    [-1, 2000, 500],
    [500, 500, 500],
    [501, 501, 500],
    [2000, 2000, 500],
  ])('answers a count of %i with %i headers, and %i blocks or hashes', (count, headerCount, blockCount) => {
    const asked = IndexRangePayload.from({ indexStart: 1, count });
    expect(headers(asked, long)).toEqual([1, headerCount, headerCount]);
    expect(blocksByIndex(asked, long)).toEqual([1, blockCount, blockCount]);
    const after = N3HashRangePayload.from({ hashStart: long.hashAt(0), count });
    expect(blockHashes(after, long)).toEqual([1, blockCount, blockCount]);
  });

  it('reads a block when it is to be sent, not before', () => {
    let read = 0;
    const counting = new (class extends ListChain {
      override blockAt(index: number): Block {
        read++;
        return super.blockAt(index);
      }
    })([chain.blockAt(0), chain.blockAt(1), chain.blockAt(2), chain.blockAt(3)]);
    const asked = IndexRangePayload.from({ indexStart: 1, count: -1 });
    const answer = new ServeBlocksByIndex(counting).handle(peerOf('n3'), asked)[Symbol.iterator]();
    expect(read).toBe(0);
    answer.next();
    answer.next();
    expect(read).toBe(2);
  });
});

describe.each(CHAINS)('ServeBlocks on $dialect', ({ dialect, height, others }) => {
  beforeAll(async () => {
    chain = await RecordedChain.shipped(dialect);
  });

  function blocks(kind: InventoryKind, hashes: Iterable<UInt256>): string[] {
    const asked = dialectOf(dialect).requestObjects(kind, HashList.of(hashes));
    if (asked?.command !== 'getdata') throw new Error('objects are asked for with getdata');
    const answer = new ServeBlocks(chain).handle(peerOf(dialect), asked.payload);
    return Array.from(answer, (block) => Buffer.from(block.raw).toString('hex'));
  }

  it('gives those blocks it has, in the order they were asked for, the genesis block too', () => {
    const hashes = [chain.hashAt(3), UNKNOWN, chain.hashAt(0), chain.hashAt(height)];
    const expected = [3, 0, height].map((index) => Buffer.from(chain.blockAt(index).raw).toString('hex'));
    expect(blocks('block', hashes)).toEqual(expected);
  });

  it('gives a block once, however often one list asks for it', () => {
    const hashes = [3, 5, 3, 3, 5].map((index) => chain.hashAt(index));
    expect(blocks('block', hashes)).toEqual(blocks('block', hashes.slice(0, 2)));
  });

  it.each<InventoryKind>([...others])('has nothing of kind %s', (kind) => {
    expect(blocks(kind, [chain.hashAt(3)])).toEqual([]);
  });
});

describe.each(CHAINS)('RecordedChain on $dialect', ({ dialect, height, genesis: genesisHash, genesisSize }) => {
  beforeAll(async () => {
    chain = await RecordedChain.shipped(dialect);
  });

  it('has the index of its newest block as its height', () => {
    expect(new ChainHeight(chain).height()).toBe(height);
  });

  it('refuses a file that does not follow its genesis block, and takes one without blocks', async () => {
    const folder = await TestFolder.create();
    const genesis = genesisBlockOf(dialect);
    const path = folder.file('some.chain');
    await writeFile(path, chainBytes([chain.blockAt(2)]));
    const file = await ChainFile.open(path, dialect);
    expect(() => new RecordedChain(genesis, file, path)).toThrow(
      expect.objectContaining({ code: 'NEO_PEER_CHAIN_FILE', file: path, offset: 0 }),
    );
    await writeFile(path, chainBytes([]));
    const empty = new RecordedChain(genesis, await ChainFile.open(path, dialect), path);
    expect(empty.height).toBe(0);
    await folder.remove();
  });

  it('begins with the genesis block of the four validators', () => {
    expect(String(chain.hashAt(0))).toBe(genesisHash);
    expect(chain.indexOf(chain.hashAt(0))).toBe(0);
    expect(chain.blockAt(0).raw.length).toBe(genesisSize);
  });

  it('links from block to block, and every block passes its checks', () => {
    for (let index = 1; index <= chain.height; index++) {
      const block = chain.blockAt(index);
      expect(block.header.prevHash.equals(chain.hashAt(index - 1))).toBe(true);
      block.verify();
    }
  });
});
