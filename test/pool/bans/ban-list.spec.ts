import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Ban } from '../../../src/persistence/ban.js';
import { Subnet } from '../../../src/pool/addresses/subnet.js';
import { BanList } from '../../../src/pool/bans/ban-list.js';
import { BanSubjectError } from '../../../src/pool/bans/ban-subject.error.js';
import { MAX_REMOVALS } from '../../../src/pool/bans/pending-bans.js';
import { VIRTUAL_START_MS, VirtualClock } from '../../../src/testing/virtual-clock.js';

let clock: VirtualClock;
let bans: BanList;

beforeEach(() => {
  clock = new VirtualClock();
  bans = new BanList(clock);
});

/** @param endsMs milliseconds after the clock's beginning */
function automatic(subject: string, endsMs = 1000, more: Partial<Ban> = {}): Ban {
  const untilMs = VIRTUAL_START_MS + endsMs;
  return { subject, reason: 'malformed', author: 'automatic', sinceMs: VIRTUAL_START_MS, untilMs, ...more };
}

function operator(subject: string, endsMs = 1000, more: Partial<Ban> = {}): Ban {
  return automatic(subject, endsMs, { reason: 'asked for', author: 'operator', ...more });
}

function subjects(list: Iterable<Ban>): string[] {
  return Array.from(list, ({ subject }) => subject);
}

function lift(subject: string): readonly Ban[] {
  return bans.lift(Subnet.parse(subject)!);
}

describe('a ban', () => {
  it('holds for every address in its subject, until its end and no longer', async () => {
    expect(bans.put(automatic('198.51.100.0/24', 1000, { evidence: 'a frame' }))).toBe(true);
    for (const host of ['198.51.100.0', '198.51.100.255', '::ffff:198.51.100.7']) {
      expect(bans.decide(host)).toEqual(automatic('198.51.100.0/24', 1000, { evidence: 'a frame' }));
    }
    for (const host of ['198.51.101.0', '::1', 'seed1.ngd.network']) expect(bans.decide(host)).toBeUndefined();
    await clock.advance(999);
    expect(bans.decide('198.51.100.1')).toBeDefined();
    await clock.advance(1);
    expect(bans.decide('198.51.100.1')).toBeUndefined();
    expect(subjects(bans.sweep())).toEqual(['198.51.100.0/24']);
  });

  it.each([
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['2001:DB8::0001/32', '2001:db8::/32'],
  ])('of %s is kept as %s', (given, canonical) => {
    bans.put(automatic(given));
    expect(subjects(bans.list())).toEqual([canonical]);
    expect(subjects(bans.takeChanges().put)).toEqual([canonical]);
  });

  it.each(['', 'seed1.ngd.network', '10.0.0.0/33', 'x'.repeat(300)])('of %p is refused', (subject) => {
    const put = () => bans.put(automatic(subject));
    expect(put).toThrow(BanSubjectError);
    expect(put).toThrow(expect.objectContaining({ code: 'NEO_PEER_BAN_SUBJECT', subject }));
    expect(put).not.toThrow(/x{200}/);
  });

  it.each([
    ['is over', VIRTUAL_START_MS],
    ['has no end', Infinity],
    ['ends after the last date there is', 8.64e15 + 1],
    ['has an end that is no number', Number.NaN],
  ])('that %s is not taken', (_name, untilMs) => {
    expect(bans.put(operator('192.0.2.1', 0, { untilMs }))).toBe(false);
    expect(bans.list()).toEqual([]);
    expect(bans.takeChanges()).toEqual({ put: [], removed: [] });
  });

  it('is found by its subject, in any text of it, until its end, and by no other', async () => {
    const kept = automatic('2001:db8::/32', 1000, { dryRun: true });
    bans.put(kept);
    expect([bans.find('2001:db8::/32'), bans.find('2001:DB8:0::/32')]).toEqual([kept, kept]);
    for (const other of ['2001:db8::1', '2001:db8::/33', '2001::/16', 'seed1.ngd.network', '']) {
      expect([other, bans.find(other)]).toEqual([other, undefined]);
    }
    await clock.advance(1000);
    expect(bans.find('2001:db8::/32')).toBeUndefined();
  });

  it('can’t be changed from outside', () => {
    const given = { ...automatic('192.0.2.1') };
    bans.put(given);
    given.untilMs = 0;
    expect(bans.decide('192.0.2.1')?.untilMs).toBe(VIRTUAL_START_MS + 1000);
    expect(Object.isFrozen(bans.list()[0])).toBe(true);
  });
});

describe('of two bans of one subject', () => {
  const DRY = { dryRun: true };
  it.each([
    ['the automatic one that ends later', automatic('a', 10), automatic('a', 20), true],
    ['not the automatic one that ends earlier', automatic('a', 20), automatic('a', 10), false],
    ['not one that ends at the same time', automatic('a', 20), automatic('a', 20), false],
    ['an operator’s, although it ends earlier', automatic('a', 20), operator('a', 10), true],
    ['an operator’s newer one, although it ends earlier', operator('a', 20), operator('a', 10), true],
    ['not an automatic one for an operator’s', operator('a', 10), automatic('a', 20), false],
    ['one that is acted upon, although it ends earlier', automatic('a', 20, DRY), automatic('a', 10), true],
    ['not one that is only recorded, although it ends later', automatic('a', 10), automatic('a', 20, DRY), false],
    ['of those only recorded the one that ends later', automatic('a', 10, DRY), automatic('a', 20, DRY), true],
  ])('the new one counts: %s', (_name, first, second, isTaken) => {
    const subject = '192.0.2.0/24';
    bans.put({ ...first, subject });
    expect(bans.put({ ...second, subject })).toBe(isTaken);
    expect(bans.list()).toEqual([{ ...(isTaken ? second : first), subject }]);
    expect(bans.takeChanges()).toEqual({ put: bans.list(), removed: [] });
  });

  it('an automatic one counts once an operator’s is over', async () => {
    bans.put(operator('192.0.2.1', 10));
    await clock.advance(10);
    expect(bans.put(automatic('192.0.2.1', 20))).toBe(true);
    expect(subjects(bans.sweep())).toEqual(['192.0.2.1']);
    expect(bans.size).toBe(1);
  });
});

describe('of several bans over one address', () => {
  it('the one that ends last decides, then the next, until all are over', async () => {
    bans.put(automatic('10.1.2.3', 10));
    bans.put(automatic('10.1.0.0/16', 30));
    bans.put(operator('10.0.0.0/8', 20));
    expect(bans.decide('10.1.2.3')?.subject).toBe('10.1.0.0/16');
    expect(bans.decide('10.2.0.0')?.subject).toBe('10.0.0.0/8');
    await clock.advance(20);
    expect(bans.decide('10.1.2.3')?.subject).toBe('10.1.0.0/16');
    expect(bans.decide('10.2.0.0')).toBeUndefined();
  });

  it('the most specific decides if they end together', () => {
    for (const subject of ['10.0.0.0/8', '10.1.2.0/24', '10.1.0.0/16']) bans.put(automatic(subject));
    expect(bans.decide('10.1.2.3')?.subject).toBe('10.1.2.0/24');
  });

  it('those that are only recorded don’t count', () => {
    bans.put(automatic('10.1.2.3', 1000, { dryRun: true }));
    expect(bans.decide('10.1.2.3')).toBeUndefined();
    bans.put(automatic('10.0.0.0/8', 10));
    expect(bans.decide('10.1.2.3')?.subject).toBe('10.0.0.0/8');
    expect(subjects(bans.list())).toEqual(['10.0.0.0/8', '10.1.2.3']);
  });
});

describe('the list of bans', () => {
  it('is in order of family and number', () => {
    const sorted = [
      '9.0.0.0/8',
      '10.0.0.0/8',
      '10.0.0.0/16',
      '10.0.0.0',
      '200.0.0.1',
      '::1',
      '2001:db8::/32',
      '2a01::1',
    ];
    for (const subject of sorted.toReversed()) bans.put(automatic(subject));
    expect(subjects(bans.list())).toEqual(sorted);
    expect(bans.size).toBe(8);
  });

  it('tells of each ban that is over, once, whoever met it first', async () => {
    bans.put(automatic('192.0.2.1', 10));
    bans.put(automatic('192.0.2.2', 20));
    bans.put(automatic('192.0.2.3', 30));
    expect(bans.sweep()).toEqual([]);
    await clock.advance(20);
    expect(bans.decide('192.0.2.1')).toBeUndefined();
    expect(bans.size).toBe(1);
    expect(subjects(bans.sweep())).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(bans.sweep()).toEqual([]);
    expect(bans.takeChanges()).toEqual({ put: [automatic('192.0.2.3', 30)], removed: ['192.0.2.1', '192.0.2.2'] });
  });

  it('over its maximum loses the automatic ban that ends first, and never an operator’s', () => {
    bans = new BanList(clock, 3);
    bans.put(operator('192.0.2.1', 1));
    bans.put(automatic('192.0.2.2', 20));
    bans.put(automatic('192.0.2.3', 10));
    expect(bans.put(automatic('192.0.2.4', 30))).toBe(true);
    expect(subjects(bans.list())).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.4']);
    expect(bans.put(automatic('192.0.2.5', 5))).toBe(false);
    expect(subjects(bans.sweep())).toEqual(['192.0.2.3', '192.0.2.5']);
    for (const last of [6, 7, 8, 9]) bans.put(operator(`192.0.2.${last}`, 2));
    expect(bans.put(automatic('192.0.2.10', 9999))).toBe(false);
    expect(subjects(bans.list())).toEqual(['1', '6', '7', '8', '9'].map((last) => `192.0.2.${last}`));
    expect(bans.takeChanges().removed.toSorted()).toEqual(['10', '2', '3', '4', '5'].map((last) => `192.0.2.${last}`));
  });

  it('holds ten thousand unless told otherwise', () => {
    for (let i = 0; i <= 10_000; i++) bans.put(automatic(`10.0.${i >> 8}.${i & 255}`, 1000 + i));
    expect(bans.size).toBe(10_000);
    expect(bans.decide('10.0.0.0')).toBeUndefined();
    expect(bans.decide('10.0.0.1')).toBeDefined();
  });

  it('does not grow by bans that are over, though nobody asks for them', async () => {
    bans = new BanList(clock, 10);
    for (let i = 0; i < 100; i++) {
      bans.put(automatic(`192.0.2.${i}`, i + 1));
      await clock.advance(1);
    }
    const ended = bans.sweep();
    expect(ended.length).toBeLessThanOrEqual(20);
    expect(ended.at(-1)?.subject).toBe('192.0.2.99');
  });
});

describe('lifting', () => {
  it('takes out bans inside, and cuts wider ones', () => {
    bans.put(operator('10.0.0.0/8', 50, { evidence: 'a list' }));
    bans.put(automatic('10.1.0.0/16', 40, { dryRun: true }));
    bans.put(automatic('10.1.0.7', 30));
    bans.put(automatic('11.0.0.0/8', 20));
    bans.takeChanges();
    const lifted = lift('10.0.0.0/9');
    expect(lifted).toEqual([
      operator('10.0.0.0/8', 50, { evidence: 'a list' }),
      automatic('10.1.0.0/16', 40, { dryRun: true }),
      automatic('10.1.0.7', 30),
    ]);
    expect(bans.list()).toEqual([operator('10.128.0.0/9', 50, { evidence: 'a list' }), automatic('11.0.0.0/8', 20)]);
    const { put, removed } = bans.takeChanges();
    expect(subjects(put)).toEqual(['10.128.0.0/9']);
    expect(removed.toSorted()).toEqual(['10.0.0.0/8', '10.1.0.0/16', '10.1.0.7']);
    expect(bans.sweep()).toEqual([]); // they are not over: whoever lifted them knows
  });

  it('a single address leaves the rest of a subnet banned', () => {
    bans.put(automatic('2001:db8::/32'));
    lift('2001:db8::1');
    expect(bans.size).toBe(96);
    expect(bans.decide('2001:db8::1')).toBeUndefined();
    expect(bans.decide('2001:db8::')?.reason).toBe('malformed');
    expect(bans.decide('2001:db8::2')).toBeDefined();
    expect(bans.decide('2001:db8:ffff:ffff::')).toBeDefined();
  });

  it('what is not banned changes nothing', () => {
    bans.put(automatic('192.0.2.0/24'));
    bans.takeChanges();
    expect(lift('198.51.100.0/24')).toEqual([]);
    expect(lift('::/0')).toEqual([]);
    expect(bans.takeChanges()).toEqual({ put: [], removed: [] });
  });

  it('exactly what was banned leaves nothing of it', () => {
    bans.put(automatic('192.0.2.0/24'));
    expect(lift('192.0.2.0/24')).toEqual([automatic('192.0.2.0/24')]);
    expect(bans.list()).toEqual([]);
  });

  it('everything leaves nothing', () => {
    for (const subject of ['10.0.0.0/8', '192.0.2.1']) bans.put(automatic(subject));
    bans.put(operator('::1'));
    expect(subjects(lift('0.0.0.0/0'))).toEqual(['10.0.0.0/8', '192.0.2.1']);
    expect(subjects(bans.list())).toEqual(['::1']);
  });

  it.each([
    ['the later end', operator('a', 10), automatic('a', 20), 20, 'automatic'],
    ['the one acted upon', automatic('a', 10), automatic('a', 20, { dryRun: true }), 10, 'automatic'],
    ['the operator’s of two that end together', operator('a', 10), automatic('a', 10), 10, 'operator'],
  ])('keeps %s where what is left of two bans is the same subnet', (_name, one, other, endsMs, author) => {
    for (const [wide, narrow] of [
      [one, other],
      [other, one],
    ] as const) {
      bans = new BanList(clock);
      bans.put({ ...wide, subject: '10.0.0.0/30' });
      bans.put({ ...narrow, subject: '10.0.0.0/31' });
      lift('10.0.0.0');
      expect(bans.list()).toContainEqual({ ...automatic('10.0.0.1', endsMs), reason: expect.any(String), author });
      expect(subjects(bans.list())).toEqual(['10.0.0.1', '10.0.0.2/31']);
    }
  });

  it('stays within the maximum, by which the bans that end first go', () => {
    bans = new BanList(clock, 10);
    bans.put(automatic('192.0.2.1', 5));
    bans.put(automatic('10.0.0.0/8', 50));
    lift('10.0.0.0');
    expect(bans.size).toBe(10);
    expect(bans.decide('192.0.2.1')).toBeUndefined();
  });
});

describe('restoring', () => {
  it('takes in what is stored, without saving it again', () => {
    const stored = [automatic('192.0.2.1'), operator('2001:db8::/32'), automatic('192.0.2.2', 9, { dryRun: true })];
    expect(bans.restore(stored)).toBe(0);
    expect(subjects(bans.list())).toEqual(['192.0.2.1', '192.0.2.2', '2001:db8::/32']);
    expect(bans.takeChanges()).toEqual({ put: [], removed: [] });
  });

  it('leaves out what can’t be read, and counts it', () => {
    const stored = ['seed1.ngd.network', '192.0.2.1', '10.0.0.0/40'].map((subject) => automatic(subject));
    expect(bans.restore([...stored, automatic('192.0.2.9', 0, { untilMs: Number.NaN })])).toBe(3);
    expect(subjects(bans.list())).toEqual(['192.0.2.1']);
  });

  it('tells of bans that ended meanwhile, and removes them from the store', async () => {
    await clock.advance(500);
    bans.restore([automatic('192.0.2.1', 100), automatic('192.0.2.2', 1000)]);
    expect(bans.decide('192.0.2.1')).toBeUndefined();
    expect(subjects(bans.sweep())).toEqual(['192.0.2.1']);
    expect(bans.takeChanges()).toEqual({ put: [], removed: ['192.0.2.1'] });
  });

  it('removes a subject that is stored in another text, beside a ban that is stronger', () => {
    bans.restore([automatic('10.0.0.0/8', 20), automatic('10.1.2.3/8', 10)]);
    expect(bans.list()).toEqual([automatic('10.0.0.0/8', 20)]);
    expect(bans.takeChanges()).toEqual({ put: [], removed: ['10.1.2.3/8'] });
  });

  it('rewrites a subject that is stored in another text', () => {
    bans.restore([automatic('10.1.2.3/8')]);
    const changes = bans.takeChanges();
    expect(changes).toEqual({ put: [automatic('10.0.0.0/8')], removed: ['10.1.2.3/8'] });
    bans.giveBack(changes);
    expect(bans.takeChanges()).toEqual(changes);
  });

  it.each([
    ['an operator’s that was put meanwhile', operator('a', 10), operator('a', 20), false],
    ['an operator’s that was put meanwhile, over an automatic one', operator('a', 10), automatic('a', 20), false],
    ['an automatic one that ends later', automatic('a', 20), automatic('a', 10), false],
    ['the stored automatic one that ends later', automatic('a', 10), automatic('a', 20), true],
    ['the stored operator’s, over an automatic one', automatic('a', 20), operator('a', 10), true],
  ])('keeps %s', (_name, put, stored, isStored) => {
    const subject = '192.0.2.1';
    bans.put({ ...put, subject });
    bans.restore([{ ...stored, subject }]);
    expect(bans.list()).toEqual([{ ...(isStored ? stored : put), subject }]);
    expect(subjects(bans.takeChanges().put)).toEqual(isStored ? [] : [subject]);
  });

  it('keeps the longer one of two rows of one subject: one may be of every network', () => {
    bans.restore([operator('192.0.2.1', 20), operator('192.0.2.1', 10)]);
    bans.restore([automatic('192.0.2.2', 10), automatic('192.0.2.2', 20)]);
    expect(bans.list()).toEqual([operator('192.0.2.1', 20), automatic('192.0.2.2', 20)]);
  });

  it('takes no more than there is room for, of the automatic ones those that end last', () => {
    bans = new BanList(clock, 10);
    const stored = Array.from({ length: 95 }, (_, i) => automatic(`192.0.2.${i}`, 1000 - i));
    let most = 0;
    const rows = (function* () {
      for (const ban of [...stored, operator('192.0.2.200', 1)]) {
        most = Math.max(most, bans.size);
        yield ban;
      }
    })();
    bans.restore(rows);
    expect(most).toBeLessThanOrEqual(20); // not even for a moment
    expect(subjects(bans.list())).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 200].map((last) => `192.0.2.${last}`));
    expect(bans.takeChanges().removed).toHaveLength(86);
  });
});

describe('changes', () => {
  it('come back when they could not be saved, but for what is newer', async () => {
    bans.restore([automatic('192.0.2.9')]);
    for (const last of [1, 2, 3, 4]) bans.put(automatic(`192.0.2.${last}`, 100));
    lift('192.0.2.9');
    const taken = bans.takeChanges();
    expect(bans.takeChanges()).toEqual({ put: [], removed: [] });
    bans.put(automatic('192.0.2.1', 200));
    lift('192.0.2.2');
    bans.put(automatic('192.0.2.9', 300));
    bans.giveBack(taken);
    expect(bans.takeChanges()).toEqual({
      put: [
        automatic('192.0.2.1', 200),
        automatic('192.0.2.9', 300),
        automatic('192.0.2.3', 100),
        automatic('192.0.2.4', 100),
      ],
      removed: ['192.0.2.2'],
    });
    bans.giveBack({ put: [automatic('192.0.2.1', 200)], removed: ['192.0.2.2'] });
    await clock.advance(1000);
    expect(bans.takeChanges()).toMatchObject({ put: [], removed: expect.arrayContaining(['192.0.2.1', '192.0.2.2']) });
  });

  it('of one subject are one, the last', () => {
    bans.restore([automatic('192.0.2.1')]);
    lift('192.0.2.1');
    bans.put(automatic('192.0.2.1', 10));
    bans.put(automatic('192.0.2.2', 10));
    lift('192.0.2.2');
    expect(bans.takeChanges()).toEqual({ put: [automatic('192.0.2.1', 10)], removed: ['192.0.2.2'] });
  });

  it('are forgotten, the oldest removals first, when nobody can save them', () => {
    const removed = Array.from({ length: MAX_REMOVALS + 5 }, (_, i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
    bans.giveBack({ put: [], removed });
    expect(bans.takeChanges().removed).toEqual(removed.slice(5));
  });
});
