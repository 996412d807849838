import { beforeEach, describe, expect, it } from '@jest/globals';
import { EventFeed } from '../../src/cli/run/event-feed.js';
import type { RunEvent } from '../../src/cli/run/run-event.js';
import { AnnouncementFollower } from '../../src/node/announcement-follower.js';
import { RecordedChain } from '../../src/node/recorded-chain.js';
import { PeerEventBus } from '../../src/peer/events/peer-event-bus.js';
import { storeErrorOf } from '../../src/persistence/driver-errors.js';
import { dialectOf, type PayloadOf } from '../../src/wire/messages.js';
import { HashList } from '../../src/wire/primitives/hash-list.js';
import { ChainPeer } from '../support/chain-peer.js';
import { fakePeer } from '../support/fake-peer.js';
import { ban } from '../support/records.js';

const ADDRESS = '10.0.0.9:40000';
const BAN = {
  subject: '10.0.0.66',
  reason: 'malformed',
  author: 'automatic',
  since: '2023-11-14T22:13:20.000Z',
  until: '2023-11-15T22:13:20.000Z',
  evidence: 'headers: 2001 of at most 2000',
  dryRun: true,
};

let events: PeerEventBus;
let feed: EventFeed;
let reported: RunEvent[];

beforeEach(() => {
  events = new PeerEventBus();
  reported = [];
  feed = new EventFeed({ report: (event) => void reported.push(event) });
  feed.listen(events);
});

describe('EventFeed', () => {
  it('reports what happens to peers, to the store and to the pool, and no messages', () => {
    feed.release();
    const peer = fakePeer();
    events.emit('connected', peer);
    events.emit('ready', peer);
    events.emit('stalled', peer, 'getheaders');
    events.emit('disconnected', peer, { reason: 'idle', by: 'us', atMs: 1 });
    events.emit('storeFailed', storeErrorOf('a.sqlite', 'full', 'no room'));
    events.emit('storeRecovered');
    events.emit('starved');
    events.emit('healed');
    events.emit('banned', ban());
    events.emit('unbanned', ban({ author: 'operator', dryRun: false }));
    events.emit('banBrake', { share: 0.5 });
    events.emit('evicted', peer);
    events.emit('refusedInbound', { host: '10.0.0.1', reason: 'full' });
    expect(reported).toEqual([
      { event: 'connected', address: ADDRESS, direction: 'outbound' },
      { event: 'ready', address: ADDRESS, direction: 'outbound', userAgent: '/NEO:2.12.0/', height: 100 },
      { event: 'disconnected', address: ADDRESS, reason: 'idle', by: 'us' },
      { event: 'storeFailed', message: expect.stringContaining('a.sqlite') },
      { event: 'storeRecovered' },
      { event: 'starved' },
      { event: 'healed' },
      { event: 'banned', ...BAN },
      expect.objectContaining({ event: 'unbanned', subject: '10.0.0.66', author: 'operator' }),
      { event: 'banBrake', share: 0.5 },
      { event: 'evicted', address: ADDRESS },
      { event: 'refusedInbound', host: '10.0.0.1', reason: 'full' },
    ]);
    expect(reported[8]).not.toHaveProperty('dryRun');
    expect(feed.handshakes).toBe(1);
  });

  it('holds what happens until it is released, and keeps its order', () => {
    events.emit('starved');
    events.emit('healed');
    expect(reported).toEqual([]);
    feed.release();
    events.emit('storeRecovered');
    expect(reported.map(({ event }) => event)).toEqual(['starved', 'healed', 'storeRecovered']);
    feed.release();
    expect(reported).toHaveLength(3);
  });

  it('reports the blocks that are announced', async () => {
    feed.release();
    const chain = await RecordedChain.shipped('n3');
    const follower = new AnnouncementFollower();
    feed.follow(follower);
    const remoteAddress = { host: '10.0.0.9', port: 40000 };
    const peer = Object.assign(new ChainPeer(chain, events), { remoteAddress }).asPeer;
    const { payload } = dialectOf('n3').inventory('block', HashList.of([chain.hashAt(7)]));
    await follower.announced(peer, payload as PayloadOf<'inv'>);
    const { hash, raw, transactions } = chain.blockAt(7);
    expect(reported).toEqual([
      {
        event: 'block',
        hash: hash.toString(),
        index: 7,
        size: raw.length,
        transactions: transactions.length,
        address: ADDRESS,
      },
    ]);
  });

  it('says so where a time of a ban is none', () => {
    feed.release();
    events.emit('banned', ban({ sinceMs: 9e15 }));
    expect(reported).toEqual([expect.objectContaining({ since: 'unknown' })]);
  });
});
