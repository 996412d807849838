import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ChainSync, type SyncProgress, type SyncResult } from '../../src/node/chain-sync.js';
import type { Chain } from '../../src/node/chain.js';
import { PeerRoster } from '../../src/node/peer-roster.js';
import { RecordedChain } from '../../src/node/recorded-chain.js';
import { PeerEventBus } from '../../src/peer/events/peer-event-bus.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import type { BlockHeader } from '../../src/wire/common/block-header.js';
import { ChainPeer, type ChainPeerFaults } from '../support/chain-peer.js';

let chain: Chain;
let events: PeerEventBus;
let roster: PeerRoster;
let clock: VirtualClock;
let progress: SyncProgress[];

/** The recorded chains, with the sizes of their files. */
const CHAINS = [
  {
    dialect: 'legacy',
    height: 6000,
    transactions: 6003,
    fileSize: 2_736_866,
    requests: Array.from({ length: 12 }, () => 500),
    aborts: [0, 1, 5],
  },
  { dialect: 'n3', height: 50, transactions: 99, fileSize: 45_598, requests: [50], aborts: [0, 1] },
] as const;

beforeEach(() => {
  events = new PeerEventBus();
  roster = new PeerRoster(events);
  clock = new VirtualClock();
  progress = [];
});

function peer(faults?: ChainPeerFaults): ChainPeer {
  return new ChainPeer(chain, events, faults);
}

function sync(signal = new AbortController().signal): Promise<SyncResult> {
  const { hash, index, timestamp } = chain.headerAt(0);
  const options = { roster, clock, anchor: { hash, index, timestamp }, patienceMs: 60_000 };
  return new ChainSync(options).run(signal, (step) => progress.push(step));
}

/** Waits for a failure while time passes. */
async function failure(run: Promise<unknown>): Promise<unknown> {
  let caught: unknown;
  run.catch((error: unknown) => (caught = error));
  await clock.until(() => caught !== undefined, 600_000);
  return caught;
}

describe.each(CHAINS)('ChainSync on $dialect', ({ dialect, height, transactions, fileSize, requests, aborts }) => {
  beforeAll(async () => {
    chain = await RecordedChain.shipped(dialect);
  });

  function everything(): object {
    const bytes = fileSize - 4 - 4 * height;
    return { height, hash: chain.hashAt(height).toString(), headers: height, blocks: height, bytes };
  }

  it('fetches all headers and blocks from one peer, and tells how far it is', async () => {
    const only = peer().ready();
    const result = await sync();
    expect(result).toMatchObject(everything());
    expect(result.transactions).toBe(transactions);
    expect(only.requested).toEqual(requests);
    expect(progress.at(-1)).toEqual({ phase: 'blocks', done: height, total: height });
    const headers = progress.filter(({ phase }) => phase === 'headers').map(({ done }) => done);
    expect(headers).toEqual(headers.toSorted((a, b) => a - b));
    expect(headers.at(-1)).toBe(height);
  });

  it('waits for the first peer', async () => {
    const running = sync();
    await clock.advance(30_000);
    peer().ready();
    expect(await running).toMatchObject(everything());
  });

  it('goes on with another peer where one fails in the middle of the headers', async () => {
    peer({ height: height + 1, failsAt: Math.floor(height / 2) }).ready();
    peer().ready();
    expect(await sync()).toMatchObject(everything());
  });

  it('does not wait for headers that a peer promised and does not have', async () => {
    peer({ height: 1_000_000 }).ready();
    expect(await sync()).toMatchObject(everything());
  });

  it('drops a peer whose headers do not link, and asks another from the last good one', async () => {
    const index = Math.floor(height / 3);
    const lie = (header: BlockHeader): BlockHeader => (header.index === index ? chain.headerAt(index + 1) : header);
    const liar = peer({ height: height + 1, lie }).ready();
    peer().ready();
    expect(await sync()).toMatchObject(everything());
    expect(liar.disconnects).toBe(1);
  });

  it('asks another peer for blocks that one does not have', async () => {
    peer({ has: (index) => index % 2 === 0 }).ready();
    peer({ has: (index) => index % 2 === 1 }).ready();
    expect(await sync()).toMatchObject(everything());
  });

  it('asks another peer when one rejects its requests', async () => {
    peer({ blocksError: new Error('silent') }).ready();
    peer().ready();
    expect(await sync()).toMatchObject(everything());
  });

  it('drops a peer that was asked for everything that is left, so that a new connection can be asked', async () => {
    let served = 0;
    const forgetful = peer({ has: () => served++ % 3 !== 0 });
    forgetful.ready();
    events.on('disconnected', () => peer().ready());
    expect(await sync()).toMatchObject(everything());
    expect(forgetful.disconnects).toBe(1);
  });

  it('gives up when no peer comes for too long', async () => {
    const error = await failure(sync());
    expect(error).toMatchObject({ code: 'NEO_PEER_SYNC', phase: 'headers', done: 0 });
  });

  it('gives up when peers come and go, and give no blocks', async () => {
    const without = { has: (index: number) => index < height - 10 };
    peer(without).ready();
    events.on('disconnected', () => queueMicrotask(() => peer(without).ready()));
    const error = await failure(sync());
    expect(error).toMatchObject({ code: 'NEO_PEER_SYNC', phase: 'blocks', done: height - 11 });
  });

  it('gives up after too many peers that fail, with the last failure as the cause', async () => {
    for (let i = 0; i < 30; i++) peer({ failsAt: 1 }).ready();
    const error = await failure(sync());
    expect(error).toMatchObject({
      code: 'NEO_PEER_SYNC',
      phase: 'headers',
      cause: expect.objectContaining({ message: 'failed' }),
    });
  });

  it.each(aborts)('ends when it is aborted after %i reports', async (reports) => {
    const abort = new AbortController();
    peer().ready();
    const { hash, index, timestamp } = chain.headerAt(0);
    let seen = 0;
    if (reports === 0) abort.abort();
    const options = { roster, clock, anchor: { hash, index, timestamp } };
    const running = new ChainSync(options).run(abort.signal, () => ++seen === reports && abort.abort());
    await expect(running).rejects.toMatchObject({ code: 'NEO_PEER_ABORTED' });
  });

  it('ends when it is aborted while it waits for peers', async () => {
    const abort = new AbortController();
    const running = sync(abort.signal);
    abort.abort();
    await expect(running).rejects.toMatchObject({ code: 'NEO_PEER_ABORTED' });
  });
});

describe('ChainSync on a chain of many requests', () => {
  beforeAll(async () => {
    chain = await RecordedChain.shipped('legacy');
  });

  it('asks all peers for blocks at once', async () => {
    const peers = [peer().ready(), peer().ready(), peer().ready()];
    await sync();
    expect(peers.map(({ requested }) => requested.length)).toEqual([4, 4, 4]);
  });
});
