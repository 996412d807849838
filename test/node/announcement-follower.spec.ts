import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AnnouncementFollower } from '../../src/node/announcement-follower.js';
import type { Chain } from '../../src/node/chain.js';
import { RecordedChain } from '../../src/node/recorded-chain.js';
import { PeerEventBus } from '../../src/peer/events/peer-event-bus.js';
import type { InventoryKind } from '../../src/wire/common/inventory.js';
import { dialectOf, type PayloadOf } from '../../src/wire/messages.js';
import { HashList } from '../../src/wire/primitives/hash-list.js';
import { UInt256 } from '../../src/wire/primitives/uint256.js';
import { ChainPeer, type ChainPeerFaults } from '../support/chain-peer.js';

let chain: Chain;
let follower: AnnouncementFollower;
let received: number[];

beforeEach(() => {
  follower = new AnnouncementFollower();
  received = [];
  follower.onBlock((block) => received.push(block.index));
});

function peer(faults?: ChainPeerFaults): ChainPeer {
  return new ChainPeer(chain, new PeerEventBus(), faults);
}

function announce(from: ChainPeer, indexes: readonly number[], kind: InventoryKind = 'block'): Promise<void> {
  const hashes = HashList.of(indexes.map((index) => chain.hashAt(index)));
  const { command, payload } = dialectOf(from.dialect).inventory(kind, hashes);
  if (command !== 'inv') throw new Error(`an announcement is an inv, not a ${command}`);
  return follower.announced(from.asPeer, payload);
}

/** Hashes of blocks that nobody has. */
function madeUp(count: number): UInt256[] {
  return Array.from({ length: count }, (_, i) => UInt256.from(i.toString(16).padStart(64, '0')));
}

describe.each(['legacy', 'n3'] as const)('AnnouncementFollower on %s', (dialect) => {
  beforeAll(async () => {
    chain = await RecordedChain.shipped(dialect);
  });

  it('fetches a block once, from the first who announces it', async () => {
    const [first, second] = [peer(), peer()];
    await Promise.all([announce(first, [1, 2]), announce(second, [2, 1])]);
    await announce(second, [2, 3]);
    expect(received.toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
    expect(first.requested).toEqual([2]);
    expect(second.requested).toEqual([1]);
  });

  it('asks the next who announces a block for one that did not come', async () => {
    await announce(peer({ has: () => false }), [1]);
    await expect(announce(peer({ blocksError: new Error('silent') }), [1])).rejects.toThrow('silent');
    await announce(peer(), [1]);
    expect(received).toEqual([1]);
  });

  it('leaves other kinds alone', async () => {
    const other = peer();
    await announce(other, [1], 'transaction');
    await announce(other, [2], dialect === 'n3' ? 'extensible' : 'consensus');
    expect(other.requested).toEqual([]);
  });

  it('fetches nothing where nobody wants blocks', async () => {
    follower = new AnnouncementFollower();
    const ignored = peer();
    await announce(ignored, [1]);
    expect(ignored.requested).toEqual([]);
  });

  it('asks for no more than 500 of one announcement', async () => {
    const flooding = peer();
    await follower.announced(flooding.asPeer, { kind: 'block', hashes: HashList.of(madeUp(600)) } as PayloadOf<'inv'>);
    expect(flooding.requested).toEqual([500]);
  });
});
