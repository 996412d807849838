import { describe, expect, it } from '@jest/globals';
import { planOf } from '../../../src/pool/book/book-plan.js';
import type { BookRecord } from '../../../src/pool/book/book-record.js';
import { ALL, BookLab, groupOf24, hostIn } from './book-lab.js';

const MAXIMUM = 20_000;
const PLAN = planOf(MAXIMUM);
const PICKS = 10_000;

/** The attacker's own network, 13.x; the addresses that it tells may be in any. */
const ATTACKER = 900_000;

/** Networks from here on, 15.x and above, are made up by the attacker. */
const MADE_UP = 1_000_000;

function isMadeUp({ host }: BookRecord): boolean {
  return Number.parseInt(host, 10) >= Number.parseInt(hostIn(MADE_UP, 0), 10);
}

function isOfAttacker({ host }: BookRecord): boolean {
  return groupOf24(host) === groupOf24(hostIn(ATTACKER, 0));
}

/** 100 sources, each in a network of its own, tell ten addresses each. */
function tellHonestly(lab: BookLab): void {
  for (let n = 0; n < 1000; n++) lab.book.add(lab.row(hostIn(n, 1)), hostIn(200_000 + Math.floor(n / 10), 1));
}

/** One source group tells 100,000 addresses, in that many networks. */
function flood(lab: BookLab): void {
  for (let n = 0; n < 100_000; n++) lab.book.add(lab.row(hostIn(MADE_UP + n, 1)), hostIn(ATTACKER, n % 256));
}

function shareOfPicks(lab: BookLab, from: 'new' | 'tried', belongs: (record: BookRecord) => boolean): number {
  let count = 0;
  for (let n = 0; n < PICKS; n++) if (belongs(lab.book.pick(from, ALL)!)) count++;
  return count / PICKS;
}

function bucketsOf(lab: BookLab, rows: readonly BookRecord[]): Set<number> {
  return new Set(rows.flatMap((row) => lab.book.standing(row)!.places.map(({ bucket }) => bucket)));
}

describe('a source that floods the book with 100,000 addresses', () => {
  it.each([
    ['after the honest ones', [tellHonestly, flood]],
    ['before the honest ones', [flood, tellHonestly]],
  ])('%s, gets a small part of it, and of the picks', (_, deeds) => {
    const lab = new BookLab({ maximum: MAXIMUM, seed: 11 });
    for (const deed of deeds) deed(lab);
    const madeUp = [...lab.book].filter(isMadeUp);
    const honest = lab.book.size - madeUp.length;
    expect(bucketsOf(lab, madeUp).size).toBeLessThanOrEqual(PLAN.fresh.reach);
    expect(madeUp.length / (PLAN.fresh.buckets * PLAN.fresh.placesPerBucket)).toBeLessThanOrEqual(0.0625);
    expect(madeUp.length).toBeGreaterThan(500); // the flood was one
    expect(honest).toBeGreaterThan(900);
    const share = shareOfPicks(lab, 'new', isMadeUp);
    expect(share).toBeLessThan(0.08);
    expect(lab.dropped).toEqual([]);
  });

  it('gets one bucket, if they are all in its own network', () => {
    const lab = new BookLab({ maximum: MAXIMUM, seed: 11 });
    for (let n = 0; n < 100_000; n++) {
      lab.book.add(lab.row(hostIn(ATTACKER, n % 256), { port: 1 + Math.floor(n / 256) }), hostIn(ATTACKER, 7));
    }
    expect(bucketsOf(lab, [...lab.book]).size).toBe(1);
    expect(lab.book.size).toBeLessThanOrEqual(64);
  });

  it('gets no more by telling them again and again', () => {
    const lab = new BookLab({ maximum: MAXIMUM, seed: 11 });
    tellHonestly(lab);
    flood(lab);
    const { size } = lab.book;
    flood(lab);
    expect(lab.book.size).toBe(size);
  });
});

describe('a network whose 5,000 addresses were all reached', () => {
  it('gets a few buckets of tried, and a small part of the picks', () => {
    const lab = new BookLab({ maximum: MAXIMUM, seed: 12 });
    const honest = Array.from({ length: 500 }, (_, n) => lab.row(hostIn(n, 1)));
    for (const row of honest) lab.reached(row);
    for (let n = 0; n < 5000; n++) {
      lab.reached(lab.row(hostIn(ATTACKER, n % 256), { port: 1 + Math.floor(n / 256) }));
      const occupant = lab.book.contested();
      if (occupant !== undefined) lab.book.settle(occupant, !isOfAttacker(occupant));
    }
    const tried = [...lab.book].filter(
      (record) => isOfAttacker(record) && lab.book.standing(record)?.table === 'tried',
    );
    expect(bucketsOf(lab, tried).size).toBeLessThanOrEqual(PLAN.tried.reach);
    const share = shareOfPicks(lab, 'tried', isOfAttacker);
    expect(share).toBeLessThan(0.1);
    expect(honest.filter((row) => lab.book.standing(row)?.table === 'tried').length).toBeGreaterThan(450);
  });
});
