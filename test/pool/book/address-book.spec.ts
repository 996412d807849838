import { describe, expect, it } from '@jest/globals';
import { planOf } from '../../../src/pool/book/book-plan.js';
import type { BookRecord } from '../../../src/pool/book/book-record.js';
import { ALL, BookLab, DAY, hostIn, HOUR, type Row } from './book-lab.js';

const SOURCE = '10.0.0.1';

/** One place in new, one in tried: everybody meets there. */
const TINY = 2;

/** A source of its own group. */
function source(n: number): string {
  return hostIn(100_000 + n, 1);
}

/** A lab in whose book the row stands in two places of new or more. */
function withSeveralPlaces(lab: BookLab, row: Row): void {
  for (let n = 0; n < 200 && (lab.book.standing(row)?.places.length ?? 0) < 2; n++) lab.book.add(row, source(n));
  expect(lab.book.standing(row)?.places).toHaveLength(2);
}

describe('an address book', () => {
  it('puts what it is told into new', () => {
    const { book, ...lab } = new BookLab();
    const row = new BookLab().row('1.2.3.4');
    expect(book.has(row)).toBe(false);
    expect(book.standing(row)).toBeUndefined();
    expect(book.add(row, SOURCE)).toBe('added');
    expect(book.has(row)).toBe(true);
    expect(book.size).toBe(1);
    expect(book.counts).toEqual({ fresh: 1, tried: 0 });
    expect(book.standing(row)).toMatchObject({ table: 'new', places: [{}], waits: false });
    expect(lab.dropped).toEqual([]);
  });

  it('knows addresses by host and port, and keeps the row it was given last', () => {
    const lab = new BookLab();
    const [first, second] = [lab.row('1.2.3.4'), lab.row('1.2.3.4', { failuresInARow: 1 })];
    lab.book.add(first, SOURCE);
    expect(lab.book.has({ ...first })).toBe(true);
    expect(lab.book.has(lab.row('1.2.3.4', { port: 1 }))).toBe(false);
    expect(lab.book.add(second, SOURCE)).toBe('known');
    expect([...lab.book]).toEqual([second]);
    expect([...lab.book][0]).toBe(second);
    expect(lab.book.pick('any', ALL)).toBe(second);
    lab.book.remove({ ...second });
    expect(lab.book.size).toBe(0);
  });

  it('iterates over all', () => {
    const lab = new BookLab();
    const rows = lab.rows(300);
    for (const [i, row] of rows.entries()) lab.book.add(row, source(i));
    for (const row of rows.slice(0, 20)) lab.reached(row);
    expect(new Set(lab.book)).toEqual(new Set(rows.filter((row) => lab.book.has(row))));
    expect(lab.hosts()).toHaveLength(lab.book.size);
  });

  it.each([1, 0, 10.5])('has no use for %p rows', (maximum) => {
    expect(() => new BookLab({ maximum })).toThrow(RangeError);
  });

  it('needs a secret', () => {
    expect(() => new BookLab({ secret: new Uint8Array(8) })).toThrow(RangeError);
  });
});

describe('a newcomer whose place in new is taken', () => {
  it('does not get in while the other is sound', () => {
    const lab = new BookLab({ maximum: TINY });
    const [a, b] = [lab.row('1.1.1.1'), lab.row('2.2.2.2')];
    lab.book.add(a, SOURCE);
    expect(lab.book.add(b, SOURCE)).toBe('full');
    expect(lab.hosts()).toEqual(['1.1.1.1']);
    expect(lab.dropped).toEqual([]);
  });

  it('takes it from one that has expired, which is dropped', () => {
    const lab = new BookLab({ maximum: TINY });
    const [a, b] = [lab.expiredRow('1.1.1.1'), lab.row('2.2.2.2')];
    lab.book.add(a, SOURCE);
    expect(lab.book.add(b, SOURCE)).toBe('added');
    expect(lab.hosts()).toEqual(['2.2.2.2']);
    expect(lab.dropped).toEqual([a]);
  });

  it('takes it from one that stands elsewhere too, which stays', () => {
    const lab = new BookLab({ maximum: 5 }); // four places in new, each a bucket
    const a = lab.row('1.1.1.1');
    withSeveralPlaces(lab, a);
    for (let n = 0; n < 60; n++) lab.book.add(lab.row(hostIn(n, 1)), source(n));
    expect(lab.book.standing(a)?.places).toHaveLength(1);
    expect(lab.book.counts).toEqual({ fresh: 4, tried: 0 });
    expect(lab.dropped).toEqual([]);
  });

  it('does not take a further place from one that stands elsewhere too, when it has one itself', () => {
    const lab = new BookLab({ maximum: 3 }); // two places in new
    const a = lab.row('1.1.1.1');
    withSeveralPlaces(lab, a);
    const b = lab.row('2.2.2.2');
    expect(lab.book.add(b, SOURCE)).toBe('added');
    for (let n = 0; n < 60; n++) expect(lab.book.add(b, source(n))).toBe('known');
    expect(lab.book.standing(a)?.places).toHaveLength(1);
  });
});

describe('an address that is told again', () => {
  it('gets no more places from the same group of sources', () => {
    const lab = new BookLab();
    const row = lab.row('1.2.3.4');
    lab.book.add(row, '10.0.0.1');
    for (let n = 0; n < 100; n++) expect(lab.book.add(row, `10.0.0.${n}`)).toBe('known');
    expect(lab.book.standing(row)?.places).toHaveLength(1);
  });

  it('gets up to four from others, each half as likely as the one before', () => {
    const lab = new BookLab({ maximum: 1_000_000 });
    const rows = lab.rows(4000);
    const standing = [rows, [], [], [], []] as Row[][];
    for (const [i, row] of rows.entries()) lab.book.add(row, source(i));
    standing[1] = rows;
    for (const places of [1, 2, 3]) {
      const luckyOnes = standing[places]!.filter(
        (row, i) => lab.book.add(row, source(i * 5 + places)) === 'another-place',
      );
      expect(luckyOnes.length / standing[places]!.length).toBeCloseTo(1 / 2 ** places, 1);
      standing[places + 1] = luckyOnes;
      for (const row of luckyOnes) expect(lab.book.standing(row)?.places).toHaveLength(places + 1);
    }
    const [row] = standing[4] as [Row];
    for (let n = 0; n < 300; n++) expect(lab.book.add(row, source(n))).toBe('known');
    expect(lab.book.counts.fresh).toBe(lab.book.size);
  });

  it('gets none when it is in tried', () => {
    const lab = new BookLab();
    const row = lab.row('1.2.3.4');
    lab.reached(row);
    for (let n = 0; n < 50; n++) expect(lab.book.add(row, source(n), { restored: n % 2 === 0 })).toBe('known');
    expect(lab.book.standing(row)).toMatchObject({ table: 'tried', places: [{}] });
  });
});

describe('a restored address', () => {
  it('that we have reached goes to tried', () => {
    const lab = new BookLab();
    const row = lab.row('1.2.3.4', { lastSuccessAtMs: lab.clock.now() - DAY });
    expect(lab.book.add(row, SOURCE, { restored: true })).toBe('added');
    expect(lab.book.counts).toEqual({ fresh: 0, tried: 1 });
  });

  it('that we have not reached goes to new', () => {
    const lab = new BookLab();
    expect(lab.book.add(lab.row('1.2.3.4'), SOURCE, { restored: true })).toBe('added');
    expect(lab.book.counts).toEqual({ fresh: 1, tried: 0 });
  });

  it('goes to new when its place in tried is taken', () => {
    const lab = new BookLab({ maximum: TINY });
    const rows = ['1.1.1.1', '2.2.2.2', '3.3.3.3'].map((host) => lab.row(host, { lastSuccessAtMs: lab.clock.now() }));
    expect(rows.map((row) => lab.book.add(row, SOURCE, { restored: true }))).toEqual(['added', 'added', 'full']);
    expect(rows.map((row) => lab.book.standing(row)?.table)).toEqual(['tried', 'new', undefined]);
    expect(lab.book.contested()).toBeUndefined();
  });

  it('that was told meanwhile moves to tried', () => {
    const lab = new BookLab();
    withSeveralPlaces(lab, lab.row('1.2.3.4'));
    const stored = lab.row('1.2.3.4', { lastSuccessAtMs: lab.clock.now() - DAY });
    expect(lab.book.add(stored, SOURCE, { restored: true })).toBe('known');
    expect(lab.book.standing(stored)).toMatchObject({ table: 'tried', places: [{}] });
    expect([...lab.book][0]).toBe(stored);
  });

  it('that is only told goes to new, whatever its row says', () => {
    const lab = new BookLab();
    lab.book.add(lab.row('1.2.3.4', { lastSuccessAtMs: lab.clock.now() }), SOURCE);
    expect(lab.book.counts).toEqual({ fresh: 1, tried: 0 });
  });
});

describe('an address that we have reached', () => {
  it('moves from all its places in new to tried', () => {
    const lab = new BookLab({ maximum: 5 });
    const row = lab.row('1.2.3.4');
    withSeveralPlaces(lab, row);
    lab.reached(row);
    expect(lab.book.counts).toEqual({ fresh: 0, tried: 1 });
    expect(lab.book.standing(row)).toMatchObject({ table: 'tried', places: [{}], waits: false });
    for (let n = 0; n < 60; n++) lab.book.add(lab.row(hostIn(n, 1)), source(n));
    expect(lab.book.counts.fresh).toBe(4); // all places are free again
  });

  it('enters tried when it was not in the book', () => {
    const lab = new BookLab();
    lab.reached(lab.row('1.2.3.4'));
    expect(lab.book.counts).toEqual({ fresh: 0, tried: 1 });
  });

  it('waits in new when its place is taken, even if it was not in the book and its place there was taken, too', () => {
    const lab = new BookLab({ maximum: TINY });
    const [a, b, c] = [lab.row('1.1.1.1'), lab.row('2.2.2.2'), lab.row('3.3.3.3')];
    lab.reached(a);
    lab.book.add(b, SOURCE);
    lab.reached(c);
    expect(lab.dropped).toEqual([b]);
    expect(lab.book.standing(a)).toMatchObject({ table: 'tried', waits: false });
    expect(lab.book.standing(c)).toMatchObject({ table: 'new', waits: true });
  });

  it('does not enter at the cost of one who waits', () => {
    const lab = new BookLab({ maximum: TINY });
    const [a, b, c] = [lab.row('1.1.1.1'), lab.row('2.2.2.2'), lab.row('3.3.3.3')];
    for (const row of [a, b, c]) lab.reached(row);
    expect(lab.hosts()).toEqual(['1.1.1.1', '2.2.2.2']);
    expect(lab.dropped).toEqual([]);
  });
});

/** A stands in tried, and was reached yesterday; B, reached just now, waits for the place. */
function contest(options: { readonly protectedHosts?: readonly string[] } = {}) {
  const lab = new BookLab({ maximum: TINY, ...options });
  const [a, b] = [lab.row('1.1.1.1'), lab.row('2.2.2.2')];
  lab.reached(a);
  a.lastAttemptAtMs = a.lastSuccessAtMs = lab.clock.now() - DAY;
  lab.reached(b);
  return { lab, book: lab.book, a, b };
}

describe('a contested place', () => {
  it('is told, again and again', () => {
    const { book, a } = contest();
    expect(book.contested()).toBe(a);
    expect(book.contested()).toBe(a);
  });

  it('stays with one that answered', () => {
    const { lab, book, a, b } = contest();
    book.settle(a, true);
    expect(book.standing(a)?.table).toBe('tried');
    expect(book.standing(b)).toMatchObject({ table: 'new', waits: false });
    expect(book.contested()).toBeUndefined();
    expect(lab.dropped).toEqual([]);
  });

  it('stays with one that was reached for another reason', () => {
    const { lab, book, a, b } = contest();
    lab.reached(a);
    expect(book.standing(a)?.table).toBe('tried');
    expect(book.standing(b)?.waits).toBe(false);
  });

  it('goes to the newcomer when the other did not answer, and the other goes back to new', () => {
    const { lab, book, a, b } = contest();
    book.settle(a, false);
    expect(book.standing(b)).toMatchObject({ table: 'tried', waits: false });
    expect(book.standing(a)).toMatchObject({ table: 'new', places: [{}] });
    expect(book.contested()).toBeUndefined();
    expect(lab.dropped).toEqual([]);
  });

  it.each<[string, (a: Row, nowMs: number) => void, 'new' | 'tried']>([
    ['stays with one that was reached within 4 hours', (a, now) => (a.lastSuccessAtMs = now - 4 * HOUR + 1), 'tried'],
    ['goes when the other was dialled in vain within them', (a, now) => (a.lastAttemptAtMs = now - 60_000), 'new'],
    ['goes even at their end', (a, now) => (a.lastAttemptAtMs = now - 4 * HOUR + 1), 'new'],
  ])('%s', (_, happened, table) => {
    const { lab, book, a } = contest();
    happened(a, lab.clock.now());
    expect(book.contested()).toBeUndefined();
    expect(book.standing(a)?.table).toBe(table);
  });

  it.each<[string, (a: Row, nowMs: number) => void]>([
    ['was reached longer ago', (a, now) => (a.lastSuccessAtMs = now - 4 * HOUR)],
    ['is being dialled', (a, now) => (a.lastAttemptAtMs = now - 59_999)],
    ['was dialled in vain longer ago', (a, now) => (a.lastAttemptAtMs = now - 4 * HOUR)],
  ])('waits for the test when the other %s', (_, happened) => {
    const { lab, book, a } = contest();
    happened(a, lab.clock.now());
    expect(book.contested()).toBe(a);
    expect(book.standing(a)?.table).toBe('tried');
  });

  it('goes to the newcomer when nobody tested for 40 minutes, also if only expire is called', async () => {
    const { lab, book, a, b } = contest();
    await lab.clock.advance(40 * 60_000);
    expect(book.expire()).toBe(0);
    expect(book.contested()).toBe(a);
    await lab.clock.advance(1);
    expect(book.expire()).toBe(0);
    expect(book.standing(b)?.table).toBe('tried');
    expect(book.standing(a)?.table).toBe('new');
  });

  it('goes to the newcomer when the other is taken out', () => {
    const { book, a, b } = contest();
    book.remove(a);
    expect(book.contested()).toBeUndefined();
    expect(book.standing(b)?.table).toBe('tried');
    expect(book.size).toBe(1);
  });

  it('stays when the newcomer is taken out', () => {
    const { book, a, b } = contest();
    book.remove(b);
    expect(book.contested()).toBeUndefined();
    expect(book.standing(a)?.table).toBe('tried');
  });

  it('goes to nobody when nobody waits, or the address is not there', () => {
    const { lab, book, a, b } = contest();
    book.settle(b, false);
    book.settle(lab.row('9.9.9.9'), false);
    expect(book.contested()).toBe(a);
    book.settle(a, true);
    book.settle(a, false);
    expect(book.standing(a)?.table).toBe('tried');
  });

  it('keeps its newcomer, who gives up no last place in new', () => {
    const { lab, book, b } = contest();
    b.lastSeenAtMs = lab.clock.now() - 31 * DAY;
    b.lastAttemptAtMs = lab.clock.now() - DAY;
    expect(book.add(lab.row('3.3.3.3'), SOURCE)).toBe('full');
    expect(book.standing(b)?.waits).toBe(true);
  });

  it('goes to whoever waits longest, and at most ten wait', async () => {
    const lab = new BookLab({ maximum: 5000 });
    const day = lab.clock.now() - DAY;
    for (const row of lab.rows(4000)) lab.book.add(row, SOURCE, { restored: true });
    const waiting: Row[] = [];
    for (let n = 0; n < 1000 && waiting.length < 10; n++) {
      const row = lab.row(hostIn(5000 + n, 1));
      lab.reached(row);
      await lab.clock.advance(1);
      if (lab.book.standing(row)?.waits === true) waiting.push(row);
      row.lastAttemptAtMs = row.lastSuccessAtMs = day;
    }
    for (let n = 0; n < 500; n++) {
      const row = lab.row(hostIn(9000 + n, 1));
      lab.reached(row);
      row.lastAttemptAtMs = row.lastSuccessAtMs = day;
      expect(lab.book.standing(row)?.waits ?? false).toBe(false);
    }
    const winners: Row[] = [];
    for (let n = 0; n < 10; n++) {
      lab.book.settle(lab.book.contested()!, false);
      winners.push(...waiting.filter((row) => lab.book.standing(row)?.table === 'tried' && !winners.includes(row)));
    }
    expect(winners).toEqual(waiting);
    expect(lab.book.contested()).toBeUndefined();
  });
});

/** A lost to B; new had two places, of which C has the other. Whether A and C meet depends on the secret. */
function lost(secretByte: number, protectedHosts: readonly string[]) {
  const lab = new BookLab({ maximum: 3, secret: new Uint8Array(32).fill(secretByte), protectedHosts });
  const [a, b, c] = [lab.row('1.1.1.1'), lab.row('2.2.2.2'), lab.row('3.3.3.3')];
  lab.reached(a);
  a.lastAttemptAtMs = a.lastSuccessAtMs = lab.clock.now() - DAY;
  lab.reached(b);
  for (let n = 0; n < 200 && !lab.book.has(c); n++) lab.book.add(c, source(n));
  expect(lab.book.size).toBe(3);
  lab.book.settle(a, false);
  expect(lab.book.standing(b)?.table).toBe('tried');
  return { dropped: lab.dropped, a, c };
}

describe('one that lost its place in tried', () => {
  const SECRETS = Array.from({ length: 20 }, (_, i) => i);

  it('pushes out whoever stands in its place in new', () => {
    const pushed = SECRETS.map((secret) => lost(secret, [])).filter(({ dropped }) => dropped.length > 0);
    expect(pushed.length).toBeGreaterThan(3);
    expect(pushed.length).toBeLessThan(17);
    for (const { dropped, c } of pushed) expect(dropped).toEqual([c]);
  });

  it('is dropped itself where a protected one stands', () => {
    const refused = SECRETS.map((secret) => lost(secret, ['3.3.3.3'])).filter(({ dropped }) => dropped.length > 0);
    expect(refused.length).toBeGreaterThan(3);
    expect(refused.length).toBeLessThan(17);
    for (const { dropped, a } of refused) expect(dropped).toEqual([a]);
  });

  it('goes to a bucket of its source', () => {
    const lab = new BookLab({ maximum: 5000 });
    const rows = Array.from({ length: 4000 }, (_, n) => lab.row(hostIn(n, 1), { learntFrom: SOURCE }));
    const yesterday = lab.clock.now() - DAY;
    const buckets = new Set<number>();
    for (const row of rows) {
      lab.reached(row);
      row.lastAttemptAtMs = row.lastSuccessAtMs = yesterday;
      const occupant = lab.book.contested();
      if (occupant === undefined) continue;
      lab.book.settle(occupant, false);
      for (const { bucket } of lab.book.standing(occupant)?.places ?? []) buckets.add(bucket);
    }
    expect(buckets.size).toBeGreaterThan(1);
    expect(buckets.size).toBeLessThanOrEqual(planOf(5000).fresh.reach);
  });
});

describe('a protected address', () => {
  const SEED = '1.1.1.1';

  it('gives its place to nobody, and never expires', async () => {
    const lab = new BookLab({ maximum: TINY, protectedHosts: [SEED] });
    const seed = lab.expiredRow(SEED);
    lab.book.add(seed, SEED);
    expect(lab.book.add(lab.row('2.2.2.2'), SOURCE)).toBe('full');
    await lab.clock.advance(90 * DAY);
    expect(lab.book.expire()).toBe(0);
    lab.reached(lab.row('3.3.3.3'));
    lab.reached(lab.row('4.4.4.4'));
    expect(lab.hosts()).toEqual([SEED, '3.3.3.3']);
    expect(lab.dropped).toEqual([]);
  });

  it('takes the place of a sound one that is not', () => {
    const lab = new BookLab({ maximum: TINY, protectedHosts: [SEED] });
    const other = lab.row('2.2.2.2');
    lab.book.add(other, SOURCE);
    expect(lab.book.add(lab.row(SEED), SEED)).toBe('added');
    expect(lab.hosts()).toEqual([SEED]);
    expect(lab.dropped).toEqual([other]);
  });

  it('takes another place of its bucket, where another protected one stands', () => {
    const hosts = Array.from({ length: 50 }, (_, n) => hostIn(7, n)); // one group from one source: one bucket of 50 places
    const lab = new BookLab({ maximum: 1000, protectedHosts: hosts });
    for (const host of hosts) expect(lab.book.add(lab.row(host), SOURCE)).toBe('added');
    expect(lab.book.size).toBe(50);
    expect(lab.book.add(lab.row(hostIn(7, 51)), SOURCE)).toBe('full');
  });

  it('does not get in where all are protected', () => {
    const lab = new BookLab({ maximum: TINY, protectedHosts: [SEED, '2.2.2.2'] });
    expect(lab.book.add(lab.row(SEED), SEED)).toBe('added');
    expect(lab.book.add(lab.row('2.2.2.2'), SEED)).toBe('full');
  });

  it('goes back from tried to new, whoever stands there', () => {
    const { lab, book, a, b } = contest({ protectedHosts: [SEED] });
    book.settle(a, false);
    expect(book.standing(a)?.table).toBe('new');
    expect(book.standing(b)?.table).toBe('tried');
    expect(lab.dropped).toEqual([]);
  });

  it('goes to the place that the newcomer left, when all others are protected', () => {
    const protectedHosts = Array.from({ length: 40 }, (_, n) => hostIn(n, 1));
    for (let seed = 0; seed < 20; seed++) {
      const lab = new BookLab({ maximum: 5, protectedHosts, secret: new Uint8Array(32).fill(seed) });
      const rows = protectedHosts.map((host) => lab.row(host));
      lab.reached(rows[0]!);
      rows[0]!.lastAttemptAtMs = rows[0]!.lastSuccessAtMs = lab.clock.now() - DAY;
      for (const [n, row] of rows.entries()) lab.book.add(row, source(n));
      expect(lab.book.counts).toEqual({ fresh: 4, tried: 1 });
      const newcomer = rows.find((row) => lab.book.standing(row)?.table === 'new')!;
      lab.reached(newcomer);
      lab.book.settle(rows[0]!, false);
      expect(lab.book.standing(rows[0]!)?.table).toBe('new');
      expect(lab.book.counts).toEqual({ fresh: 4, tried: 1 });
      expect(lab.dropped).toEqual([]);
    }
  });

  it('is taken out when its owner says so', () => {
    const lab = new BookLab({ protectedHosts: [SEED] });
    const seed = lab.row(SEED);
    lab.book.add(seed, SEED);
    lab.book.remove(seed);
    expect(lab.book.size).toBe(0);
  });
});

describe('removing', () => {
  it('takes an address out of all its places, and tells nobody', () => {
    const lab = new BookLab({ maximum: 5 });
    const row = lab.row('1.2.3.4');
    withSeveralPlaces(lab, row);
    lab.book.remove(row);
    lab.book.remove(row);
    expect(lab.book.size).toBe(0);
    expect(lab.dropped).toEqual([]);
    expect(lab.book.pick('any', ALL)).toBeUndefined();
    for (let n = 0; n < 60; n++) lab.book.add(lab.row(hostIn(n, 1)), source(n));
    expect(lab.book.counts.fresh).toBe(4);
  });

  it('works for one in tried', () => {
    const lab = new BookLab({ maximum: TINY });
    const row = lab.row('1.2.3.4');
    lab.reached(row);
    lab.book.remove(row);
    expect(lab.book.counts).toEqual({ fresh: 0, tried: 0 });
    lab.reached(lab.row('2.2.2.2'));
    expect(lab.book.counts).toEqual({ fresh: 0, tried: 1 });
  });
});

describe('expiring', () => {
  it('drops what has expired, in both tables, and tells how many and whom', () => {
    const lab = new BookLab();
    const rows = lab.rows(200);
    for (const [i, row] of rows.entries()) lab.book.add(row, source(i));
    for (const row of rows.slice(0, 20)) lab.reached(row);
    const expired = rows.filter((row, i) => i % 3 === 0 && lab.book.has(row));
    for (const row of expired) {
      row.failuresInARow = 10;
      row.lastAttemptAtMs = lab.clock.now() - HOUR;
      row.lastSuccessAtMs &&= lab.clock.now() - 8 * DAY;
    }
    const before = lab.book.size;
    expect(lab.book.expire()).toBe(expired.length);
    expect(lab.book.size).toBe(before - expired.length);
    expect(new Set(lab.dropped)).toEqual(new Set(expired));
    expect(lab.book.expire()).toBe(0);
  });

  it('looks at a thousand a call, and goes round', () => {
    const lab = new BookLab({ maximum: 100_000 });
    for (const [i, row] of lab.rows(3500).entries()) lab.book.add({ ...row, failuresInARow: 3 }, source(i));
    const { size } = lab.book;
    expect(size).toBeGreaterThan(3200);
    expect([1, 2, 3, 4, 5].map(() => lab.book.expire())).toEqual([1000, 1000, 1000, size - 3000, 0]);

    const sound = lab.rows(3500);
    for (const [i, row] of sound.entries()) lab.book.add(row, source(i));
    for (let n = 0; n < 4; n++) expect(lab.book.expire()).toBe(0);
    for (const row of sound) row.failuresInARow = 3;
    const dropped = [1, 2, 3, 4].map(() => lab.book.expire());
    expect(dropped.every((count) => count <= 1000)).toBe(true);
    expect(lab.book.size).toBe(0);
  });

  it('of an empty book drops nothing', () => {
    expect(new BookLab().book.expire()).toBe(0);
  });
});

describe('whoever is told of dropped addresses', () => {
  it('may use the book', () => {
    const stillThere: BookRecord[] = [];
    const outcomes: string[] = [];
    const lab: BookLab = new BookLab({
      maximum: 100,
      onDropped: (record) => {
        if (lab.book.has(record)) stillThere.push(record);
        lab.book.remove(record);
        outcomes.push(lab.book.add(lab.row('9.9.9.9'), source(1)));
      },
    });
    for (let n = 0; n < 30; n++) lab.book.add(lab.expiredRow(hostIn(n, 1)), source(n));
    const rows = [...lab.book];
    lab.book.expire();
    expect(stillThere).toEqual([]);
    expect(outcomes[0]).toMatch(/added|known/);
    expect(lab.hosts()).toEqual(['9.9.9.9']);
    expect(new Set(lab.dropped).size).toBe(lab.dropped.length);
    expect(lab.dropped).toEqual(expect.arrayContaining(rows.filter(({ host }) => host !== '9.9.9.9')));
  });
});
