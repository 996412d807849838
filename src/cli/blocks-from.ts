import { RequestTimeoutError } from '../peer/errors/request-timeout.error.js';
import type { Peer } from '../peer/peer.js';
import type { BlockHeader } from '../wire/common/block-header.js';
import type { Block } from '../wire/common/block.js';
import { dialectOf } from '../wire/messages.js';
import { BatchSize } from './batch-size.js';
import type { ChainPart } from './chain-part.js';
import { headersFrom } from './headers-from.js';
import { MissingBlockError } from './missing-block.error.js';
import { SilentNodeError } from './silent-node.error.js';

/** How long the first blocks that are asked for by index may take, milliseconds; nodes say nothing if they have none. */
const FIRST_WITHIN_MS = 15_000;

/**
 * The blocks of a part of a chain, in order, as many at a time as fit into a few megabytes. Their transactions are those
 * that their headers promise, and the headers are checked.
 *
 * @throws HeaderVerificationError after every block before the one that fails
 * @throws MissingBlockError when the peer doesn't give one that it should have
 * @throws SilentNodeError when the peer answers nothing at all
 * @internal
 */
export function blocksFrom(part: ChainPart): AsyncGenerator<Block, void, undefined> {
  const { position } = part.start;
  return 'index' in position ? blocksByIndex(part, position.index) : blocksByHash(part);
}

async function* blocksByIndex(part: ChainPart, start: number): AsyncGenerator<Block, void, undefined> {
  const { peer, chain, count } = part;
  const size = new BatchSize(dialectOf(peer.dialect).limits.blocksPerRequest);
  let index = start;
  while (index - start < count && index <= peer.height) {
    const wanted = Math.min(size.next, start + count - index, peer.height + 1 - index);
    const blocks = await requestBlocks(part, index, wanted, index === start);
    for (const block of blocks) {
      await chain.append(block.header);
      yield block;
    }
    size.learn(blocks);
    index += blocks.length;
  }
}

async function requestBlocks(
  { peer, signal }: ChainPart,
  index: number,
  count: number,
  isFirst: boolean,
): Promise<readonly Block[]> {
  try {
    const limits = isFirst ? { signal, timeoutMs: FIRST_WITHIN_MS } : { signal };
    return await peer.requestBlocksByIndex(index, count, limits);
  } catch (cause) {
    if (!(cause instanceof RequestTimeoutError)) throw cause;
    if (isFirst) throw new SilentNodeError(peer, 'blocks', { index }, { cause });
    throw new MissingBlockError(peer, index, { cause });
  }
}

async function* blocksByHash(part: ChainPart): AsyncGenerator<Block, void, undefined> {
  const { peer, start, signal } = part;
  const size = new BatchSize(dialectOf(peer.dialect).limits.inventoryHashes);
  for await (const headers of inBatches(headersFrom(part), size)) {
    const wanted = headers.filter(({ index }) => index > 0);
    // The genesis block has come already, and C# nodes give a block once.
    if (wanted.length < headers.length) yield start.genesis!;
    const blocks = await fetchBlocks(peer, wanted, signal);
    for (const [i, { hash }] of wanted.entries()) {
      const block = blocks[i];
      if (block === undefined || !block.hash.equals(hash)) throw new MissingBlockError(peer, hash);
      yield block;
    }
    size.learn(blocks);
  }
}

/** Those the peer gives, in the order of their headers. */
async function fetchBlocks(
  peer: Peer,
  headers: readonly BlockHeader[],
  signal: AbortSignal,
): Promise<readonly Block[]> {
  const hashes = headers.map(({ hash }) => hash);
  try {
    return (await peer.requestBlocks(hashes, { signal })).found;
  } catch (cause) {
    if (!(cause instanceof RequestTimeoutError)) throw cause;
    throw new MissingBlockError(peer, hashes[0]!, { cause });
  }
}

/** What came before a failure is given before the failure. */
async function* inBatches<T>(items: AsyncIterable<T>, size: BatchSize): AsyncGenerator<readonly T[], void, undefined> {
  let batch: T[] = [];
  try {
    for await (const item of items) {
      batch.push(item);
      if (batch.length < size.next) continue;
      const whole = batch;
      batch = [];
      yield whole;
    }
  } catch (error) {
    if (batch.length > 0) yield batch;
    throw error;
  }
  if (batch.length > 0) yield batch;
}
