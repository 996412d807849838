import { describe, expect, it } from '@jest/globals';
import type { BookRecord } from '../../../src/pool/book/book-record.js';
import { DRAWS, SEARCHED } from '../../../src/pool/book/random-pick.js';
import { ALL, BookLab, DAY, groupOf24, hostIn, MINUTE, type Row } from './book-lab.js';

function source(n: number): string {
  return hostIn(100_000 + n, 1);
}

/** A book with so many rows in it, a sixth of them in tried. */
function bookWith(count: number, options: { readonly maximum?: number; readonly seed?: number } = {}) {
  const lab = new BookLab({ maximum: count * 8, ...options });
  const rows = lab.rows(count);
  for (const [i, row] of rows.entries()) {
    if (i % 6 === 0) row.lastSuccessAtMs = lab.clock.now() - DAY;
    lab.book.add(row, source(i), { restored: true });
  }
  return { lab, book: lab.book, rows: rows.filter((row) => lab.book.has(row)) };
}

function shareOf(rows: readonly (BookRecord | undefined)[], belongs: (record: BookRecord) => boolean): number {
  return rows.filter((row) => row !== undefined && belongs(row)).length / rows.length;
}

/** A network with many addresses. */
const CROWD = 777;

function isOfCrowd({ host }: BookRecord): boolean {
  return groupOf24(host) === groupOf24(hostIn(CROWD, 0));
}

describe('picking', () => {
  it.each(['new', 'tried', 'any'] as const)('from %s finds nobody in an empty book', (from) => {
    expect(new BookLab().book.pick(from, ALL)).toBeUndefined();
  });

  it('takes from the table that is asked for; from either as often', () => {
    const { book } = bookWith(600);
    const picks = (from: 'new' | 'tried' | 'any') => Array.from({ length: 2000 }, () => book.pick(from, ALL));
    const isTried = (record: BookRecord): boolean => book.standing(record)?.table === 'tried';
    expect(shareOf(picks('new'), isTried)).toBe(0);
    expect(shareOf(picks('tried'), isTried)).toBe(1);
    expect(shareOf(picks('any'), isTried)).toBeCloseTo(0.5, 1);
  });

  it('takes from the other table when there is nobody', () => {
    const { book, rows } = bookWith(60);
    const isFresh = (record: BookRecord): boolean => book.standing(record)?.table === 'new';
    const [last, ...others] = rows.filter(isFresh);
    for (const row of others) book.remove(row);
    for (let n = 0; n < 50; n++) expect(book.pick('any', isFresh)).toBe(last);
    for (let n = 0; n < 50; n++) expect(book.standing(book.pick('any', (row) => !isFresh(row))!)?.table).toBe('tried');
    expect(book.pick('tried', isFresh)).toBeUndefined();
  });

  it('takes only who is eligible, and everybody in time', () => {
    const { book, rows } = bookWith(300);
    const eligible = new Set(rows.filter((_, i) => i % 2 === 0));
    const picked = new Set<BookRecord>();
    for (let n = 0; n < 10_000; n++) picked.add(book.pick('any', (row) => eligible.has(row))!);
    expect(picked).toEqual(eligible);
  });

  it('draws buckets, so a crowded one counts no more than others', () => {
    const lab = new BookLab();
    for (const [i, row] of lab.rows(30).entries()) lab.book.add(row, source(i));
    for (let n = 0; n < 256; n++) lab.book.add(lab.row(hostIn(CROWD, n)), source(999)); // one group from one source: one bucket
    expect(Array.from(lab.book).filter(isOfCrowd).length).toBeGreaterThan(50);
    const picks = Array.from({ length: 6000 }, () => lab.book.pick('new', ALL));
    expect(shareOf(picks, isOfCrowd)).toBeLessThan(0.06);
    expect(shareOf(picks, isOfCrowd)).toBeGreaterThan(0.02);
  });

  it('takes those less likely that failed often, or were dialled just now', () => {
    const { lab, book, rows } = bookWith(400);
    const [failed, recent] = [rows.filter((_, i) => i % 4 === 1), rows.filter((_, i) => i % 4 === 3)];
    for (const row of failed) row.failuresInARow = 2;
    for (const row of recent) row.lastAttemptAtMs = lab.clock.now() - 5 * MINUTE;
    const picks = Array.from({ length: 8000 }, () => book.pick('new', ALL));
    const [isFailed, isRecent] = [new Set<BookRecord>(failed), new Set<BookRecord>(recent)];
    const sound = 1 - shareOf(picks, (row) => isFailed.has(row) || isRecent.has(row));
    expect((shareOf(picks, (row) => isFailed.has(row)) * 2) / sound).toBeGreaterThan(0.38); // 0.66 ** 2 and some patience
    expect((shareOf(picks, (row) => isFailed.has(row)) * 2) / sound).toBeLessThan(0.7);
    expect(shareOf(picks, (row) => isRecent.has(row))).toBeLessThan(0.02);
  });

  it('takes even those when there are no others', () => {
    const { lab, book, rows } = bookWith(400);
    for (const row of rows) {
      row.failuresInARow = 20;
      row.lastAttemptAtMs = lab.clock.now();
    }
    for (let n = 0; n < 200; n++) expect(book.pick('any', ALL)).toBeDefined();
  });

  it('takes the better ones of those, and is patient enough to draw them', () => {
    const { lab, book, rows } = bookWith(400);
    for (const [i, row] of rows.entries()) {
      row.failuresInARow = i % 2 === 0 ? 0 : 8;
      row.lastAttemptAtMs = lab.clock.now();
    }
    const picks = Array.from({ length: 2000 }, () => book.pick('any', ALL));
    expect(shareOf(picks, ({ failuresInARow }) => failuresInARow === 0)).toBeGreaterThan(0.85);
  });

  it('overlooks nobody in a small table', () => {
    const { book, rows } = bookWith(1000);
    for (const row of rows) expect(book.pick('any', (other) => other === row)).toBe(row);
  });

  it('overlooks nobody for long in a large one', () => {
    const { book, rows } = bookWith(20_000);
    const rounds = Math.ceil(book.counts.fresh / SEARCHED) + 1;
    for (const row of rows.filter((other) => book.standing(other)?.table === 'new').slice(0, 40)) {
      const picks = Array.from({ length: rounds }, () => book.pick('new', (other) => other === row));
      expect(picks).toContain(row);
    }
  });

  it.each([1000, 10_000, 100_000])('asks a bounded number of times who is eligible among %p', (count) => {
    const { book } = bookWith(count);
    expect(book.size).toBeGreaterThan(count * 0.9);
    let asked = 0;
    const counting = (answer: boolean) => (): boolean => {
      asked++;
      return answer;
    };
    for (let n = 0; n < 20; n++) {
      asked = 0;
      expect(book.pick('any', counting(false))).toBeUndefined();
      expect(asked).toBeLessThanOrEqual(2 * (DRAWS + SEARCHED + 63));
      asked = 0;
      expect(book.pick('any', counting(true))).toBeDefined();
      expect(asked).toBe(1);
    }
  });

  it('is repeated by the same seed and secret', () => {
    const [a, b] = [bookWith(500, { seed: 9 }), bookWith(500, { seed: 9 })];
    const picksOf = ({ book }: typeof a): (string | undefined)[] =>
      Array.from({ length: 200 }, () => book.pick('any', ALL)?.host);
    expect(picksOf(a)).toEqual(picksOf(b));
  });
});

describe('a sample', () => {
  it('is of different addresses, as many as wanted', () => {
    const { book, rows } = bookWith(2000);
    const sample = book.sample(200, ALL);
    expect(new Set(sample).size).toBe(200);
    expect(sample.every((record) => rows.includes(record as Row))).toBe(true);
  });

  it('is of at most 23 % of the book', () => {
    const { book } = bookWith(100);
    expect(book.sample(200, ALL)).toHaveLength(Math.floor(book.size * 0.23));
  });

  it.each([1, 2, 4])('is of one at least: of %p', (count) => {
    const { book } = bookWith(count, { maximum: 1000 });
    expect(book.sample(200, ALL)).toHaveLength(1);
  });

  it.each([0, -1])('is of nobody when %p are wanted', (count) => {
    expect(bookWith(100).book.sample(count, ALL)).toEqual([]);
  });

  it('of an empty book is of nobody', () => {
    expect(new BookLab().book.sample(200, ALL)).toEqual([]);
  });

  it('has none that expired, and only who is eligible', () => {
    const { lab, book, rows } = bookWith(2000);
    const expired = rows.filter(({ lastSuccessAtMs }, i) => lastSuccessAtMs === null && i % 4 === 1);
    const banned = new Set<BookRecord>(rows.filter((_, i) => i % 4 === 2));
    for (const row of expired) {
      row.lastAttemptAtMs = lab.clock.now() - DAY;
      row.failuresInARow = 3;
    }
    const sample = book.sample(200, (record) => !banned.has(record));
    expect(sample).toHaveLength(200);
    expect(sample.filter((record) => banned.has(record) || expired.includes(record as Row))).toEqual([]);
  });

  it('is of anybody in time', () => {
    const { book, rows } = bookWith(300);
    const seen = new Set<BookRecord>();
    for (let n = 0; n < 60; n++) for (const record of book.sample(200, ALL)) seen.add(record);
    expect(seen.size).toBe(rows.length);
  });

  it.each([1000, 10_000, 100_000])('looks at a bounded number of %p', (count) => {
    const { book } = bookWith(count);
    let asked = 0;
    const looks = (wanted: number): number => {
      asked = 0;
      expect(book.sample(wanted, () => ++asked < 0)).toEqual([]);
      return asked;
    };
    expect(looks(200)).toBeLessThanOrEqual(4 * 200 + 64);
    expect(looks(1)).toBeLessThanOrEqual(4 + 64);
  });
});
