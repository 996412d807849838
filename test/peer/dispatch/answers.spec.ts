import { describe, expect, it } from '@jest/globals';
import { Injectable, UseInterceptors, type CallHandler } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { map } from 'rxjs';
import {
  GetAddrHandler,
  GetBlocksHandler,
  GetDataHandler,
  GetHeadersHandler,
  GetRootsHandler,
  MempoolHandler,
} from '../../../src/peer/behaviours/request-handlers.js';
import { provideBehaviour } from '../../../src/peer/behaviours/behaviour.js';
import type { CommandHandler } from '../../../src/peer/behaviours/command-handler.js';
import type { InventoryObject } from '../../../src/peer/behaviours/inventory-object.js';
import {
  ConsensusPayload,
  EmptyPayload,
  genesisBlock,
  GetRootsPayload,
  HashRangePayload,
  InventoryPayload,
  MerkleBlockPayload,
  STANDBY_VALIDATORS,
  StateRoot,
} from '../../../src/wire/legacy/index.js';
import type { Command, Message, PayloadOf } from '../../../src/wire/messages.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { asReceived, DispatchApplication, received } from './dispatch-application.js';
import { StandInPeer } from './stand-in-peer.js';

const block = genesisBlock(STANDBY_VALIDATORS.privnet);
const { header } = block;
const hash = (i: number): UInt256 => UInt256.from(i.toString(16).padStart(64, '0'));
const range = HashRangePayload.from({ starts: [header.hash] });
const witness = { invocation: new Uint8Array(0), verification: Uint8Array.of(0x51) };
const root = (index: number): StateRoot => StateRoot.from({ index, prevHash: hash(1), root: hash(2), witness });
const consensus = ConsensusPayload.from({
  prevHash: hash(1),
  blockIndex: 1,
  validatorIndex: 0,
  data: Uint8Array.of(1),
  witness,
});
const merkleBlock = MerkleBlockPayload.from({
  header,
  transactionCount: 1,
  hashes: [hash(1)],
  flags: Uint8Array.of(1),
});

const requests = {
  getheaders: [GetHeadersHandler, range],
  getblocks: [GetBlocksHandler, range],
  getdata: [GetDataHandler, InventoryPayload.from({ kind: 'block', hashes: [hash(1)] })],
  mempool: [MempoolHandler, EmptyPayload.from()],
  getaddr: [GetAddrHandler, EmptyPayload.from()],
  getroots: [GetRootsHandler, GetRootsPayload.from({ startIndex: 0, count: 2000 })],
} as const;

/** What the remote reads when a handler answers so. */
async function answered<C extends keyof typeof requests>(
  command: C,
  answer: unknown,
  peer = new StandInPeer(),
  payload = requests[command][1] as PayloadOf<C>,
): Promise<{ messages: Message[]; application: DispatchApplication; peer: StandInPeer }> {
  const token = requests[command][0] as unknown as abstract new () => CommandHandler<Command, unknown>;
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

function* breakingOff(): Generator<InventoryObject> {
  yield block;
  throw new RangeError('the disk is gone');
}

async function* asynchronous(): AsyncGenerator<UInt256> {
  yield await Promise.resolve(hash(1));
}

/** Lets everything happen that needs no outside. */
async function turns(): Promise<void> {
  for (let i = 0; i < 50; i++) await nextTurn();
}

const names = Object.keys(requests) as (keyof typeof requests)[];

describe('the answer to a request', () => {
  it.each(names)('is silence for %s when the handler gives undefined', async (command) => {
    const { messages, application } = await answered(command, undefined);
    expect(messages).toEqual([]);
    expect(application.logger.errors).toEqual([]);
  });

  it.each(names)('is silence for %s when the handler gives nothing at all', async (command) => {
    expect((await answered(command, [])).messages).toEqual([]);
  });

  it('to getheaders is the first 2000 headers in one message', async () => {
    const { messages } = await answered(
      'getheaders',
      endless(() => header),
    );
    expect(messages.map(({ command }) => command)).toEqual(['headers']);
    expect((messages[0] as Message<'headers'>).payload.headers).toHaveLength(2000);
    expect((messages[0] as Message<'headers'>).payload.headers[0]!.hash).toEqual(header.hash);
  });

  it('to getblocks is an inventory of the first 500 hashes, each once', async () => {
    const { messages } = await answered(
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
    const { messages } = await answered('mempool', [...endless(hash, count), hash(1)]);
    expect(messages.map((message) => (message as Message<'inv'>).payload.hashes.length)).toEqual(sizes);
    expect(messages.map((message) => (message as Message<'inv'>).payload.kind)).toEqual(sizes.map(() => 'transaction'));
  });

  it('to getaddr is the first 200 addresses', async () => {
    const { messages } = await answered(
      'getaddr',
      endless((i) => ({ host: '192.0.2.7', port: i, timestamp: 5, services: 1n })),
    );
    const [{ payload }] = messages as [Message<'addr'>];
    expect(payload.addresses).toHaveLength(200);
    expect(payload.addresses[199]).toEqual({ host: '192.0.2.7', port: 200, timestamp: 5, services: 1n });
  });

  it.each([
    [3, 3],
    [0, 0],
    [200, 200],
    [5000, 2000],
  ])('to getroots of %p is at most so many, and 2000', async (count, given) => {
    const { messages } = await answered(
      'getroots',
      endless(root),
      new StandInPeer(),
      GetRootsPayload.from({ startIndex: 0, count }),
    );
    expect(messages.flatMap((message) => (message as Message<'roots'>).payload.roots)).toHaveLength(given);
  });

  it('to getroots counts roots of another class by their bytes', async () => {
    const { raw } = root(7);
    const { messages } = await answered('getroots', [{ dialect: 'legacy', raw }]);
    expect((messages[0] as Message<'roots'>).payload.roots.map(({ index }) => index)).toEqual([7]);
  });

  it('to getdata is a frame for each object, in order, from a list or a generator', async () => {
    const objects: InventoryObject[] = [block, block.transactions[0]!, consensus, root(1), merkleBlock];
    async function* generator(): AsyncGenerator<InventoryObject> {
      for (const object of objects) yield await Promise.resolve(object);
    }
    for (const answer of [objects, generator()]) {
      const { messages } = await answered('getdata', answer);
      expect(messages.map(({ command }) => command)).toEqual([
        'block',
        'transaction',
        'consensus',
        'stateroot',
        'merkleblock',
      ]);
      expect(messages.map(({ payload }) => payload.raw)).toEqual(objects.map(({ raw }) => raw));
    }
  });

  it('to getdata takes the next object only when the remote has taken the one before', async () => {
    let made = 0;
    const peer = new StandInPeer();
    const releases: (() => void)[] = [];
    Object.assign(peer, { taken: () => new Promise<void>((resolve) => releases.push(resolve)) });
    const done = answered(
      'getdata',
      endless(() => (made++, block), 3),
      peer,
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
    const peer = new StandInPeer();
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
    const { messages, application } = await answered('getdata', objects(), peer);
    expect(messages).toHaveLength(1);
    expect(ended).toBe(true);
    expect(application.logger.errors).toEqual([]);
    expect(application.statistics.of(peer.asPeer)).toMatchObject([{ calls: 1, errors: 0 }]);
  });

  it('that breaks off with an error is an error of the handler', async () => {
    const { messages, application, peer } = await answered('getdata', breakingOff());
    expect(messages).toHaveLength(1);
    expect(application.statistics.of(peer.asPeer)).toMatchObject([{ calls: 1, errors: 1 }]);
    expect(application.logger.errors).toEqual([
      'GetDataHandler.handle failed at getdata from 192.0.2.1:50000: the disk is gone',
    ]);
  });

  it.each(['text', { data: [] }, 7])('that is no list, as %p, is an error and nothing is sent', async (answer) => {
    const { messages, application } = await answered('getblocks', answer);
    expect(messages).toEqual([]);
    expect(application.logger.errors[0]).toMatch(/GetBlocksHandler\.handle: its answer to getblocks is no list/);
  });

  it('that is an async list is refused where it has to be complete', async () => {
    const { messages, application } = await answered('getblocks', asynchronous());
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
    const peer = new StandInPeer();
    await application.dispatcher.dispatch(peer.asPeer, received('mempool', EmptyPayload.from()));
    expect((peer.sent.map(asReceived) as Message<'inv'>[])[0]!.payload.hashes).toHaveLength(2);
  });
});
