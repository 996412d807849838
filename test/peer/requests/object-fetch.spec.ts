import { describe, expect, it } from '@jest/globals';
import { AnnouncedHashes } from '../../../src/peer/requests/announced-hashes.js';
import { MAX_FETCH_BYTES, ObjectFetch } from '../../../src/peer/requests/object-fetch.js';
import { ObjectsRequest } from '../../../src/peer/requests/objects-request.js';
import { RequestedHashes } from '../../../src/peer/requests/requested-hashes.js';
import type { Block } from '../../../src/wire/common/block.js';
import { dialectOf, type Message } from '../../../src/wire/messages.js';
import { DecodeError } from '../../../src/wire/primitives/decode.error.js';
import { HashList } from '../../../src/wire/primitives/hash-list.js';
import { MAX_FRAME_SIZE } from '../../../src/wire/legacy/limits.js';
import { N3_KIT } from '../../support/dialect-kit.js';
import { inflatedBlock } from '../../support/inflated-block.js';
import { chainBlocks } from '../../support/local-chain.js';

const blocks = chainBlocks(40);
const hashes = blocks.map(({ hash }) => hash);

/** How many of the largest frames fit. */
const FRAMES = Math.ceil(MAX_FETCH_BYTES / MAX_FRAME_SIZE);

/** Asks a remote that blows every block up to the largest frame, all of them or the sound ones. */
function fetch(requested: RequestedHashes, batchSize: number, isServed = (_block: Block): boolean => true) {
  let accepted = 0;
  const objects = new ObjectFetch<Block>({
    requested,
    batchSize,
    now: () => 0,
    request: (keys, room) => {
      const message = dialectOf('legacy').requestObjects('block', HashList.ofKeys(keys))!;
      return new ObjectsRequest<Block>(message, keys, blockIn, new AnnouncedHashes(), room);
    },
    ask: (request) => {
      request.handedOver();
      for (const block of blocks) {
        const payload = isServed(block) ? block : Object.create(block, { verify: { value: refuse } });
        const message = { dialect: 'legacy', command: 'block', payload, size: MAX_FRAME_SIZE } as Message<'block'>;
        if (!request.isSettled && request.accept(message)) accepted++;
      }
      return request.promise;
    },
  });
  return { answer: objects.run(hashes, {}), accepted: () => accepted };
}

function blockIn({ command, payload }: Message): Block | undefined {
  return command === 'block' ? payload : undefined;
}

function refuse(): never {
  throw new DecodeError({
    command: 'block',
    field: 'merkleRoot',
    offset: 36,
    problem: 'value',
    detail: 'not its transactions',
  });
}

describe('a fetch of many objects', () => {
  it('ends when it has collected 256 MiB, with what came', async () => {
    const { answer, accepted } = fetch(new RequestedHashes(100), 500);
    const { found, missing } = await answer;
    expect(found.map(({ index }) => index)).toEqual(Array.from({ length: FRAMES }, (_, i) => i + 1));
    expect(missing).toEqual(hashes.slice(FRAMES));
    expect(accepted()).toBe(FRAMES);
  });

  it('counts all its requests together, and what it never asked for may be asked again', async () => {
    const requested = new RequestedHashes(100);
    const { found } = await fetch(requested, 3).answer;
    expect(found).toHaveLength(FRAMES);
    const asked = Math.ceil(FRAMES / 3) * 3;
    expect(requested.size).toBe(asked);
    expect(() => requested.claim([hashes[asked]!.key])).not.toThrow();
  });

  it('counts what it throws away as well', async () => {
    const { answer, accepted } = fetch(new RequestedHashes(100), 500, () => false);
    const { found, missing } = await answer;
    expect(found).toEqual([]);
    expect(missing).toHaveLength(40);
    expect(accepted()).toBe(FRAMES);
  });
});

describe('a request for objects', () => {
  it('ends when what came compressed takes as much memory as there is room', async () => {
    const list = N3_KIT.blocks(10);
    const keys = list.map(({ hash }) => hash.key);
    const message = N3_KIT.dialect.requestObjects('block', HashList.ofKeys(keys))!;
    const request = new ObjectsRequest<Block>(message, keys, blockIn, new AnnouncedHashes(), 250_000);
    const inflated = list.map((block) => inflatedBlock(block, 100_000));
    expect(Math.max(...inflated.map(({ size }) => size))).toBeLessThan(5000);
    const accepted = inflated.filter((block) => !request.isSettled && request.accept(block));
    const { found, bytes, isCut } = await request.promise;
    expect(accepted).toHaveLength(3);
    expect([...found.keys()]).toEqual(keys.slice(0, 3));
    expect([bytes, isCut]).toEqual([300_000, true]);
  });
});
