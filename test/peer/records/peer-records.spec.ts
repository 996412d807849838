import { beforeEach, describe, expect, it } from '@jest/globals';
import { NETWORKS } from '../../../src/config/networks.js';
import { AbortedError } from '../../../src/environment/aborted.error.js';
import { DialError } from '../../../src/environment/dial.error.js';
import { HandshakeError } from '../../../src/peer/errors/handshake.error.js';
import { PeerEventBus } from '../../../src/peer/events/peer-event-bus.js';
import type { Peer } from '../../../src/peer/peer.js';
import { PeerRecords } from '../../../src/peer/records/peer-records.js';
import { MemoryPeerStore } from '../../../src/persistence/memory-peer-store.js';
import type { PeerRecord } from '../../../src/persistence/peer-record.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { fakePeer } from '../../support/fake-peer.js';
import { peerRecord } from '../../support/records.js';

const refused = new DialError('10.0.0.1:1', 'nothing listens there');

const SEED = { host: 'seed1.ngd.network', port: 20333 };

const stored = async (...rows: PeerRecord[]): Promise<AsyncIterable<PeerRecord>> => {
  const store = new MemoryPeerStore();
  await store.save({ peers: rows, statistics: [] });
  return store.load('legacy-testnet');
};

async function* broken(): AsyncGenerator<PeerRecord> {
  yield peerRecord();
  await Promise.reject(new Error('gone'));
}

/** An inbound row, last seen at that time. */
const row = (host: string, atMs: number): PeerRecord =>
  peerRecord({ host, source: 'inbound', lastSuccessAtMs: null, lastSeenAtMs: atMs });

describe('PeerRecords', () => {
  let clock: VirtualClock;
  let events: PeerEventBus;
  let records: PeerRecords;
  let startMs: number;

  beforeEach(() => {
    clock = new VirtualClock();
    startMs = clock.now();
    events = new PeerEventBus();
    records = new PeerRecords(NETWORKS['legacy-testnet'], clock, events);
  });

  const disconnect = (peer: Peer, reason: 'idle' | 'malformed' = 'idle'): void =>
    events.emit('disconnected', peer, { reason, by: 'us', atMs: clock.now() });

  it('plants seeds as rows of their own, names as names', () => {
    records.plant([SEED]);
    expect([...records.rows()]).toEqual([
      {
        network: 'legacy-testnet',
        ...SEED,
        services: 0n,
        userAgent: null,
        protocolVersion: null,
        lastHeight: null,
        firstSeenAtMs: startMs,
        lastSeenAtMs: null,
        lastAttemptAtMs: null,
        lastSuccessAtMs: null,
        attempts: 0,
        failuresInARow: 0,
        latencyMs: null,
        lastDisconnectReason: null,
        source: 'seed',
        nextDialAtMs: null,
        learntFrom: null,
        sources: null,
      },
    ]);
  });

  it('writes a dial down from its beginning to the end of the connection', async () => {
    records.plant([SEED]);
    const peer = fakePeer({
      remoteAddress: { host: '203.0.113.7', port: 20333 },
      userAgent: '/NEO:2.13.0/',
      services: 5n,
    });
    await clock.advance(1000);
    records.attempted(SEED);
    await clock.advance(1000);
    records.connected(SEED, peer);
    events.emit('ready', peer);
    records.succeeded(SEED);
    expect(records.addressOf(peer)).toEqual(SEED);
    Object.assign(peer, { height: 123, latencyMs: 7.5, lastSeenAtMs: startMs + 2500, state: 'closed' });
    disconnect(peer, 'malformed');
    expect([...records.rows()]).toEqual([
      expect.objectContaining({
        ...SEED,
        source: 'seed',
        firstSeenAtMs: startMs,
        attempts: 1,
        lastAttemptAtMs: startMs + 1000,
        lastSuccessAtMs: startMs + 2000,
        failuresInARow: 0,
        userAgent: '/NEO:2.13.0/',
        services: 5n,
        protocolVersion: 0,
        lastHeight: 123,
        latencyMs: 7.5,
        lastSeenAtMs: startMs + 2500,
        lastDisconnectReason: 'malformed',
      }),
    ]);
  });

  it('counts failures in a row until a dial succeeds', () => {
    const address = { host: '10.0.0.1', port: 1 };
    for (let i = 0; i < 3; i++) {
      records.attempted(address);
      records.failed(address, refused);
    }
    expect(records.find(address)).toMatchObject({
      attempts: 3,
      failuresInARow: 3,
      lastSuccessAtMs: null,
      source: 'manual',
    });
    const peer = fakePeer();
    records.attempted(address);
    records.connected(address, peer);
    events.emit('ready', peer);
    records.succeeded(address);
    expect(records.find(address)).toMatchObject({ attempts: 4, failuresInARow: 0, lastSuccessAtMs: startMs });
  });

  it.each([
    ['by the caller', new AbortedError('enough')],
    ['while connecting, because the module stops', new DialError('a:1', 'stop', { cause: new AbortedError('stop') })],
    ['in the handshake, because the module stops', new HandshakeError('a:1', 'shutdown')],
  ])('counts no failure of a dial that was given up %s', (_how, error) => {
    const address = { host: '10.0.0.1', port: 1 };
    records.attempted(address);
    records.failed(address, error);
    expect(records.find(address)).toMatchObject({ attempts: 1, failuresInARow: 0 });
  });

  it('keeps the reason of a handshake that failed', () => {
    const address = { host: '10.0.0.1', port: 1 };
    const peer = fakePeer();
    Object.assign(peer, { state: 'closed', version: undefined });
    records.attempted(address);
    records.connected(address, peer);
    disconnect(peer, 'malformed');
    records.failed(address, refused);
    expect(records.find(address)).toMatchObject({
      failuresInARow: 1,
      lastDisconnectReason: 'malformed',
      lastHeight: null,
    });
  });

  it('keeps an inbound peer under its host and the port it announced', () => {
    const peer = fakePeer({
      direction: 'inbound',
      remoteAddress: { host: '::ffff:10.0.0.5', port: 51234 },
      port: 20333,
    });
    Object.assign(peer, { latencyMs: 7.5 });
    events.emit('ready', peer);
    expect([...records.rows()]).toEqual([
      expect.objectContaining({
        host: '10.0.0.5',
        port: 20333,
        source: 'inbound',
        attempts: 0,
        userAgent: '/NEO:2.12.0/',
        services: 1n,
        lastHeight: 100,
        lastSeenAtMs: 5000,
        latencyMs: 7.5,
        lastSuccessAtMs: null,
      }),
    ]);
  });

  it('counts as a success only a dial of ours: who comes to us may be in a place where nobody gets in', async () => {
    const address = { host: '10.0.0.5', port: 20333 };
    const [inbound, again] = [50001, 50002].map((port) =>
      fakePeer({ direction: 'inbound', remoteAddress: { host: '10.0.0.5', port } }),
    );
    records.attempted(address);
    records.failed(address, refused);
    events.emit('ready', inbound!);
    expect(records.find(address)).toMatchObject({ lastSuccessAtMs: null, failuresInARow: 1, lastSeenAtMs: 5000 });
    const outbound = fakePeer({ remoteAddress: address });
    records.connected(address, outbound);
    events.emit('ready', outbound);
    await clock.advance(1000);
    events.emit('ready', again!);
    expect(records.find(address)).toMatchObject({ lastSuccessAtMs: startMs, failuresInARow: 0 });
  });

  it('keeps one row a host for inbound peers that do not listen', () => {
    for (const port of [50001, 50002]) {
      const peer = fakePeer({ direction: 'inbound', remoteAddress: { host: '10.0.0.5', port }, port: 0 });
      events.emit('ready', peer);
      disconnect(peer);
    }
    expect([...records.rows()]).toEqual([expect.objectContaining({ host: '10.0.0.5', port: 0 })]);
  });

  it('does not forget that an address was a seed when it comes to us', () => {
    records.plant([{ host: '10.0.0.5', port: 20333 }]);
    events.emit('ready', fakePeer({ direction: 'inbound', remoteAddress: { host: '10.0.0.5', port: 50001 } }));
    expect([...records.rows()]).toEqual([expect.objectContaining({ source: 'seed', lastSeenAtMs: 5000 })]);
  });

  it('keeps an outbound peer that nobody dialled through the factory under its socket address', () => {
    events.emit('ready', fakePeer({ remoteAddress: { host: '10.0.0.5', port: 333 }, port: 20333 }));
    expect(records.find({ host: '10.0.0.5', port: 333 })).toMatchObject({ source: 'manual' });
    expect(records.size).toBe(1);
  });

  it('makes no row of a peer that was never ready and not dialled', () => {
    disconnect(fakePeer({ direction: 'inbound' }));
    expect(records.size).toBe(0);
  });

  it('hands out rows that changed, once', async () => {
    await records.restore(await stored(peerRecord({ host: 'old' })));
    expect(records.takeChanged()).toEqual([]);
    records.plant([SEED]);
    expect(records.takeChanged()).toEqual([expect.objectContaining(SEED)]);
    expect(records.takeChanged()).toEqual([]);
  });

  it('hands out rows again that were given back, with what came since', () => {
    records.attempted(SEED);
    const taken = records.takeChanged();
    records.attempted(SEED);
    records.giveBack(taken);
    expect(records.takeChanged()).toEqual([expect.objectContaining({ attempts: 2 })]);
    expect(taken).toEqual([expect.objectContaining({ attempts: 1 })]);
  });

  it('brings rows of live peers up to date when they are taken, and only then', () => {
    const peer = fakePeer({ remoteAddress: SEED });
    events.emit('ready', peer);
    records.takeChanged();
    expect(records.takeChanged()).toEqual([]);
    Object.assign(peer, { height: 101, latencyMs: 3, lastSeenAtMs: 9000 });
    expect(records.takeChanged()).toEqual([
      expect.objectContaining({ lastHeight: 101, latencyMs: 3, lastSeenAtMs: 9000 }),
    ]);
    expect(records.takeChanged()).toEqual([]);
    disconnect(peer);
    expect(records.takeChanged()).toHaveLength(1);
    Object.assign(peer, { height: 102 });
    expect(records.takeChanged()).toEqual([]);
  });

  it('says where a peer is kept also after it closed', () => {
    const peer = fakePeer({ remoteAddress: SEED });
    expect(records.addressOf(peer)).toBeUndefined();
    events.emit('ready', peer);
    disconnect(peer);
    expect(records.addressOf(peer)).toEqual(SEED);
  });

  it('merges what is stored with what was learnt without it', async () => {
    const peer = fakePeer({ remoteAddress: { host: '10.0.0.1', port: 20333 } });
    records.attempted({ host: '10.0.0.1', port: 20333 });
    events.emit('ready', peer);
    const old = peerRecord({ userAgent: 'old', attempts: 3, failuresInARow: 2, latencyMs: 12.5, services: 9n });
    expect(await records.restore(await stored(old, peerRecord({ host: 'other' })))).toBe(2);
    expect(records.find({ host: '10.0.0.1', port: 20333 })).toEqual({
      ...old,
      services: 1n,
      userAgent: '/NEO:2.12.0/',
      lastHeight: 100,
      lastSeenAtMs: 5000,
      lastAttemptAtMs: startMs,
      lastSuccessAtMs: startMs,
      attempts: 4,
      failuresInARow: 0,
    });
    expect(records.takeChanged()).toHaveLength(1);
  });

  it('adds failures to those stored while there was no success', async () => {
    records.attempted({ host: '10.0.0.1', port: 20333 });
    records.failed({ host: '10.0.0.1', port: 20333 }, refused);
    await records.restore(await stored(peerRecord({ failuresInARow: 2 })));
    expect(records.find({ host: '10.0.0.1', port: 20333 })).toMatchObject({
      failuresInARow: 3,
      services: 1n,
      attempts: 4,
    });
  });

  it('does not merge rows with themselves when a restore broke off and is done again', async () => {
    await expect(records.restore(broken())).rejects.toThrow('gone');
    expect(records.size).toBe(1);
    await records.restore(await stored(peerRecord(), peerRecord({ host: 'second' })));
    expect(records.find({ host: '10.0.0.1', port: 20333 })).toEqual(peerRecord());
    expect(records.size).toBe(2);
  });

  it('keeps an inbound peer that a dial of ours has reached too, where others have to go', () => {
    const few = new PeerRecords(NETWORKS['legacy-testnet'], clock, events, 5);
    const comes = (host: string): void =>
      events.emit('ready', fakePeer({ direction: 'inbound', remoteAddress: { host, port: 50000 } }));
    comes('10.0.0.0');
    events.emit('ready', fakePeer({ remoteAddress: { host: '10.0.0.0', port: 20333 } }));
    for (let i = 1; i < 20; i++) comes(`10.0.0.${i}`);
    expect(few.size).toBe(5);
    expect(few.find({ host: '10.0.0.0', port: 20333 })).toMatchObject({ source: 'inbound', lastSuccessAtMs: startMs });
  });

  it('does not grow without bound: inbound rows touched longest ago are dropped, others stay', () => {
    const few = new PeerRecords(NETWORKS['legacy-testnet'], clock, events, 5);
    few.plant([SEED, { host: 'seed2', port: 1 }]);
    for (let i = 0; i < 100; i++) {
      events.emit('ready', fakePeer({ direction: 'inbound', remoteAddress: { host: `10.0.0.${i}`, port: 50000 } }));
    }
    const kept = [...few.rows()].map(({ host }) => host).toSorted();
    expect(kept).toEqual(['10.0.0.97', '10.0.0.98', '10.0.0.99', 'seed1.ngd.network', 'seed2']);
  });

  it('does not grow without bound when the application dials whatever it is told', () => {
    const few = new PeerRecords(NETWORKS['legacy-testnet'], clock, events, 5);
    few.plant([SEED]);
    events.emit('ready', fakePeer({ remoteAddress: { host: 'good', port: 1 } }));
    for (let i = 0; i < 100; i++) {
      few.attempted({ host: `10.0.0.${i}`, port: 1 });
      few.failed({ host: `10.0.0.${i}`, port: 1 }, refused);
    }
    const kept = [...few.rows()].map(({ host }) => host).toSorted();
    expect(kept).toEqual(['10.0.0.97', '10.0.0.98', '10.0.0.99', 'good', 'seed1.ngd.network']);
  });

  it('keeps no more than twice as many rows, even of dials that all succeed, and the seeds', () => {
    const few = new PeerRecords(NETWORKS['legacy-testnet'], clock, events, 5);
    few.plant([SEED]);
    for (let i = 0; i < 100; i++) events.emit('ready', fakePeer({ remoteAddress: { host: `10.0.0.${i}`, port: 1 } }));
    expect(few.size).toBe(10);
    expect(few.find(SEED)).toBeDefined();
    expect(few.find({ host: '10.0.0.99', port: 1 })).toBeDefined();
  });

  it('takes no more rows from the store than it may keep', async () => {
    const few = new PeerRecords(NETWORKS['legacy-testnet'], clock, events, 2);
    await few.restore(await stored(...['a', 'b', 'c'].map((host) => peerRecord({ host }))));
    expect(few.size).toBe(2);
  });

  it('drops the worst row of the store before others', async () => {
    const few = new PeerRecords(NETWORKS['legacy-testnet'], clock, events, 3);
    await few.restore(await stored(row('newest', 3), row('middle', 2), row('oldest', 1)));
    events.emit('ready', fakePeer({ direction: 'inbound', remoteAddress: { host: 'new', port: 1 } }));
    expect([...few.rows()].map(({ host }) => host)).toEqual(['newest', 'middle', 'new']);
  });

  it('listens no more after it was stopped', () => {
    records.stop();
    events.emit('ready', fakePeer());
    expect(records.size).toBe(0);
  });

  it('gives copies: nobody can change a row from outside', () => {
    records.plant([SEED]);
    Object.assign([...records.rows()][0]!, { attempts: 99 });
    Object.assign(records.find(SEED)!, { attempts: 99 });
    expect(records.find(SEED)?.attempts).toBe(0);
  });
});
