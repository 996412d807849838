import { afterEach, describe, expect, it } from '@jest/globals';
import type { Block } from '../../../src/wire/common/block.js';
import { BlockRangeFetch } from '../../../src/peer/requests/block-range-fetch.js';
import { BlocksByIndexRequest, type BlockRange } from '../../../src/peer/requests/blocks-by-index-request.js';
import { MAX_FETCH_BYTES } from '../../../src/peer/requests/object-fetch.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import type { Message, Outgoing } from '../../../src/wire/messages.js';
import { N3_KIT } from '../../support/dialect-kit.js';
import { failure } from '../../support/failure.js';
import { inflatedBlock } from '../../support/inflated-block.js';
import { PeerLab } from '../../support/peer-lab.js';
import { ChainMessages, numbers } from './chain-messages.js';

const kit = N3_KIT;
const chain = new ChainMessages(kit);
const timeouts = { keepaliveMs: 0 };

let lab: PeerLab;

function indexes(blocks: readonly Block[]): number[] {
  return blocks.map(({ index }) => index);
}

/** That block with another previous hash. */
function strayed(index: number): Outgoing<'block'> {
  const bytes = Buffer.from(chain.blockAt(index).raw);
  bytes.writeUInt8(bytes.readUInt8(4) ^ 1, 4);
  return kit.message('block', bytes);
}

function asked({ payload }: Message<'getblockbyindex'>): readonly [number, number] {
  return [payload.indexStart, payload.count];
}

/** A ready peer whose remote is that high, and its remote. */
async function ready(height: number) {
  lab = new PeerLab({ network: kit.network, timeouts });
  return lab.ready({ height });
}

describe('requestBlocksByIndex', () => {
  afterEach(() => lab.close());

  it('gives the blocks of those heights, in whatever order they come', async () => {
    const { peer, remote } = await ready(20);
    const request = peer.requestBlocksByIndex(3, 3);
    expect(asked(await remote.expect('getblockbyindex'))).toEqual([3, 3]);
    for (const index of [5, 9, 3, 5, 4]) remote.send(chain.block(index));
    expect(indexes(await request)).toEqual([3, 4, 5]);
    await lab.settle();
    expect(lab.handled).toHaveLength(5);
  });

  it('asks for 500 at a time, one request after the other, and no higher than the remote is', async () => {
    const { peer, remote } = await ready(1100);
    const request = peer.requestBlocksByIndex(1, 5000);
    for (const [start, size] of [
      [1, 500],
      [501, 500],
      [1001, 500],
    ] as const) {
      expect(asked(await remote.expect('getblockbyindex'))).toEqual([start, size]);
      await lab.settle();
      expect(remote.received.filter(({ command }) => command === 'getblockbyindex')).toHaveLength(
        Math.ceil(start / 500),
      );
      for (const index of numbers(start, Math.min(1100, start + size - 1))) remote.send(chain.block(index));
    }
    await lab.clock.advance(3000);
    expect(indexes(await request)).toEqual(numbers(1, 1100));
  });

  it('asks for nothing more where the last of 500 is the newest of the remote', async () => {
    const { peer, remote } = await ready(500);
    const request = peer.requestBlocksByIndex(1, 501);
    await remote.expect('getblockbyindex');
    for (const index of numbers(1, 500)) remote.send(chain.block(index));
    await expect(request).resolves.toHaveLength(500);
    expect(remote.received.filter(({ command }) => command === 'getblockbyindex')).toHaveLength(1);
  });

  it('of nothing asks for nothing', async () => {
    const { peer, remote } = await ready(20);
    await expect(peer.requestBlocksByIndex(1, 0)).resolves.toEqual([]);
    await lab.settle();
    expect(remote.received).toHaveLength(2);
  });

  it.each([
    [-1, 1],
    [0.5, 1],
    [2 ** 32, 1],
    [Number.NaN, 1],
    [1, -1],
    [1, 1.5],
    [1, Infinity],
  ])('refuses %p and %p', async (start, count) => {
    const { peer, remote } = await ready(20);
    expect(await failure(peer.requestBlocksByIndex(start, count))).toBeInstanceOf(RangeError);
    expect(remote.received).toHaveLength(2);
  });

  it('ends three seconds after the newest block of the remote, which is silent about the rest', async () => {
    const { peer, remote } = await ready(12);
    let settled = false;
    const request = peer.requestBlocksByIndex(10, 50).finally(() => (settled = true));
    await remote.expect('getblockbyindex');
    for (const index of [10, 11, 12]) remote.send(chain.block(index));
    await lab.clock.advance(2000);
    remote.send(chain.block(13)); // made since
    await lab.clock.advance(2999);
    expect(settled).toBe(false);
    await lab.clock.advance(1);
    expect(indexes(await request)).toEqual([10, 11, 12, 13]);
  });

  it('waits longer while the remote must have more', async () => {
    const { peer, remote } = await ready(20);
    let settled = false;
    const request = peer.requestBlocksByIndex(10, 50).finally(() => (settled = true));
    await remote.expect('getblockbyindex');
    for (const index of [10, 11]) remote.send(chain.block(index));
    await lab.clock.advance(59_999);
    expect(settled).toBe(false);
    await lab.clock.advance(1);
    expect(indexes(await request)).toEqual([10, 11]);
  });

  it('gives what came without a gap when the time runs out', async () => {
    const { peer, remote } = await ready(20);
    const request = peer.requestBlocksByIndex(3, 5, { timeoutMs: 1000 });
    await remote.expect('getblockbyindex');
    for (const index of [3, 4, 6]) remote.send(chain.block(index));
    await lab.clock.advance(1000);
    expect(indexes(await request)).toEqual([3, 4]);
  });

  it('gives what came when a later request of it runs out of time', async () => {
    const { peer, remote } = await ready(2000);
    const request = peer.requestBlocksByIndex(1, 1000);
    await remote.expect('getblockbyindex');
    for (const index of numbers(1, 500)) remote.send(chain.block(index));
    await remote.expect('getblockbyindex');
    await lab.clock.advance(60_000);
    await expect(request).resolves.toHaveLength(500);
  });

  it('takes a limit of the caller for all of it', async () => {
    const { peer, remote } = await ready(2000);
    const request = peer.requestBlocksByIndex(1, 1000, { timeoutMs: 1000 });
    await remote.expect('getblockbyindex');
    await lab.clock.advance(600);
    for (const index of numbers(1, 500)) remote.send(chain.block(index));
    await remote.expect('getblockbyindex');
    await lab.clock.advance(400);
    await expect(request).resolves.toHaveLength(500);
  });

  it('fails when the first did not come', async () => {
    const { peer, remote } = await ready(20);
    const request = failure(peer.requestBlocksByIndex(3, 4));
    await remote.expect('getblockbyindex');
    remote.send(chain.block(4));
    await lab.clock.advance(60_000);
    expect(await request).toMatchObject({
      code: 'NEO_PEER_REQUEST_TIMEOUT',
      command: 'getblockbyindex',
      timeoutMs: 60_000,
    });
    expect(peer.state).toBe('ready');
  });

  it.each<[string, (index: number) => Outgoing]>([
    ['whose transactions are not its own', (index) => chain.forged(index)],
    ['that does not follow the one before', strayed],
  ])('does not count a block %s, nor what comes after it, and does not wait for it', async (_, wrong) => {
    const { peer, remote } = await ready(20);
    const request = peer.requestBlocksByIndex(3, 5);
    await remote.expect('getblockbyindex');
    for (const index of [3, 4]) remote.send(chain.block(index));
    remote.send(wrong(5));
    for (const index of [5, 6, 7]) remote.send(chain.block(index));
    expect(indexes(await request)).toEqual([3, 4]);
    expect(peer.state).toBe('ready');
  });

  it('gives nothing where the first is wrong', async () => {
    const { peer, remote } = await ready(20);
    const request = peer.requestBlocksByIndex(3, 5);
    await remote.expect('getblockbyindex');
    remote.send(chain.forged(3));
    await expect(request).resolves.toEqual([]);
  });

  it('wants the blocks of its next request to follow those of the one before', async () => {
    const { peer, remote } = await ready(2000);
    const request = peer.requestBlocksByIndex(1, 1000);
    await remote.expect('getblockbyindex');
    for (const index of numbers(1, 500)) remote.send(chain.block(index));
    await remote.expect('getblockbyindex');
    remote.send(strayed(501));
    await expect(request).resolves.toHaveLength(500);
  });

  it('shares a block that was asked for by its hash as well', async () => {
    const { peer, remote } = await ready(20);
    const both = Promise.all([peer.requestBlocks(chain.hashes(3, 3)), peer.requestBlocksByIndex(3, 1)]);
    await remote.expect('getblockbyindex');
    remote.send(chain.block(3));
    const [{ found }, blocks] = await both;
    expect([indexes(found), indexes(blocks)]).toEqual([[3], [3]]);
  });

  it.each([
    [20, 'stalled'],
    [2, undefined],
  ])('of block 3 that is never answered by a remote of height %p ends it: %p', async (height, reason) => {
    const { peer, closed } = await ready(height);
    const request = failure(peer.requestBlocksByIndex(3, 1));
    await lab.clock.advance(120_000);
    expect(await request).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT' });
    expect(closed()?.reason).toBe(reason);
  });
});

describe('a fetch of many blocks by height', () => {
  const LARGEST = kit.dialect.limits.frame;

  /** Asks a remote that blows every block up to the largest frame. @returns what came, and how many were taken */
  async function fetch(batchSize: number, count: number) {
    const clock = new VirtualClock();
    let taken = 0;
    const blocks = await new BlockRangeFetch({
      batchSize,
      height: () => 100,
      now: () => clock.monotonic(),
      request: (range: BlockRange) => {
        const message = kit.dialect.requestBlocksByIndex(range.start, range.count)!;
        return new BlocksByIndexRequest(message, range, () => 100, clock);
      },
      ask: (request) => {
        for (const index of numbers(1, 50)) {
          if (!request.isSettled && request.accept({ ...chain.block(index), size: LARGEST })) taken++;
        }
        return request.promise;
      },
    }).run(1, count, {});
    return { blocks, taken };
  }

  const most = Math.ceil(MAX_FETCH_BYTES / LARGEST);

  it.each([500, 3])('ends when it has collected 256 MiB, with what came: %p in a request', async (batchSize) => {
    const { blocks, taken } = await fetch(batchSize, 40);
    expect(indexes(blocks)).toEqual(numbers(1, most));
    expect(taken).toBe(most);
  });

  it('gives all where there is room', async () => {
    expect((await fetch(2, most - 1)).blocks).toHaveLength(most - 1);
  });
});

describe('a request for blocks by height', () => {
  it('ends when what came compressed takes as much memory as there is room', async () => {
    const clock = new VirtualClock();
    const range = { start: 1, count: 10, before: undefined, room: 250_000 };
    const message = kit.dialect.requestBlocksByIndex(range.start, range.count)!;
    const request = new BlocksByIndexRequest(message, range, () => 100, clock);
    const inflated = kit.blocks(10).map((block) => inflatedBlock(block, 100_000));
    expect(Math.max(...inflated.map(({ size }) => size))).toBeLessThan(5000);
    const accepted = inflated.filter((block) => !request.isSettled && request.accept(block));
    expect(accepted).toHaveLength(3);
    const { blocks, bytes } = await request.promise;
    expect(indexes(blocks)).toEqual([1, 2, 3]);
    expect(bytes).toBe(300_000);
  });
});
