import { describe, expect, it } from '@jest/globals';
import { blocksFrom } from '../../src/cli/blocks-from.js';
import type { ChainPart } from '../../src/cli/chain-part.js';
import { HeaderChain } from '../../src/cli/header-chain.js';
import { RequestTimeoutError } from '../../src/peer/errors/request-timeout.error.js';
import type { Found, Peer } from '../../src/peer/peer.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import type { BlockHeader } from '../../src/wire/common/block-header.js';
import type { Block } from '../../src/wire/common/block.js';
import type { UInt256 } from '../../src/wire/primitives/uint256.js';
import { KITS, LEGACY_KIT, N3_KIT, type DialectKit } from '../support/dialect-kit.js';

/** Blocks of the chain that is asked for. */
const LENGTH = 45;

/** A node that has blocks up to one of them, and may have them large. */
class FakeNode {
  readonly height = LENGTH;
  readonly remoteAddress = { host: '10.0.0.2', port: 10333 };
  readonly lastSeenAtMs = 0;
  readonly dialect;
  /** How many blocks each request was for. */
  readonly requests: number[] = [];
  readonly #blocks: readonly Block[];

  /** @param perAnswer most blocks that it sends for one request */
  constructor(
    kit: DialectKit,
    private readonly has: number,
    private readonly perAnswer = Infinity,
    size?: number,
  ) {
    this.dialect = kit.name;
    this.#blocks = kit.blocks(LENGTH).map((block) => (size === undefined ? block : withSize(block, size)));
  }

  async *headers(): AsyncIterable<BlockHeader> {
    for (const { header } of this.#blocks) yield header;
  }

  async requestBlocks(hashes: Iterable<UInt256>): Promise<Found<Block>> {
    const wanted = [...hashes];
    this.requests.push(wanted.length);
    const isThere = (hash: UInt256) => this.#blocks.find((block) => block.index <= this.has && block.hash.equals(hash));
    const found = wanted.flatMap((hash) => isThere(hash) ?? []);
    if (found.length === 0) throw new RequestTimeoutError('getdata', 60_000);
    return { found, missing: wanted.filter((hash) => isThere(hash) === undefined) };
  }

  async requestBlocksByIndex(start: number, count: number): Promise<readonly Block[]> {
    this.requests.push(count);
    const blocks = this.#blocks.slice(start - 1, Math.min(start - 1 + count, start - 1 + this.perAnswer, this.has));
    if (blocks.length === 0) throw new RequestTimeoutError('getblockbyindex', 60_000);
    return blocks;
  }
}

function partOf(kit: DialectKit, node: FakeNode, count = Infinity): ChainPart {
  return {
    peer: node as unknown as Peer,
    start: { text: '', position: kit.from(1), firstIndex: 1, previous: undefined },
    chain: new HeaderChain(undefined, undefined),
    count,
    clock: new VirtualClock(),
    signal: new AbortController().signal,
  };
}

/** The same block, said to be larger: only its size is looked at. */
function withSize(block: Block, length: number): Block {
  const { header, hash, index, transactions } = block;
  return { header, hash, index, transactions, raw: { length } } as unknown as Block;
}

async function indexes(blocks: AsyncIterable<Block>): Promise<{ seen: number[]; error?: unknown }> {
  const seen: number[] = [];
  try {
    for await (const { index } of blocks) seen.push(index);
  } catch (error) {
    return { seen, error };
  }
  return { seen };
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, i) => i + 1);
}

describe.each(KITS)('blocksFrom, $name', (kit) => {
  it('gives what the node has before one that it lacks, and fails', async () => {
    const { seen, error } = await indexes(blocksFrom(partOf(kit, new FakeNode(kit, 30))));
    expect(seen).toEqual(upTo(30));
    const block = kit.name === 'n3' ? '31' : kit.blocks(31)[30]!.hash.toString();
    expect(error).toMatchObject({
      code: 'NEO_PEER_MISSING_BLOCK',
      address: '10.0.0.2:10333',
      block,
      height: LENGTH,
    });
  });

  it('fails on a node that gives none', async () => {
    const { seen, error } = await indexes(blocksFrom(partOf(kit, new FakeNode(kit, 0))));
    expect(seen).toEqual([]);
    expect(error).toMatchObject({ code: kit.name === 'n3' ? 'NEO_PEER_SILENT_NODE' : 'NEO_PEER_MISSING_BLOCK' });
  });
});

describe('blocksFrom', () => {
  it('asks for less at once where blocks are large', async () => {
    for (const kit of [LEGACY_KIT, N3_KIT]) {
      const node = new FakeNode(kit, LENGTH, 10, 3_000_000);
      await indexes(blocksFrom(partOf(kit, node)));
      expect(node.requests.slice(1).every((count) => count <= 2)).toBe(true);
    }
  });

  it('goes on by index where an answer is shorter than what was asked for', async () => {
    const node = new FakeNode(N3_KIT, LENGTH, 7);
    expect(await indexes(blocksFrom(partOf(N3_KIT, node, 40)))).toEqual({ seen: upTo(40) });
    expect(node.requests).toEqual([40, 33, 26, 19, 12, 5]);
  });
});
