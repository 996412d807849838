import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { StatisticsRegistry } from '../../../src/peer/statistics/statistics-registry.js';
import type { Peer } from '../../../src/peer/peer.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { StandInPeer } from '../dispatch/stand-in-peer.js';

function registry() {
  const clock = new VirtualClock();
  const statistics = new StatisticsRegistry(clock);
  const rows = new Map<Peer, { host: string; port: number }>();
  const peerAt = (port: number) => {
    const peer = new StandInPeer().asPeer;
    rows.set(peer, { host: '192.0.2.1', port });
    return peer;
  };
  return { clock, statistics, rows, peerAt, take: () => statistics.takeChanges((peer) => rows.get(peer)) };
}

describe('statistics', () => {
  it('count messages and bytes by command and direction, for a peer and over all', async () => {
    const { clock, statistics, peerAt } = registry();
    const [a, b] = [peerAt(1), peerAt(2)];
    statistics.recorderOf(a).received('inv', 100);
    await clock.advance(10);
    statistics.recorderOf(a).received('inv', 50);
    statistics.recorderOf(a).sent('getdata', 61);
    statistics.recorderOf(b).received('unknown', 24);
    statistics.recorderOf(b).received('inv', 1);
    const none = { calls: 0, errors: 0, refused: 0, minMs: 0, meanMs: 0, maxMs: 0, lastAtMs: clock.now() };
    expect(statistics.of(a)).toEqual([
      { command: 'getdata', direction: 'out', messages: 1, bytes: 61, ...none },
      { command: 'inv', direction: 'in', messages: 2, bytes: 150, ...none },
    ]);
    expect(statistics.totals()).toEqual([
      { command: 'getdata', direction: 'out', messages: 1, bytes: 61, ...none, p50Ms: 0, p99Ms: 0 },
      { command: 'inv', direction: 'in', messages: 3, bytes: 151, ...none, p50Ms: 0, p99Ms: 0 },
      { command: 'unknown', direction: 'in', messages: 1, bytes: 24, ...none, p50Ms: 0, p99Ms: 0 },
    ]);
  });

  it('tell how long handlers took, and how many failed', () => {
    const { statistics, peerAt } = registry();
    const peer = peerAt(1);
    for (let ms = 1; ms <= 100; ms++) statistics.called(peer, 'block', ms);
    statistics.failed(peer, 'block');
    statistics.refused(peer, 'block');
    statistics.refused(peer, 'block');
    const [sums] = statistics.totals();
    expect(sums).toMatchObject({
      command: 'block',
      direction: 'in',
      calls: 100,
      errors: 1,
      refused: 2,
      minMs: 1,
      meanMs: 50.5,
      maxMs: 100,
    });
    expect(sums!.p50Ms / 50).toBeCloseTo(1, 1);
    expect(sums!.p99Ms / 99).toBeCloseTo(1, 1);
  });

  it('keep percentiles within what was measured', () => {
    const { statistics, peerAt } = registry();
    statistics.called(peerAt(1), 'block', 3);
    expect(statistics.totals()).toMatchObject([{ minMs: 3, p50Ms: 3, p99Ms: 3, maxMs: 3 }]);
  });

  it('of a peer nobody counted for are empty', () => {
    const { statistics, peerAt } = registry();
    expect(statistics.of(peerAt(1))).toEqual([]);
    expect(statistics.totals()).toEqual([]);
  });

  it('use one recorder after the other for the same peer', () => {
    const { statistics, peerAt } = registry();
    const peer = peerAt(1);
    statistics.recorderOf(peer).received('addr', 1);
    statistics.recorderOf(peer).received('addr', 2);
    expect(statistics.of(peer)).toMatchObject([{ messages: 2, bytes: 3 }]);
  });
});

describe('changes to save', () => {
  it('are what was counted since they were last taken', () => {
    const { clock, statistics, peerAt, take } = registry();
    const peer = peerAt(10_333);
    statistics.recorderOf(peer).received('block', 500);
    statistics.called(peer, 'block', 4);
    statistics.failed(peer, 'block');
    const address = { network: 'legacy-privnet', host: '192.0.2.1', port: 10_333 };
    const block = { ...address, command: 'block', direction: 'in', lastAtMs: clock.now() };
    expect(take()).toEqual([
      { ...block, messages: 1, bytes: 500, calls: 1, errors: 1, refused: 0, minMs: 4, totalMs: 4, maxMs: 4 },
    ]);
    expect(take()).toEqual([]);
    statistics.recorderOf(peer).sent('ping', 36);
    statistics.called(peer, 'block', 1);
    statistics.refused(peer, 'block');
    expect(take()).toEqual([
      { ...block, messages: 0, bytes: 0, calls: 1, errors: 0, refused: 1, minMs: 1, totalMs: 1, maxMs: 4 },
      {
        ...address,
        command: 'ping',
        direction: 'out',
        lastAtMs: clock.now(),
        messages: 1,
        bytes: 36,
        calls: 0,
        errors: 0,
        refused: 0,
        minMs: null,
        totalMs: 0,
        maxMs: null,
      },
    ]);
  });

  it('of two connections to one address are one row', () => {
    const { statistics, peerAt, take } = registry();
    statistics.recorderOf(peerAt(1)).received('inv', 10);
    statistics.recorderOf(peerAt(1)).received('inv', 20);
    statistics.recorderOf(peerAt(2)).received('inv', 40);
    expect(take().map(({ port, messages, bytes }) => [port, messages, bytes])).toEqual([
      [1, 2, 30],
      [2, 1, 40],
    ]);
  });

  it('wait until the peer is kept somewhere, and go with it if it never is', () => {
    const { statistics, rows, take } = registry();
    const [late, never] = [new StandInPeer(), new StandInPeer()];
    for (const peer of [late, never]) statistics.recorderOf(peer.asPeer).received('version', 60);
    expect(take()).toEqual([]);
    rows.set(late.asPeer, { host: '192.0.2.9', port: 0 });
    never.state = 'closed';
    expect(take()).toMatchObject([{ host: '192.0.2.9', command: 'version', messages: 1 }]);
    rows.set(never.asPeer, { host: '192.0.2.10', port: 0 });
    expect(take()).toEqual([]);
  });

  it('are kept for at most 10,000 peers', () => {
    const { statistics, peerAt, take } = registry();
    for (let port = 1; port <= 10_002; port++) statistics.recorderOf(peerAt(port)).received('inv', 1);
    const ports = take().map(({ port }) => port);
    expect(ports).toHaveLength(10_000);
    expect(ports[0]).toBe(3);
  });

  it('of a closed peer wait without it, together with those of others at its address', () => {
    const { statistics, rows, peerAt, take } = registry();
    const [first, second] = [peerAt(1), peerAt(1)];
    for (const peer of [first, second]) {
      statistics.recorderOf(peer).received('inv', 10);
      statistics.settle(peer, rows.get(peer));
    }
    statistics.called(first, 'inv', 3); // its handler ends after its connection
    expect(take()).toMatchObject([{ port: 1, command: 'inv', messages: 2, bytes: 20, calls: 1, totalMs: 3 }]);
    expect(take()).toEqual([]);
    expect(statistics.of(first)).toMatchObject([{ command: 'inv', messages: 1, calls: 1 }]);
  });

  it('of a closed peer that is kept nowhere go with it, and no more wait than 100,000', () => {
    const { statistics, peerAt, take } = registry();
    const nobody = peerAt(1);
    statistics.recorderOf(nobody).received('inv', 10);
    statistics.settle(nobody, undefined);
    expect(take()).toEqual([]);
    for (let port = 0; port <= 100_000; port++) {
      const peer = new StandInPeer().asPeer;
      statistics.recorderOf(peer).received('inv', 1);
      statistics.settle(peer, { host: '192.0.2.1', port });
    }
    expect(take().map(({ port }) => port)).toEqual(Array.from({ length: 100_000 }, (_, i) => i + 1));
  });

  it('add up to the statistics of the peer, whenever they are taken', () => {
    const command = fc.constantFrom('inv' as const, 'block' as const, 'ping' as const);
    const step = fc.oneof(
      fc.record({ kind: fc.constantFrom('received' as const, 'sent' as const), command, bytes: fc.nat(1000) }),
      fc.record({ kind: fc.constant('called' as const), command, ms: fc.nat(1000) }),
      fc.record({ kind: fc.constantFrom('failed' as const, 'refused' as const, 'take' as const), command }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { statistics, peerAt, take } = registry();
        const peer = peerAt(1);
        const recorder = statistics.recorderOf(peer);
        const taken = [];
        for (const next of steps) {
          if (next.kind === 'called') statistics.called(peer, next.command, next.ms);
          else if (next.kind === 'failed' || next.kind === 'refused') statistics[next.kind](peer, next.command);
          else if (next.kind === 'take') taken.push(...take());
          else if ('bytes' in next) recorder[next.kind](next.command, next.bytes);
        }
        taken.push(...take());
        for (const sums of statistics.of(peer)) {
          const rows = taken.filter((row) => row.command === sums.command && row.direction === sums.direction);
          const total = (key: 'messages' | 'bytes' | 'calls' | 'errors' | 'refused' | 'totalMs') =>
            rows.reduce((sum, row) => sum + row[key], 0);
          expect({
            messages: total('messages'),
            bytes: total('bytes'),
            calls: total('calls'),
            errors: total('errors'),
            refused: total('refused'),
          }).toEqual({
            messages: sums.messages,
            bytes: sums.bytes,
            calls: sums.calls,
            errors: sums.errors,
            refused: sums.refused,
          });
          expect(total('totalMs')).toBeCloseTo(sums.meanMs * sums.calls);
        }
      }),
    );
  });
});
