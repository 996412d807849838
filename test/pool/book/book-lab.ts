import { AddressBook } from '../../../src/pool/book/address-book.js';
import type { BookRecord } from '../../../src/pool/book/book-record.js';
import { SeededRandom } from '../../../src/testing/seeded-random.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A row as its owner has it: its facts change. */
export type Row = { -readonly [K in keyof BookRecord]: BookRecord[K] };

/** The IPv4 address of that number. */
export function hostOf(n: number): string {
  return `${n >>> 24}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`;
}

/** The address number `n` in network number `network`, which is a /24. */
export function hostIn(network: number, n: number): string {
  return hostOf((network + 1) * 256 + n);
}

/** What stands before the last dot. */
export function groupOf24(host: string): string {
  return host.slice(0, host.lastIndexOf('.'));
}

export interface LabOptions {
  readonly maximum?: number;
  readonly seed?: number;
  readonly secret?: Uint8Array;
  readonly protectedHosts?: readonly string[];
  readonly onDropped?: (record: BookRecord) => void;
}

/** A book with a clock of its own, and what was dropped from it. */
export class BookLab {
  readonly clock = new VirtualClock();
  readonly random: SeededRandom;
  readonly dropped: BookRecord[] = [];
  readonly book: AddressBook;

  constructor(options: LabOptions = {}) {
    this.random = new SeededRandom(options.seed ?? 1);
    this.book = new AddressBook({
      clock: this.clock,
      random: this.random,
      group: groupOf24,
      maximum: options.maximum ?? 20_000,
      secret: options.secret ?? new Uint8Array(32).fill(7),
      dropped: (record) => {
        this.dropped.push(record);
        options.onDropped?.(record);
      },
      isProtected: ({ host }) => options.protectedHosts?.includes(host) === true,
    });
  }

  row(host: string, facts: Partial<BookRecord> = {}): Row {
    return {
      host,
      port: 10333,
      firstSeenAtMs: this.clock.now(),
      lastSeenAtMs: null,
      lastAttemptAtMs: null,
      lastSuccessAtMs: null,
      failuresInARow: 0,
      ...facts,
    };
  }

  /** A row that can give up its place: never reached, three failures. */
  expiredRow(host: string): Row {
    return this.row(host, { failuresInARow: 3, lastAttemptAtMs: this.clock.now() - HOUR });
  }

  /** Rows of that many networks, one address each. */
  rows(count: number): Row[] {
    return Array.from({ length: count }, (_, i) => this.row(hostIn(i, 1)));
  }

  /** What the owner of a row notes when a dial was answered; and the book. */
  reached(row: Row): void {
    row.lastAttemptAtMs = this.clock.now();
    row.lastSuccessAtMs = this.clock.now();
    row.lastSeenAtMs = this.clock.now();
    row.failuresInARow = 0;
    this.book.succeeded(row);
  }

  /** Hosts in the book. */
  hosts(): string[] {
    return Array.from(this.book, ({ host }) => host);
  }
}

export const ALL = (): boolean => true;
