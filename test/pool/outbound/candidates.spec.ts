import { beforeEach, describe, expect, it } from '@jest/globals';
import { groupOf } from '../../../src/pool/addresses/address-group.js';
import { ExemptList } from '../../../src/pool/addresses/exempt-list.js';
import { BanList } from '../../../src/pool/bans/ban-list.js';
import { AddressBook } from '../../../src/pool/book/address-book.js';
import type { BookRecord } from '../../../src/pool/book/book-record.js';
import { LinkTable } from '../../../src/pool/links/link-table.js';
import { Candidates, type Obstacle } from '../../../src/pool/outbound/candidates.js';
import { OwnAddresses } from '../../../src/pool/own-addresses.js';
import { SeededRandom, VirtualClock } from '../../../src/testing/index.js';
import { poolPeer } from '../../support/pool-peer.js';

const PORT = 10_333;

let clock: VirtualClock;
let links: LinkTable;
let bans: BanList;
let own: OwnAddresses;
let book: AddressBook;
let candidates: Candidates;
/** How often a record was looked at. */
let looks: number;

beforeEach(() => {
  clock = new VirtualClock();
  const exempt = new ExemptList(['10.0.0.0/8']);
  const random = new SeededRandom(7);
  links = new LinkTable({ clock, exempt });
  bans = new BanList(clock);
  own = new OwnAddresses(clock);
  looks = 0;
  book = new AddressBook({
    clock,
    random,
    group: groupOf,
    maximum: 20_000,
    secret: new Uint8Array(32),
    dropped: () => undefined,
  });
  candidates = new Candidates({ clock, random, exempt, bans, links, own, book: () => book });
});

/** A row that counts how often it is looked at. */
function record(host: string, given: Partial<BookRecord> = {}): BookRecord {
  const { nextDialAtMs = null, ...rest } = given;
  const row = {
    host,
    port: PORT,
    firstSeenAtMs: clock.now(),
    lastSeenAtMs: null,
    lastAttemptAtMs: null,
    lastSuccessAtMs: null,
    failuresInARow: 0,
    ...rest,
  };
  return Object.defineProperty(row, 'nextDialAtMs', {
    get() {
      looks++;
      return nextDialAtMs;
    },
  });
}

function connected(host: string, kind: 'automatic' | 'kept' | 'feeler' | 'inbound' = 'automatic', port = PORT) {
  const peer = poolPeer({ direction: kind === 'inbound' ? 'inbound' : 'outbound', host, listens: port });
  const address = kind === 'inbound' ? undefined : { host, port };
  if (kind !== 'inbound') links.dialling(address!, kind);
  links.connected(peer, address);
  links.becameReady(peer);
  return peer;
}

function ban(subject: string): void {
  bans.put({ subject, reason: 'test', author: 'operator', sinceMs: clock.now(), untilMs: clock.now() + 1000 });
}

describe('what keeps an address from being dialled', () => {
  const NODE = { host: '20.1.0.1', port: PORT };
  const cases: [
    Obstacle | undefined,
    string,
    () => unknown,
    { host?: string; port?: number; nextDialAtMs?: number },
  ][] = [
    [undefined, 'nothing', () => undefined, {}],
    ['does-not-listen', 'it has no port', () => undefined, { port: 0 }],
    ['resting', 'it rests', () => undefined, { nextDialAtMs: Date.UTC(2026, 0, 1) + 1 }],
    [undefined, 'it has rested', () => undefined, { nextDialAtMs: Date.UTC(2026, 0, 1) }],
    ['connected', 'it is being dialled', () => links.dialling(NODE, 'feeler'), {}],
    ['connected', 'we are connected to it', () => connected(NODE.host, 'kept'), {}],
    ['connected', 'it is connected to us', () => connected(NODE.host, 'inbound'), {}],
    ['connected', 'it is connected to us, over IPv6', () => connected(`::ffff:${NODE.host}`, 'inbound'), {}],
    [undefined, 'somebody else at its host is connected to us', () => connected(NODE.host, 'inbound', 1), {}],
    ['group', 'there is an automatic peer in its group', () => connected('20.1.0.9'), {}],
    [
      'group',
      'one in its group is being dialled',
      () => links.dialling({ host: '20.1.0.9', port: 1 }, 'automatic'),
      {},
    ],
    [undefined, 'there is a kept peer in its group', () => connected('20.1.0.9', 'kept'), {}],
    [undefined, 'there is an inbound peer in its group', () => connected('20.1.0.9', 'inbound'), {}],
    [undefined, 'there is a feeler in its group', () => connected('20.1.0.9', 'feeler'), {}],
    ['own', 'it is our own', () => own.add(NODE), {}],
    ['banned', 'it is banned', () => ban('20.1.0.0/16'), {}],
    [undefined, 'somebody else is banned', () => ban('20.2.0.0/16'), {}],
    [undefined, 'in an exempt range groups say nothing', () => connected('10.0.0.9'), { host: '10.0.0.1' }],
    [undefined, 'nor do they on a machine', () => connected('127.0.0.1', 'automatic', 1), { host: '127.0.0.1' }],
  ];

  it.each(cases)('is %s where %s', (obstacle, _what, prepare, given) => {
    prepare();
    expect(candidates.obstacle({ ...NODE, nextDialAtMs: null, ...given })).toBe(obstacle);
  });

  it('is a peer where a name has led, too', () => {
    links.dialling({ host: 'a.example', port: PORT }, 'automatic');
    links.connected(poolPeer({ direction: 'outbound', host: '20.1.0.1', port: PORT, listens: 0 }), {
      host: 'a.example',
      port: PORT,
    });
    expect(candidates.obstacle(NODE)).toBe('connected');
    expect(candidates.obstacle({ host: '20.1.0.2', port: PORT })).toBe('group');
    expect(candidates.obstacle({ host: '20.1.0.2', port: 1 })).toBe('group');
  });
});

describe('the next candidate', () => {
  it('is somebody against whom nothing speaks', () => {
    for (let i = 0; i < 50; i++) book.add(record(`20.1.0.${i + 1}`, { nextDialAtMs: clock.now() + 1 }), '30.0.0.1');
    expect(candidates.next()).toBeUndefined();
    book.add(record('20.2.0.1'), '30.0.0.1');
    expect(candidates.next()).toMatchObject({ host: '20.2.0.1' });
    connected('20.2.0.1');
    expect(candidates.next()).toBeUndefined();
  });

  it('is found without going through the book, however many it has', () => {
    for (let i = 0; i < 10_000; i++) {
      book.add(record(`21.${i >> 8}.${i & 255}.1`), `30.${i % 250}.0.1`);
    }
    expect(book.size).toBeGreaterThan(5000);
    looks = 0;
    for (let i = 0; i < 100; i++) expect(candidates.next()).toBeDefined();
    expect(looks).toBeLessThan(500);
  });

  it('is looked for among a part of the book only where nobody can be dialled', () => {
    for (let i = 0; i < 10_000; i++) {
      book.add(record(`21.${i >> 8}.${i & 255}.1`, { nextDialAtMs: clock.now() + 1 }), `30.${i % 250}.0.1`);
    }
    looks = 0;
    expect(candidates.next()).toBeUndefined();
    expect(looks).toBeLessThan(2500);
  });

  it('is half of the time one that was reached before', () => {
    for (let i = 0; i < 1000; i++) {
      const row = record(`21.${i >> 8}.${i & 255}.1`);
      book.add(row, `30.${i % 250}.0.1`);
      if (i < 50) book.succeeded(row);
    }
    let tried = 0;
    for (let i = 0; i < 1000; i++) if (book.standing(candidates.next()!)?.table === 'tried') tried++;
    expect(tried).toBeGreaterThan(430);
    expect(tried).toBeLessThan(570);
  });
});

/** Two rows of which the second waits for the place of the first in `tried`. */
function contest(): { occupant: BookRecord; newcomer: BookRecord } {
  const standing = new Map<string, BookRecord>();
  for (let i = 0; ; i++) {
    const row = record(`22.${i >> 8}.${i & 255}.1`);
    book.add(row, `30.${i % 250}.0.1`);
    if (!book.has(row)) continue;
    book.succeeded(row);
    const { table, places, waits } = book.standing(row)!;
    if (table === 'tried') standing.set(JSON.stringify(places), row);
    if (waits) return { occupant: book.contested()!, newcomer: row };
  }
}

describe('whom a feeler tries', () => {
  it('is one that was only heard of, in whatever group', () => {
    const row = record('20.1.0.1');
    book.add(row, '30.0.0.1');
    connected('20.1.0.9');
    expect(candidates.next()).toBeUndefined();
    expect(candidates.toTry()).toBe(row);
    book.succeeded(row);
    expect(candidates.toTry()).toBeUndefined();
  });

  it('is the one first whose place another one waits for', () => {
    const { occupant } = contest();
    for (let i = 0; i < 20; i++) expect(candidates.toTry()).toBe(occupant);
  });

  it('is nobody who is connected: that one keeps its place without a test', () => {
    const { occupant, newcomer } = contest();
    connected(occupant.host, 'inbound', occupant.port);
    expect(candidates.toTry()).not.toBe(occupant);
    expect(book.standing(occupant)).toMatchObject({ table: 'tried' });
    expect(book.standing(newcomer)).toMatchObject({ waits: false });
    expect(book.contested()).toBeUndefined();
  });

  it('is another one while the one to be tested can not be dialled, and the contest stays open', () => {
    const { occupant, newcomer } = contest();
    own.add(occupant);
    const fresh = record('20.1.0.1');
    book.add(fresh, '30.0.0.1');
    expect(book.standing(candidates.toTry()!)?.table).toBe('new');
    expect(book.standing(newcomer)).toMatchObject({ waits: true });
  });
});
