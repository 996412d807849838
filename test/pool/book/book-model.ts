import { planOf, type BookPlan } from '../../../src/pool/book/book-plan.js';
import type { BookStanding } from '../../../src/pool/book/address-book.js';
import type { BookRecord } from '../../../src/pool/book/book-record.js';
import { ALL, BookLab, groupOf24, hostIn, type Row } from './book-lab.js';

const NETWORKS = 8;
const PER_NETWORK = 10;
const SOURCES = 12;
/** Two of the addresses, in networks of their own. */
const PROTECTED: readonly string[] = [hostIn(0, 0), hostIn(3, 3)];

/** What may happen to a book. */
export const STEPS = [
  'add',
  'restore',
  'reach',
  'fail',
  'renew',
  'remove',
  'pick',
  'contested',
  'settle',
  'test',
  'sample',
  'expire',
  'wait',
] as const;

export interface Step {
  readonly kind: (typeof STEPS)[number];
  /** Which address. */
  readonly n: number;
  readonly source: number;
  readonly answered: boolean;
  readonly ms: number;
}

/** A book, and beside it what must be true of it, seen from outside. */
export class BookModel {
  readonly lab: BookLab;
  /** What was not as it must be. */
  readonly violations: string[] = [];
  readonly #plan: BookPlan;
  readonly #rows: Row[];
  readonly #reachOfSource = new Map<string, Set<number>>();
  readonly #reachOfGroup = new Map<string, Set<number>>();
  #before = new Map<string, BookStanding>();

  constructor(
    private readonly maximum: number,
    seed: number,
  ) {
    this.#plan = planOf(maximum);
    this.lab = new BookLab({ maximum, seed, protectedHosts: PROTECTED });
    this.#rows = Array.from({ length: NETWORKS * PER_NETWORK }, (_, n) => this.#newRow(n));
  }

  /** Does it, and looks what came of it. */
  async take(step: Step): Promise<void> {
    const row = this.#rows[step.n % this.#rows.length]!;
    this.#before = this.#standings();
    this.lab.dropped.length = 0;
    await this.#do(step, row);
    this.#check(step, row);
  }

  async #do(step: Step, row: Row): Promise<void> {
    const { book, clock } = this.lab;
    switch (step.kind) {
      case 'add':
      case 'restore':
        return this.#add(step, row);
      case 'reach':
        return this.lab.reached(row);
      case 'fail':
        row.lastAttemptAtMs = clock.now();
        row.failuresInARow++;
        return;
      case 'renew': // its owner forgot it, and was told of it again
        this.#rows[step.n % this.#rows.length] = this.#newRow(step.n % this.#rows.length);
        return;
      case 'remove':
        return book.remove(row);
      case 'pick':
        return this.#pick(step.n);
      case 'contested':
        return this.#contested();
      case 'settle':
        return book.settle(row, step.answered);
      case 'test':
        return book.settle(book.contested() ?? row, step.answered);
      case 'sample':
        return this.#sample(step.n);
      case 'expire':
        return this.#must(book.expire() === this.lab.dropped.length, 'expire tells how many it dropped');
      case 'wait':
        return clock.advance(step.ms);
      default:
        return step.kind satisfies never;
    }
  }

  #add(step: Step, row: Row): void {
    const { book } = this.lab;
    const places = book.standing(row)?.places.length ?? 0;
    const outcome = book.add(row, sourceOf(step), { restored: step.kind === 'restore' });
    const now = book.standing(row)?.places.length ?? 0;
    const expected = { added: [0, 1], full: [0, 0], known: [places, now], 'another-place': [places, places + 1] }[
      outcome
    ];
    this.#must(places === expected[0] && now === expected[1], `${outcome} means what it says`);
    this.#must(outcome === 'added' || outcome === 'full' ? places === 0 : places > 0, `${outcome} of the right ones`);
  }

  #pick(n: number): void {
    const { book } = this.lab;
    const eligible = ({ host }: BookRecord): boolean => host.endsWith(`${n % PER_NETWORK}`);
    const someFresh = [...book].some((record) => eligible(record) && book.standing(record)?.table === 'new');
    const someTried = [...book].some((record) => eligible(record) && book.standing(record)?.table === 'tried');
    for (const [from, some] of [
      ['new', someFresh],
      ['tried', someTried],
      ['any', someFresh || someTried],
    ] as const) {
      const picked = book.pick(from, eligible);
      this.#must((picked !== undefined) === some, `a pick from ${from} overlooks nobody`);
      this.#must(
        picked === undefined || (eligible(picked) && book.has(picked)),
        'only those who are eligible are picked',
      );
      const table = picked && book.standing(picked)?.table;
      this.#must(
        from === 'any' || table === undefined || table === from,
        'a pick is from the table that was asked for',
      );
    }
  }

  #contested(): void {
    const { book } = this.lab;
    const occupant = book.contested();
    const someWait = [...book].some((record) => book.standing(record)?.waits === true);
    this.#must((occupant !== undefined) === someWait, 'a place is contested while somebody waits');
    this.#must(!occupant || book.standing(occupant)?.table === 'tried', 'places in tried are contested');
  }

  #sample(count: number): void {
    const { book } = this.lab;
    const sample = book.sample(count, ALL);
    this.#must(new Set(sample).size === sample.length, 'a sample has nobody twice');
    this.#must(
      sample.every((record) => book.has(record)),
      'a sample is of the book',
    );
    this.#must(sample.length <= Math.min(count, Math.max(1, book.size * 0.23)), 'a sample is not of all');
  }

  #check(step: Step, row: Row): void {
    const { book } = this.lab;
    const now = this.#standings();
    this.#must(book.size === now.size && book.size <= this.maximum, 'the size is that of the book, and within bounds');
    const tried = [...now.values()].filter(({ table }) => table === 'tried');
    this.#must(book.counts.tried === tried.length, 'counts of tried');
    this.#must(book.counts.fresh === now.size - tried.length, 'counts of new');
    this.#must([...now.values()].filter(({ waits }) => waits).length <= 10, 'at most ten wait');
    this.#checkPlaces(now);
    this.#checkComers(step, row, now);
    this.#checkGoers(step, row, now);
  }

  #checkPlaces(now: ReadonlyMap<string, BookStanding>): void {
    const taken = new Set<string>();
    for (const [host, { table, places, waits }] of now) {
      const { buckets, placesPerBucket } = table === 'new' ? this.#plan.fresh : this.#plan.tried;
      this.#must(
        places.length >= 1 && places.length <= (table === 'new' ? 4 : 1),
        'one to four places in new, one in tried',
      );
      this.#must(!waits || table === 'new', 'those who wait are in new');
      for (const { bucket, position } of places) {
        this.#must(!taken.has(`${table} ${bucket} ${position}`), 'no place is taken twice');
        taken.add(`${table} ${bucket} ${position}`);
        this.#must(
          bucket >= 0 && bucket < buckets && position >= 0 && position < placesPerBucket,
          'places are in the table',
        );
        if (table === 'tried') noted(this.#reachOfGroup, groupOf24(host), bucket);
      }
    }
    this.#must(
      reaches(this.#reachOfGroup).every((size) => size <= this.#plan.tried.reach),
      'a group reaches few buckets',
    );
    this.#must(
      reaches(this.#reachOfSource).every((size) => size <= this.#plan.fresh.reach),
      'a source reaches few buckets',
    );
  }

  /** Notes who told of each place that was gained. */
  #checkComers(step: Step, row: Row, now: ReadonlyMap<string, BookStanding>): void {
    for (const [host, standing] of now) {
      const before = this.#before.get(host);
      const mayCome = host === row.host && ['add', 'restore', 'reach'].includes(step.kind);
      this.#must(before !== undefined || mayCome, 'nobody enters unasked');
      if (standing.table === 'tried' || PROTECTED.includes(host)) continue;
      const had = before?.table === 'new' ? before.places : [];
      const told = step.kind === 'add' || step.kind === 'restore' ? sourceOf(step) : (learntFrom(host) ?? host);
      const source = step.kind === 'reach' && host === row.host ? host : told;
      for (const { bucket, position } of standing.places) {
        if (had.some((other) => other.bucket === bucket && other.position === position)) continue;
        noted(this.#reachOfSource, groupOf24(source), bucket);
      }
    }
  }

  #checkGoers(step: Step, row: Row, now: ReadonlyMap<string, BookStanding>): void {
    const gone = [...this.#before.keys()].filter((host) => !now.has(host));
    const dropped = this.lab.dropped.map(({ host }) => host);
    const removed = step.kind === 'remove' ? gone.filter((host) => host === row.host) : [];
    this.#must([...dropped, ...removed].toSorted().join() === gone.toSorted().join(), 'each that went is told, once');
    this.#must(!dropped.some((host) => PROTECTED.includes(host)), 'protected ones stay');
    this.#must(step.kind !== 'remove' || !now.has(row.host), 'removed ones go');
  }

  #standings(): Map<string, BookStanding> {
    const { book } = this.lab;
    return new Map(Array.from(book, (record) => [record.host, book.standing(record)!]));
  }

  #newRow(n: number): Row {
    const host = hostIn(n % NETWORKS, Math.floor(n / NETWORKS));
    return this.lab.row(host, { learntFrom: learntFrom(host) });
  }

  #must(isTrue: boolean, what: string): void {
    if (!isTrue) this.violations.push(what);
  }
}

function reaches(reach: ReadonlyMap<string, Set<number>>): number[] {
  return Array.from(reach.values(), ({ size }) => size);
}

function sourceOf({ source }: Step): string {
  return hostIn(500 + (source % 5), source % SOURCES);
}

/** Half of the rows say who told of them. */
function learntFrom(host: string): string | null {
  const last = Number(host.slice(host.lastIndexOf('.') + 1));
  return last % 2 === 0 ? hostIn(500 + (last % 5), 1) : null;
}

function noted(reach: Map<string, Set<number>>, group: string, bucket: number): void {
  const buckets = reach.get(group) ?? new Set();
  reach.set(group, buckets.add(bucket));
}
