import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { groupOf } from '../../../src/pool/addresses/address-group.js';
import { whomToEvict, type Merits } from '../../../src/pool/inbound/eviction.js';
import type { Link } from '../../../src/pool/links/link.js';
import { poolPeer } from '../../support/pool-peer.js';

const NOW = 1_000_000;

interface Facts {
  readonly host: string;
  /** Milliseconds ago. */
  readonly age?: number;
  readonly latencyMs?: number;
  readonly kind?: Link['kind'];
  readonly isExempt?: boolean;
  readonly score?: number;
  readonly served?: number;
}

/** Whom it picks of these, by host; undefined for nobody. */
function evicted(all: readonly Facts[]): string | undefined {
  const merits = new Map<Link, Merits>();
  const links = all.map((facts) => {
    const { host, age = 100_000, latencyMs, kind = 'inbound', isExempt = false, score = 0, served = 0 } = facts;
    const peer = poolPeer({ host, ...(latencyMs !== undefined && { latencyMs }) });
    const link: Link = {
      kind,
      state: 'ready',
      address: undefined,
      peer,
      client: host,
      group: groupOf(host),
      isExempt,
      sinceMs: NOW - age,
      readyAtMs: NOW - age,
      nonce: undefined,
    };
    merits.set(link, { score, served });
    return link;
  });
  return whomToEvict(links, (link) => merits.get(link)!, NOW)?.peer?.remoteAddress.host;
}

/** So many peers of distinct groups, each a bit younger than the one before. */
const crowd = (count: number, given: Partial<Facts> = {}, net = 30): Facts[] =>
  Array.from({ length: count }, (_, i) => ({ host: `${net}.${i}.0.1`, age: 100_000 - i, ...given }));

describe('who has to go for a newcomer', () => {
  it('is nobody where nobody is there, and nobody of the four groups that are there longest', () => {
    expect(evicted([])).toBeUndefined();
    for (let count = 1; count <= 4; count++) expect(evicted(crowd(count))).toBeUndefined();
    expect(evicted(crowd(5))).toBe('30.4.0.1');
  });

  it('is the youngest of those that nothing protects', () => {
    expect(evicted(crowd(20))).toBe('30.19.0.1');
    expect(evicted(crowd(20).toReversed())).toBe('30.19.0.1');
  });

  it('is the youngest of the group that has the most', () => {
    const sybils = Array.from({ length: 5 }, (_, i) => ({ host: `66.6.6.${i}`, age: 50_000 - i }));
    expect(evicted([...crowd(12), ...sybils, { host: '31.0.0.1', age: 20_000 }])).toBe('66.6.6.4');
  });

  it('is nobody of the older half of those that nothing else protects', () => {
    const old = Array.from({ length: 6 }, (_, i) => ({ host: `66.6.6.${i}`, age: 90_000 - i }));
    const young = Array.from({ length: 6 }, (_, i) => ({ host: `31.${i}.0.1`, age: 50_000 - i }));
    expect(evicted([...crowd(4), ...old, ...young])).toBe('31.5.0.1');
  });

  it('is no outbound or exempt peer', () => {
    const others = [...crowd(20, { kind: 'automatic' }, 31), ...crowd(20, { isExempt: true }, 32)];
    expect(evicted(others)).toBeUndefined();
    expect(evicted([...others, ...crowd(5)])).toBe('30.4.0.1');
  });

  it.each<[string, Partial<Facts>]>([
    ['lowest latency', { latencyMs: 5 }],
    ['most blocks, transactions and headers given', { served: 100 }],
  ])('is none of the four groups with the %s', (_what, merit) => {
    const young = crowd(6, { age: 20_000 }, 31);
    const best = young.map((facts, i) => (i < 5 ? { ...facts, ...merit } : facts));
    const bestLast = best.map((facts, i) => (i < 5 ? { ...facts, age: 15_000 - i } : facts));
    const protectedOnes = new Set(bestLast.slice(0, 4).map(({ host }) => host));
    const rest = crowd(8).map((facts) => ({ ...facts, latencyMs: 80, served: 1 }));
    const gone = evicted([...rest, ...bestLast]);
    expect(gone).toBeDefined();
    expect(protectedOnes).not.toContain(gone);
    expect(evicted([...rest, ...young])).toMatch(/^31\./);
  });

  it('is protected for a merit once a group: a second one of it has to have another merit', () => {
    const fast = Array.from({ length: 4 }, (_, i) => ({ host: `66.6.6.${i}`, age: 20_000 - i, latencyMs: 1 + i }));
    const slow = crowd(3, { age: 30_000, latencyMs: 50 }, 31);
    expect(evicted([...crowd(4), ...fast, ...slow])).toBe('66.6.6.3');
  });

  it('is not protected for a latency that nobody measured, nor for giving nothing', () => {
    expect(evicted([...crowd(4), ...crowd(2, { age: 20_000 }, 31)])).toMatch(/^31\./);
    expect(evicted([...crowd(4), ...crowd(2, { age: 20_000, latencyMs: 9 }, 31)])).toBeUndefined();
    expect(evicted([...crowd(4), ...crowd(2, { age: 20_000, served: 1 }, 31)])).toBeUndefined();
  });

  it('is the one with the worst conduct first, the youngest of equal ones, also of the older half', () => {
    const all = crowd(20).map((facts, i) => ({ ...facts, score: i === 6 || i === 7 ? 20 : i === 15 ? 10 : 0 }));
    expect(evicted(all)).toBe('30.7.0.1');
  });

  it('is not one who is protected although its conduct is bad', () => {
    const all = crowd(20).map((facts, i) => ({ ...facts, score: i === 0 ? 90 : 0 }));
    expect(evicted(all)).toBe('30.19.0.1');
  });

  it('is no newcomer of the last ten seconds where others can go', () => {
    const settled = crowd(10, {}, 30);
    const newcomers = Array.from({ length: 4 }, (_, i) => ({ host: `66.6.6.${i}`, age: 9_999 }));
    expect(evicted([...settled, ...newcomers])).toMatch(/^30\./);
    expect(evicted([...settled, ...newcomers.map((facts) => ({ ...facts, age: 10_000 }))])).toMatch(/^66\./);
  });

  it('is a newcomer where there is nobody else', () => {
    expect(evicted([...crowd(4), ...crowd(4, { age: 100 }, 31)])).toMatch(/^31\./);
  });

  it('is never one of the protected, whatever there is', () => {
    const facts = fc.record({
      host: fc.tuple(fc.integer({ min: 30, max: 34 }), fc.nat({ max: 3 })).map(([a, b]) => `${a}.0.0.${b}`),
      age: fc.nat({ max: 50_000 }),
      latencyMs: fc.nat({ max: 200 }),
      score: fc.constantFrom(0, 0, 0, 10, 50),
      served: fc.nat({ max: 3 }),
    });
    const isSafe = fc.property(fc.uniqueArray(facts, { selector: ({ host }) => host, maxLength: 20 }), (all) => {
      const gone = evicted(all);
      const best = (merit: (one: (typeof all)[number]) => number): string | undefined => {
        const most = Math.max(0, ...all.map(merit));
        const those = all.filter((one) => merit(one) === most);
        return most > 0 && those.length === 1 ? those[0]!.host : undefined;
      };
      const protectedOnes = [
        best(({ age }) => age),
        best(({ latencyMs }) => 201 - latencyMs),
        best(({ served }) => served),
      ];
      return gone === undefined || !protectedOnes.includes(gone);
    });
    expect(() => fc.assert(isSafe, { numRuns: 500 })).not.toThrow();
  });
});
