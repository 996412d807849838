import { beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Misbehaviour } from '../../../src/pool/misbehaviour/misbehaviour.js';
import { PENALTY_INTERVAL_MS, SCORE_HALF_LIFE_MS, ScoreTable } from '../../../src/pool/misbehaviour/score-table.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';

let clock: VirtualClock;
let scores: ScoreTable;

beforeEach(() => {
  clock = new VirtualClock();
  scores = new ScoreTable(clock);
});

describe('a score', () => {
  it('adds up over kinds of misbehaviour', () => {
    expect(scores.of('192.0.2.1')).toBe(0);
    expect(scores.add('192.0.2.1', 50, 'malformed')).toBe(50);
    expect(scores.add('192.0.2.1', 25, 'bad-checksum')).toBe(75);
    expect(scores.of('192.0.2.1')).toBe(75);
    expect(scores.of('192.0.2.2')).toBe(0);
  });

  it('reaches a hundred by a hundred points, and by two faults of fifty within a minute', async () => {
    expect(scores.add('a', 100, 'invalid-block')).toBe(100);
    scores.add('b', 50, 'malformed');
    expect(scores.add('b', 50, 'oversized')).toBe(100);
    scores.add('c', 50, 'malformed');
    await clock.advance(45_000);
    expect(scores.add('c', 50, 'malformed')).toBe(100);
    await clock.advance(3_600_000);
    expect(scores.add('c', 49, 'malformed')).toBe(99);
  });

  it('halves every hour, and is forgotten under one point', async () => {
    scores.add('192.0.2.1', 100, 'invalid-block');
    await clock.advance(SCORE_HALF_LIFE_MS);
    expect(scores.of('192.0.2.1')).toBe(50);
    expect(scores.add('192.0.2.1', 10, 'request-flood')).toBe(60);
    await clock.advance(2 * SCORE_HALF_LIFE_MS);
    expect(scores.of('192.0.2.1')).toBe(15);
    await clock.advance(3 * SCORE_HALF_LIFE_MS);
    expect(scores.of('192.0.2.1')).toBe(2);
    expect(scores.size).toBe(1);
    await clock.advance(SCORE_HALF_LIFE_MS);
    expect(scores.of('192.0.2.1')).toBe(0);
    expect(scores.size).toBe(0);
  });

  it('halves as fast as it is told to', async () => {
    scores = new ScoreTable(clock, { halfLifeMs: 1000 });
    scores.add('192.0.2.1', 100, 'malformed');
    await clock.advance(500);
    expect(scores.of('192.0.2.1')).toBe(71);
  });

  it('counts one kind once a second, but every kind', async () => {
    scores.add('192.0.2.1', 10, 'request-flood');
    expect(scores.add('192.0.2.1', 10, 'request-flood')).toBe(10);
    expect(scores.add('192.0.2.1', 10, 'address-flood')).toBe(20);
    expect(scores.add('192.0.2.2', 10, 'request-flood')).toBe(10);
    await clock.advance(PENALTY_INTERVAL_MS - 1);
    expect(scores.add('192.0.2.1', 10, 'request-flood')).toBe(20);
    await clock.advance(1);
    expect(scores.add('192.0.2.1', 10, 'request-flood')).toBe(30);
  });

  it('begins anew when it is forgotten', () => {
    scores.add('192.0.2.1', 50, 'malformed');
    scores.forget('192.0.2.1');
    scores.forget('192.0.2.2');
    expect(scores.of('192.0.2.1')).toBe(0);
    expect(scores.size).toBe(0);
    expect(scores.add('192.0.2.1', 50, 'malformed')).toBe(50);
  });

  it('is the sum of its points, each halved by its age', async () => {
    const step = fc.record({
      client: fc.constantFrom('a', 'b', 'c'),
      kind: fc.constantFrom(...Object.values(Misbehaviour)),
      points: fc.integer({ min: 1, max: 100 }),
      waitMs: fc.constantFrom(0, 1, 500, 1000, 60_000, SCORE_HALF_LIFE_MS),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const time = new VirtualClock();
        const table = new ScoreTable(time);
        const counted: { key: string; client: string; points: number; atMs: number }[] = [];
        for (const { client, kind, points, waitMs } of steps) {
          await time.advance(waitMs);
          const atMs = time.monotonic();
          const key = `${client} ${kind}`;
          const isLimited = counted.some((fault) => fault.key === key && atMs - fault.atMs < PENALTY_INTERVAL_MS);
          if (!isLimited) counted.push({ key, client, points, atMs });
          const own = counted.filter((fault) => fault.client === client);
          const sum = own.reduce(
            (total, fault) => total + fault.points * 0.5 ** ((atMs - fault.atMs) / SCORE_HALF_LIFE_MS),
            0,
          );
          expect(Math.abs(table.add(client, points, kind) - sum)).toBeLessThan(0.5 + 1e-6);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('the table of scores', () => {
  it('drops the lowest when there are too many, as they are by now', async () => {
    scores = new ScoreTable(clock, { maximum: 16 });
    for (let i = 0; i < 8; i++) scores.add(`old ${i}`, 60 + i, 'malformed');
    await clock.advance(SCORE_HALF_LIFE_MS); // they have come down to 30 … 33.5
    for (let i = 0; i < 8; i++) scores.add(`new ${i}`, 32 + i * 2, 'malformed');
    expect(scores.size).toBe(16);
    expect(scores.add('one more', 50, 'malformed')).toBe(50);
    expect(scores.size).toBe(16);
    expect(scores.of('old 0')).toBe(0);
    expect(scores.of('old 1')).toBe(31);
    scores.add('and another', 31, 'malformed');
    expect(scores.of('old 1')).toBe(0);
    expect(scores.of('and another')).toBe(31);
  });

  it('drops a newcomer that has the lowest', () => {
    scores = new ScoreTable(clock, { maximum: 3 });
    for (const client of ['a', 'b', 'c']) scores.add(client, 50, 'malformed');
    expect(scores.add('d', 10, 'request-flood')).toBe(10);
    expect(['a', 'b', 'c', 'd'].filter((client) => scores.of(client) > 0)).toEqual(['a', 'b', 'c']);
  });

  it('drops whatever has decayed, once there are too many', async () => {
    scores = new ScoreTable(clock, { maximum: 20 });
    for (let i = 0; i < 20; i++) scores.add(`old ${i}`, 10, 'request-flood');
    await clock.advance(4 * SCORE_HALF_LIFE_MS);
    expect(scores.size).toBe(20);
    scores.add('new', 10, 'request-flood');
    expect(scores.size).toBe(1);
  });

  it('never holds more than ten thousand, and keeps those that did most', () => {
    for (let i = 0; i < 1000; i++) scores.add(`bad ${i}`, 90, 'malformed');
    for (let i = 0; i < 30_000; i++) scores.add(`slight ${i}`, 10, 'request-flood');
    expect(scores.size).toBeLessThanOrEqual(10_000);
    expect(scores.size).toBeGreaterThan(9000);
    for (let i = 0; i < 1000; i++) expect(scores.of(`bad ${i}`)).toBeGreaterThan(80);
  });
});
