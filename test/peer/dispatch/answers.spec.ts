import { describe, expect, it } from '@jest/globals';
import { Injectable, UseInterceptors, type CallHandler } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { map } from 'rxjs';
import {
  GetAddrHandler,
  GetBlockByIndexHandler,
  GetBlocksHandler,
  GetDataHandler,
  GetHeadersHandler,
  GetMptDataHandler,
  GetRootsHandler,
  MempoolHandler,
} from '../../../src/peer/behaviours/request-handlers.js';
import { provideBehaviour } from '../../../src/peer/behaviours/behaviour.js';
import type { CommandHandler } from '../../../src/peer/behaviours/command-handler.js';
import type { InventoryObject } from '../../../src/peer/behaviours/inventory-object.js';
import type { InventoryKind } from '../../../src/wire/common/inventory.js';
import * as legacy from '../../../src/wire/legacy/index.js';
import type { Command, Message, Outgoing, PayloadOf } from '../../../src/wire/messages.js';
import * as n3 from '../../../src/wire/n3/index.js';
import { HashList } from '../../../src/wire/primitives/hash-list.js';
import { UInt160 } from '../../../src/wire/primitives/uint160.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { KITS, LEGACY_KIT, N3_KIT, type DialectKit } from '../../support/dialect-kit.js';
import { asReceived, DispatchApplication, received } from './dispatch-application.js';
import { StandInPeer } from './stand-in-peer.js';

const HANDLERS = {
  getheaders: GetHeadersHandler,
  getblocks: GetBlocksHandler,
  getdata: GetDataHandler,
  mempool: MempoolHandler,
  getaddr: GetAddrHandler,
  getroots: GetRootsHandler,
  getblockbyindex: GetBlockByIndexHandler,
  getmptdata: GetMptDataHandler,
} as const;

type Request = keyof typeof HANDLERS;

const hash = (i: number): UInt256 => UInt256.from(i.toString(16).padStart(64, '0'));

/** What asks for as much as there is. */
function requestOf(kit: DialectKit, command: Request): PayloadOf<Request> {
  const { dialect } = kit;
  const requests: Record<Request, Outgoing | undefined> = {
    getheaders: dialect.requestHeaders(kit.from(1), {}),
    getblocks: dialect.requestBlockHashes(kit.genesis, {}),
    getdata: dialect.requestObjects('block', HashList.of([hash(1)])),
    mempool: kit.message('mempool'),
    getaddr: dialect.requestAddresses(),
    getroots: kit.name === 'legacy' ? kit.message('getroots', Buffer.from('00000000d0070000', 'hex')) : undefined,
    getblockbyindex: dialect.requestBlocksByIndex(1, 500),
    getmptdata: kit.name === 'n3' ? kit.message('getmptdata', Uint8Array.of(1, ...hash(1).bytes)) : undefined,
  };
  return requests[command]!.payload as PayloadOf<Request>;
}

interface Given {
  readonly peer?: StandInPeer;
  readonly payload?: PayloadOf<Request>;
}

/** What the remote reads when a handler answers so. */
async function answered(
  kit: DialectKit,
  command: Request,
  answer: unknown,
  { peer = new StandInPeer(1, kit.name), payload = requestOf(kit, command) }: Given = {},
): Promise<{ messages: Message[]; application: DispatchApplication; peer: StandInPeer }> {
  const token = HANDLERS[command] as unknown as abstract new () => CommandHandler<Command, unknown>;
  const handler = { handle: () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)) };
  const application = await DispatchApplication.create({
    behaviours: [provideBehaviour(token, { useValue: handler as never })],
  });
  await application.dispatcher.dispatch(peer.asPeer, received(command as Command, payload as never));
  return { messages: peer.sent.map(asReceived), application, peer };
}

function* endless<T>(item: (i: number) => T, until = Infinity): Generator<T> {
  for (let i = 1; i <= until; i++) yield item(i);
}

function* breakingOff(object: InventoryObject): Generator<InventoryObject> {
  yield object;
  throw new RangeError('the disk is gone');
}

async function* asynchronous<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

/** Lets everything happen that needs no outside. */
async function turns(): Promise<void> {
  for (let i = 0; i < 50; i++) await nextTurn();
}

function commandsOf(messages: readonly Message[]): readonly Command[] {
  return messages.map(({ command }) => command);
}

describe.each(KITS)('the answer to a request on $name', (kit) => {
  const names = (Object.keys(HANDLERS) as Request[]).filter((command) => kit.dialect.commands.includes(command));
  const [block] = kit.blocks(1) as [PayloadOf<'block'>];
  const { header } = block;

  it.each(names)('is silence for %s when the handler gives undefined', async (command) => {
    const { messages, application } = await answered(kit, command, undefined);
    expect(messages).toEqual([]);
    expect(application.logger.errors).toEqual([]);
  });

  it.each(names.filter((command) => command !== 'getdata'))(
    'is silence for %s when the handler gives nothing at all',
    async (command) => {
      expect((await answered(kit, command, [])).messages).toEqual([]);
    },
  );

  it('to getheaders is the first 2000 headers in one message', async () => {
    const { messages } = await answered(
      kit,
      'getheaders',
      endless(() => header),
    );
    expect(commandsOf(messages)).toEqual(['headers']);
    expect((messages[0] as Message<'headers'>).payload.headers).toHaveLength(2000);
    expect((messages[0] as Message<'headers'>).payload.headers[0]!.hash).toEqual(header.hash);
  });

  it('to getblocks is an inventory of the first 500 hashes, each once', async () => {
    const { messages } = await answered(
      kit,
      'getblocks',
      endless((i) => hash(Math.ceil(i / 2))),
    );
    const [{ payload }] = messages as [Message<'inv'>];
    expect(messages).toHaveLength(1);
    expect(payload.kind).toBe('block');
    expect(payload.hashes.toJSON()).toEqual(Array.from({ length: 500 }, (_, i) => String(hash(i + 1))));
  });

  it.each([
    [1, [1]],
    [500, [500]],
    [501, [500, 1]],
    [1500, [500, 500, 500]],
  ])('to mempool is %p hashes in messages of %p', async (count, sizes) => {
    const { messages } = await answered(kit, 'mempool', [...endless(hash, count), hash(1)]);
    expect(messages.map((message) => (message as Message<'inv'>).payload.hashes.length)).toEqual(sizes);
    expect(messages.map((message) => (message as Message<'inv'>).payload.kind)).toEqual(sizes.map(() => 'transaction'));
  });

  it('to getaddr is the first 200 addresses', async () => {
    const { messages } = await answered(
      kit,
      'getaddr',
      endless((i) => ({ host: '192.0.2.7', port: i, timestamp: 5, services: 1n })),
    );
    expect(messages).toHaveLength(1);
    const [{ payload }] = messages as [Message<'addr'>];
    expect(payload.addresses).toHaveLength(200);
    expect(payload.addresses[199]).toMatchObject({ host: '192.0.2.7', port: 200, timestamp: 5, services: 1n });
  });

  it('to getdata is a frame for each object, in order, from a list or a generator', async () => {
    const objects: InventoryObject[] = [block, ...kit.blocks(3).slice(1), transactionOf(kit)];
    const payload = asking(
      kit,
      'block',
      [block, ...kit.blocks(3)].map((object) => object.hash),
    );
    for (const answer of [objects, asynchronous(objects)]) {
      const { messages } = await answered(kit, 'getdata', answer, { payload });
      expect(commandsOf(messages)).toEqual(['block', 'block', 'block', 'transaction']);
      expect(messages.map((message) => message.payload.raw)).toEqual(objects.map(({ raw }) => raw));
    }
  });

  it('to getdata takes the next object only when the remote has taken the one before', async () => {
    let made = 0;
    const peer = new StandInPeer(1, kit.name);
    const releases: (() => void)[] = [];
    Object.assign(peer, { taken: () => new Promise<void>((resolve) => releases.push(resolve)) });
    const done = answered(
      kit,
      'getdata',
      endless(() => (made++, block), 3),
      { peer, payload: asking(kit, 'block', [block.hash]) },
    );
    await turns();
    expect([made, peer.sent.length]).toEqual([1, 1]);
    releases.shift()!();
    await turns();
    expect([made, peer.sent.length]).toEqual([2, 2]);
    releases.shift()!();
    await turns();
    releases.shift()!();
    expect((await done).messages).toHaveLength(3);
  });

  it('stops without a word when the remote goes in the middle, and the generator is ended', async () => {
    const peer = new StandInPeer(1, kit.name);
    let ended = false;
    function* objects(): Generator<InventoryObject> {
      try {
        yield block;
        peer.state = 'closed';
        yield block;
        yield block;
      } finally {
        ended = true;
      }
    }
    const { messages, application } = await answered(kit, 'getdata', objects(), { peer });
    expect(messages).toHaveLength(1);
    expect(ended).toBe(true);
    expect(application.logger.errors).toEqual([]);
    expect(application.statistics.of(peer.asPeer)).toMatchObject([{ calls: 1, errors: 0 }]);
  });

  it('that breaks off with an error is an error of the handler, and nothing is said of the rest', async () => {
    const { messages, application, peer } = await answered(kit, 'getdata', breakingOff(block));
    expect(commandsOf(messages)).toEqual(['block']);
    expect(application.statistics.of(peer.asPeer)).toMatchObject([{ calls: 1, errors: 1 }]);
    expect(application.logger.errors).toEqual([
      'GetDataHandler.handle failed at getdata from 192.0.2.1:50000: the disk is gone',
    ]);
  });

  it.each(['text', { data: [] }, 7])('that is no list, as %p, is an error and nothing is sent', async (answer) => {
    const { messages, application } = await answered(kit, 'getblocks', answer);
    expect(messages).toEqual([]);
    expect(application.logger.errors[0]).toMatch(/GetBlocksHandler\.handle: its answer to getblocks is no list/);
  });

  it('that is an async list is refused where it has to be complete', async () => {
    const { messages, application } = await answered(kit, 'getblocks', asynchronous([hash(1)]));
    expect(messages).toEqual([]);
    expect(application.logger.errors[0]).toMatch(/no list that can be sent/);
  });

  it('is what interceptors make of it', async () => {
    @Injectable()
    class Limited extends MempoolHandler {
      @UseInterceptors({
        intercept: (_: unknown, next: CallHandler<UInt256[]>) => next.handle().pipe(map((list) => list.slice(0, 2))),
      })
      handle(): UInt256[] {
        return [...endless(hash, 10)];
      }
    }
    const application = await DispatchApplication.create({ behaviours: [Limited] });
    const peer = new StandInPeer(1, kit.name);
    await application.dispatcher.dispatch(peer.asPeer, received('mempool', kit.message('mempool').payload));
    expect((peer.sent.map(asReceived) as Message<'inv'>[])[0]!.payload.hashes).toHaveLength(2);
  });
});

describe('the answer to a request on legacy alone', () => {
  const kit = LEGACY_KIT;
  const witness = { invocation: new Uint8Array(0), verification: Uint8Array.of(0x51) };
  const root = (index: number): legacy.StateRoot =>
    legacy.StateRoot.from({ index, prevHash: hash(1), root: hash(2), witness });

  it.each([
    [3, 3],
    [0, 0],
    [200, 200],
    [5000, 2000],
  ])('to getroots of %p is at most so many, and 2000', async (count, given) => {
    const payload = legacy.GetRootsPayload.from({ startIndex: 0, count });
    const { messages } = await answered(kit, 'getroots', endless(root), { payload });
    expect(messages.flatMap((message) => (message as Message<'roots'>).payload.roots)).toHaveLength(given);
  });

  it('to getroots counts roots of another class by their bytes', async () => {
    const { raw } = root(7);
    const { messages } = await answered(kit, 'getroots', [{ dialect: 'legacy', raw }]);
    expect((messages[0] as Message<'roots'>).payload.roots.map(({ index }) => index)).toEqual([7]);
  });

  it('to getdata is whatever Legacy has of objects', async () => {
    const consensus = legacy.ConsensusPayload.from({
      prevHash: hash(1),
      blockIndex: 1,
      validatorIndex: 0,
      data: Uint8Array.of(1),
      witness,
    });
    const { header } = kit.blocks(1)[0] as legacy.LegacyBlock;
    const fields = { header, transactionCount: 1, hashes: [hash(1)], flags: Uint8Array.of(1) };
    const objects: InventoryObject[] = [consensus, root(1), legacy.MerkleBlockPayload.from(fields)];
    const { messages } = await answered(kit, 'getdata', objects);
    expect(commandsOf(messages)).toEqual(['consensus', 'stateroot', 'merkleblock']);
    expect(messages.map(({ payload }) => payload.raw)).toEqual(objects.map(({ raw }) => raw));
  });

  it('to getdata says nothing of what is missing', async () => {
    expect((await answered(kit, 'getdata', [])).messages).toEqual([]);
  });
});

describe('the answer to a request on n3 alone', () => {
  const kit = N3_KIT;
  const blocks = kit.blocks(10);

  it.each([
    [1, 1],
    [1999, 1999],
  ])('to getheaders for %p is at most so many', async (count, given) => {
    const { payload } = kit.dialect.requestHeaders({ index: 1 }, { count })! as Outgoing<'getheaders'>;
    const { messages } = await answered(
      kit,
      'getheaders',
      endless(() => blocks[0]!.header),
      { payload },
    );
    expect((messages[0] as Message<'headers'>).payload.headers).toHaveLength(given);
  });

  it('to getblocks for 3 is at most so many', async () => {
    const payload = n3.HashRangePayload.from({ hashStart: kit.genesis, count: 3 });
    const { messages } = await answered(kit, 'getblocks', endless(hash), { payload });
    expect((messages[0] as Message<'inv'>).payload.hashes.toJSON()).toEqual([1, 2, 3].map((i) => String(hash(i))));
  });

  it.each([
    [3, 3],
    [-1, 500],
    [2000, 500],
  ])(
    'to getblockbyindex for %p is a message for each of the first %p blocks, and no more are made',
    async (count, given) => {
      for (const isAsync of [false, true]) {
        let made = 0;
        const answer = endless((i) => (made++, blocks[i % 10]!));
        const payload = n3.IndexRangePayload.from({ indexStart: 1, count });
        const { messages } = await answered(kit, 'getblockbyindex', isAsync ? asynchronous(answer) : answer, {
          payload,
        });
        expect(commandsOf(messages)).toEqual(Array<string>(given).fill('block'));
        expect(made).toBe(given);
      }
    },
  );

  it('to getblockbyindex may be what a filter leaves of a block', async () => {
    const merkleBlock = n3.MerkleBlockPayload.ofMatches(blocks[0] as n3.N3Block, () => true);
    const { messages } = await answered(kit, 'getblockbyindex', [merkleBlock, blocks[1]!]);
    expect(commandsOf(messages)).toEqual(['merkleblock', 'block']);
  });

  it('to getmptdata is one message with as many nodes as it holds', async () => {
    const node = Buffer.alloc(1_000_000, 7);
    const { messages } = await answered(
      kit,
      'getmptdata',
      endless(() => node),
    );
    expect(commandsOf(messages)).toEqual(['mptdata']);
    const { nodes } = (messages[0] as Message<'mptdata', 'n3'>).payload;
    expect(nodes.count).toBe(33); // 32 MiB
    expect([...nodes][32]).toEqual(new Uint8Array(node));
  });

  it.each<[InventoryKind, () => readonly (InventoryObject & { readonly hash: UInt256 })[]]>([
    ['block', () => blocks.slice(0, 2)],
    ['transaction', () => [transactionOf(kit)]],
  ])('to getdata for a %s says with notfound what was asked for and not given, each once', async (kind, objects) => {
    const given = objects();
    const payload = asking(kit, kind, [hash(1), ...given.map((object) => object.hash), hash(2), hash(1)]);
    for (const answer of [given, asynchronous(given)]) {
      const { messages } = await answered(kit, 'getdata', answer, { payload });
      expect(commandsOf(messages)).toEqual([...given.map(() => kind), 'notfound']);
      const last = messages.at(-1) as Message<'notfound', 'n3'>;
      expect(last.payload.kind).toBe(kind);
      expect([...last.payload.hashes]).toEqual([hash(1), hash(2)]);
    }
  });

  it('to getdata says nothing of the kind when all was given', async () => {
    const payload = asking(kit, 'block', [blocks[0]!.hash, blocks[1]!.hash]);
    const { messages } = await answered(kit, 'getdata', [blocks[1], blocks[0]], { payload });
    expect(commandsOf(messages)).toEqual(['block', 'block']);
  });

  it('to getdata takes what a filter leaves of a block for the block', async () => {
    const [block, other] = blocks as readonly [n3.N3Block, n3.N3Block];
    const payload = asking(kit, 'block', [block.hash, other.hash]);
    const merkleBlock = n3.MerkleBlockPayload.ofMatches(block, () => false);
    const { messages } = await answered(kit, 'getdata', [merkleBlock], { payload });
    expect(commandsOf(messages)).toEqual(['merkleblock', 'notfound']);
    expect([...(messages[1] as Message<'notfound', 'n3'>).payload.hashes]).toEqual([other.hash]);
  });

  it.each<[InventoryKind]>([['extensible'], ['notaryrequest']])(
    'to getdata for an %s says nothing of what is missing, as real nodes',
    async (kind) => {
      const { messages } = await answered(kit, 'getdata', [], { payload: asking(kit, kind, [hash(1)]) });
      expect(messages).toEqual([]);
    },
  );

  it('to getdata may be extensible payloads and notary requests', async () => {
    const transaction = transactionOf(kit) as n3.N3Transaction;
    const witness = { invocation: new Uint8Array(0), verification: Uint8Array.of(0x51) };
    const data = Uint8Array.of(1);
    const range = { validBlockStart: 1, validBlockEnd: 2 };
    const extensible = n3.ExtensiblePayload.from({ category: 'x', ...range, sender: UInt160.ZERO, data, witness });
    const request = n3.NotaryRequestPayload.from({ main: transaction, fallback: transaction, witness });
    const objects: InventoryObject[] = [extensible, request];
    const { messages } = await answered(kit, 'getdata', objects);
    expect(commandsOf(messages)).toEqual(['extensible', 'p2pnotaryrequest', 'notfound']);
    expect(messages.slice(0, 2).map(({ payload }) => payload.raw)).toEqual(objects.map(({ raw }) => raw));
  });
});

/** The first transaction of the kit's chain. */
function transactionOf(kit: DialectKit): PayloadOf<'transaction'> {
  for (const { transactions } of kit.blocks(50)) for (const transaction of transactions) return transaction;
  throw new Error('the chain has none');
}

function asking(kit: DialectKit, kind: InventoryKind, hashes: readonly UInt256[]): PayloadOf<'getdata'> {
  return kit.dialect.requestObjects(kind, HashList.of(hashes))!.payload as PayloadOf<'getdata'>;
}
