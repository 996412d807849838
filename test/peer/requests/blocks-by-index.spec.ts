import { describe, expect, it } from '@jest/globals';
import { BlocksByIndexRequest } from '../../../src/peer/requests/blocks-by-index-request.js';
import { dialectOf, type Message } from '../../../src/wire/messages.js';
import { chainBlocks, type ChainBlock } from '../../support/local-chain.js';

const blocks = chainBlocks(10);
const question = dialectOf('legacy').requestAddresses(); // Legacy has no words for it, so any message will do

function blockMessage(payload: ChainBlock): Message<'block'> {
  return { dialect: 'legacy', command: 'block', payload, size: payload.raw.length + 24 };
}

function request(start: number, count: number): BlocksByIndexRequest {
  return new BlocksByIndexRequest(question, start, count, () => 10);
}

/** Block 3 with the transactions of block 4. */
function forged(): ChainBlock {
  const [real, other] = [blocks[2]!, blocks[3]!];
  const bytes = Buffer.concat([real.header.raw, other.raw.subarray(other.header.raw.length)]);
  return dialectOf('legacy').decodePayload('block', bytes) as ChainBlock;
}

describe('a request for blocks by height', () => {
  it('is answered by the blocks of those heights, in any order', async () => {
    const asked = request(3, 3);
    for (const index of [5, 9, 3, 5, 4]) asked.accept(blockMessage(blocks[index - 1]!));
    expect((await asked.promise).map(({ index }) => index)).toEqual([3, 4, 5]);
  });

  it('takes no other message, no other block and none that is not whole', () => {
    const asked = request(3, 3);
    expect(asked.accept({ ...question, size: 24 })).toBe(false);
    expect(asked.accept(blockMessage(blocks[8]!))).toBe(false);
    expect(asked.accept(blockMessage(forged()))).toBe(true);
    expect(asked.accept(blockMessage(blocks[2]!))).toBe(true);
    expect(asked.isSettled).toBe(false);
  });

  it('gives what came without a gap when the time runs out', async () => {
    const asked = request(3, 4);
    for (const index of [3, 4, 6]) asked.accept(blockMessage(blocks[index - 1]!));
    expect(asked.expire(1000)).toBe(false);
    expect((await asked.promise).map(({ index }) => index)).toEqual([3, 4]);
  });

  it('fails when the first did not come', async () => {
    const asked = request(3, 4);
    asked.accept(blockMessage(blocks[3]!));
    expect(asked.expire(1000)).toBe(true);
    await expect(asked.promise).rejects.toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT', timeoutMs: 1000 });
  });

  it('could be met up to the height of the remote', () => {
    expect(request(10, 1).couldBeMet()).toBe(true);
    expect(request(11, 1).couldBeMet()).toBe(false);
  });
});
