import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { NETWORKS } from '../../../src/config/networks.js';
import type { Endpoint } from '../../../src/environment/connection.js';
import { DialError } from '../../../src/environment/dial.error.js';
import { RandomSource } from '../../../src/environment/random-source.js';
import type { Disconnection } from '../../../src/peer/disconnection.js';
import { PeerEventBus } from '../../../src/peer/events/peer-event-bus.js';
import type { PeerFactory } from '../../../src/peer/peer-factory.js';
import type { Peer } from '../../../src/peer/peer.js';
import { PeerRecords } from '../../../src/peer/records/peer-records.js';
import { ExemptList } from '../../../src/pool/addresses/exempt-list.js';
import { LinkTable } from '../../../src/pool/links/link-table.js';
import { PoolDialler } from '../../../src/pool/outbound/pool-dialler.js';
import { OwnAddresses } from '../../../src/pool/own-addresses.js';
import { VirtualClock } from '../../../src/testing/index.js';
import { poolPeer } from '../../support/pool-peer.js';
import { RecordingLogger } from '../../support/recording-logger.js';

/** Draws the highest there is, so that each wait is its limit. */
class Highest extends RandomSource {
  bytes(size: number): Uint8Array {
    return new Uint8Array(size);
  }
  integer(below: number): number {
    return below - 1;
  }
}

let clock: VirtualClock;
let logger: RecordingLogger;
let records: PeerRecords;
let links: LinkTable;
let stop: AbortController;
let dialler: PoolDialler;
let rested: number[];
/** What the next dial comes to. */
let outcome: () => Promise<Peer>;

beforeEach(() => {
  clock = new VirtualClock();
  logger = new RecordingLogger();
  Logger.overrideLogger(logger);
  records = new PeerRecords(NETWORKS['n3-local'], clock, new PeerEventBus());
  links = new LinkTable({ clock, exempt: new ExemptList([]) });
  stop = new AbortController();
  rested = [];
  dialler = new PoolDialler({
    options: { dialTimeoutMs: 1000 },
    clock,
    random: new Highest(),
    factory: { dial: () => outcome() } as unknown as PeerFactory,
    records,
    links,
    own: new OwnAddresses(clock),
    signal: stop.signal,
    rests: (untilMs) => rested.push(untilMs - clock.now()),
  });
});
afterEach(() => Logger.overrideLogger(['log', 'warn', 'error']));

const nodeAt = (i: number): Endpoint => ({ host: `22.${i >> 8}.${i & 255}.1`, port: 10_333 });

/** A connection to an address that is over at once. */
async function shortConnection(address: Endpoint): Promise<void> {
  records.learn(address, '30.0.0.1');
  const peer = poolPeer({ direction: 'outbound', ...address });
  peer.createdAtMs = clock.now();
  peer.closed = Promise.resolve({ reason: 'remote-closed', by: 'remote', atMs: clock.now() } satisfies Disconnection);
  outcome = () => Promise.resolve(peer);
  await dialler.dial(address, 'automatic');
  await clock.advance(0);
}

describe('a dial of the pool', () => {
  it('gives nothing, and leaves no link, where it fails; why is told once', async () => {
    const error = new DialError('22.0.0.1:10333', 'nothing listens there');
    outcome = () => Promise.reject(error);
    const told: unknown[] = [];
    expect(await dialler.dial(nodeAt(0), 'kept', (why) => told.push(why))).toBeUndefined();
    expect([told, [...links], rested]).toEqual([[error], [], [15_000]]);
  });

  it('does not reject for a fault of ours either, which is logged', async () => {
    outcome = () => Promise.reject(new TypeError('odd'));
    expect(await dialler.dial(nodeAt(0), 'automatic')).toBeUndefined();
    expect(logger.errors).toEqual([expect.stringContaining('odd')]);
    expect([...links]).toEqual([]);
  });

  it('says nothing of an address when the pool was stopped meanwhile', async () => {
    outcome = () => {
      stop.abort();
      return Promise.reject(new DialError('22.0.0.1:10333', 'stopped'));
    };
    const told: unknown[] = [];
    await dialler.dial(nodeAt(0), 'automatic', (why) => told.push(why));
    expect([told, rested]).toEqual([[], []]);
  });
});

describe('an address whose connections do not last', () => {
  it('rests twice as long each time', async () => {
    for (let i = 0; i < 4; i++) await shortConnection(nodeAt(0));
    expect(rested).toEqual([15_000, 30_000, 60_000, 120_000]);
  });

  it('is one of a thousand that are remembered: the one heard of longest ago begins anew', async () => {
    await shortConnection(nodeAt(0));
    await shortConnection(nodeAt(1));
    for (let i = 2; i <= 1000; i++) await shortConnection(nodeAt(i));
    rested.length = 0;
    await shortConnection(nodeAt(1));
    await shortConnection(nodeAt(0));
    expect(rested).toEqual([30_000, 15_000]);
  });
});
