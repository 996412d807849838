import { beforeAll, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { ChainFile } from '../../src/node/chain-file.js';
import type { Chain } from '../../src/node/chain.js';
import { genesisBlockOf } from '../../src/node/genesis-blocks.js';
import { RecordedChain } from '../../src/node/recorded-chain.js';
import { ChainHeight } from '../../src/node/serving/chain-height.js';
import { ServeBlockHashes } from '../../src/node/serving/serve-block-hashes.js';
import { ServeBlocks } from '../../src/node/serving/serve-blocks.js';
import { ServeHeaders } from '../../src/node/serving/serve-headers.js';
import type { Peer } from '../../src/peer/peer.js';
import type { Block } from '../../src/wire/common/block.js';
import type { Inventory } from '../../src/wire/common/inventory.js';
import { HashRangePayload } from '../../src/wire/legacy/hash-range.payload.js';
import { HashList } from '../../src/wire/primitives/hash-list.js';
import { UInt256 } from '../../src/wire/primitives/uint256.js';
import { TestFolder } from '../support/folder.js';

const PEER = { dialect: 'legacy' } as Peer;
const UNKNOWN = UInt256.from('ab'.repeat(32));

let chain: Chain;

beforeAll(async () => {
  chain = await RecordedChain.shipped('legacy');
});

function hashOf(index: number | undefined): UInt256 {
  return index === undefined ? UNKNOWN : chain.hashAt(index);
}

/** Starts and stop as indexes; undefined is a hash that nobody knows. */
function range(starts: readonly (number | undefined)[], stop?: number | 'unknown'): HashRangePayload {
  return HashRangePayload.from({
    starts: starts.map(hashOf),
    ...(stop === undefined ? {} : { stop: hashOf(stop === 'unknown' ? undefined : stop) }),
  });
}

/** [first, last, count] of the indexes in an answer; undefined is silence. */
function span(indexes: readonly number[] | undefined): [number?, number?, number?] {
  return indexes === undefined || indexes.length === 0 ? [] : [indexes[0], indexes.at(-1), indexes.length];
}

type Row = [string, (number | undefined)[], number | 'unknown' | undefined, [number, number, number] | []];

const ROWS: readonly Row[] = [
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

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** A chain file with these blocks. */
function chainBytes(list: readonly Block[]): Buffer {
  return Buffer.concat([u32(list.length), ...list.flatMap(({ raw }) => [u32(raw.length), raw])]);
}

function headers(payload: HashRangePayload): number[] | undefined {
  const answer = new ServeHeaders(chain).handle(PEER, payload);
  return answer && Array.from(answer, ({ index }) => index);
}

function blockHashes(payload: HashRangePayload): number[] | undefined {
  const answer = new ServeBlockHashes(chain).handle(PEER, payload);
  return answer && Array.from(answer, (hash) => chain.indexOf(hash)!);
}

function blocks(kind: Inventory['kind'], hashes: Iterable<UInt256>): string[] | undefined {
  const payload = { kind, hashes: HashList.of(hashes) } as Parameters<ServeBlocks['handle']>[1];
  const answer = new ServeBlocks(chain).handle(PEER, payload);
  return answer && Array.from(answer, (block) => Buffer.from(block.raw).toString('hex'));
}

describe('ServeHeaders', () => {
  it.each(ROWS)('%s', (_name, starts, stop, expected) => {
    expect(span(headers(range(starts, stop)))).toEqual(expected);
  });

  it('gives at most 2000', () => {
    expect(span(headers(range([0])))).toEqual([1, 2000, 2000]);
  });
});

describe('ServeBlockHashes', () => {
  it.each(ROWS)('%s', (_name, starts, stop, expected) => {
    expect(span(blockHashes(range(starts, stop)))).toEqual(expected);
  });

  it('gives at most 500', () => {
    expect(span(blockHashes(range([0])))).toEqual([1, 500, 500]);
  });
});

describe('ServeBlocks', () => {
  it('gives those blocks it has, in the order they were asked for, the genesis block too', () => {
    const hashes = [chain.hashAt(3), UNKNOWN, chain.hashAt(0), chain.hashAt(6000)];
    const expected = [3, 0, 6000].map((index) => Buffer.from(chain.blockAt(index).raw).toString('hex'));
    expect(blocks('block', hashes)).toEqual(expected);
  });

  it('gives a block once, however often one list asks for it', () => {
    const hashes = [3, 5, 3, 3, 5].map((index) => chain.hashAt(index));
    expect(blocks('block', hashes)).toEqual(blocks('block', hashes.slice(0, 2)));
  });

  it.each(['transaction', 'stateroot', 'consensus'] as const)('has nothing of kind %s', (kind) => {
    expect(blocks(kind, [chain.hashAt(3)])).toBeUndefined();
  });
});

describe('ChainHeight', () => {
  it('is the index of the newest block', () => {
    expect(new ChainHeight(chain).height()).toBe(6000);
  });
});

describe('RecordedChain', () => {
  it('refuses a file that does not follow its genesis block, and takes one without blocks', async () => {
    const folder = await TestFolder.create();
    const genesis = genesisBlockOf('legacy');
    const path = folder.file('some.chain');
    await writeFile(path, chainBytes([chain.blockAt(2)]));
    const file = await ChainFile.open(path, 'legacy');
    expect(() => new RecordedChain(genesis, file, path)).toThrow(
      expect.objectContaining({ code: 'NEO_PEER_CHAIN_FILE', file: path, offset: 0 }),
    );
    await writeFile(path, chainBytes([]));
    const empty = new RecordedChain(genesis, await ChainFile.open(path, 'legacy'), path);
    expect(empty.height).toBe(0);
    await folder.remove();
  });

  it('begins with the genesis block of the four validators', () => {
    expect(String(chain.hashAt(0))).toBe('0x996e37358dc369912041f966f8c5d8d3a8255ba5dcbd3447f8a82b55db869099');
    expect(chain.indexOf(chain.hashAt(0))).toBe(0);
    expect(chain.blockAt(0).raw.length).toBe(401);
  });

  it('links from block to block, and every block passes its checks', () => {
    for (let index = 1; index <= chain.height; index++) {
      const block = chain.blockAt(index);
      expect(block.header.prevHash.equals(chain.hashAt(index - 1))).toBe(true);
      block.verify();
    }
  });
});
