import { describe, expect, it } from '@jest/globals';
import type { BookRecord } from '../../../src/pool/book/book-record.js';
import { isExpired } from '../../../src/pool/book/expiry.js';
import { dialChance } from '../../../src/pool/book/random-pick.js';
import { DAY, HOUR, MINUTE, SECOND } from './book-lab.js';

const NOW = Date.UTC(2026, 5, 1);

function rowOf(facts: Partial<BookRecord>): BookRecord {
  return {
    host: '10.0.0.1',
    port: 10333,
    firstSeenAtMs: NOW - DAY,
    lastSeenAtMs: null,
    lastAttemptAtMs: null,
    lastSuccessAtMs: null,
    failuresInARow: 0,
    ...facts,
  };
}

describe('an address', () => {
  const attempted = { lastAttemptAtMs: NOW - HOUR };
  const seen = { lastSeenAtMs: NOW - 2 * DAY };

  it.each<[string, Partial<BookRecord>, boolean]>([
    ['was never tried', {}, false],
    ['was never reached and failed twice', { ...attempted, failuresInARow: 2 }, false],
    ['was never reached and failed three times', { ...attempted, failuresInARow: 3 }, true],
    ['is being tried at this moment', { lastAttemptAtMs: NOW - 59 * SECOND, failuresInARow: 30 }, false],
    ['was tried a minute ago', { lastAttemptAtMs: NOW - MINUTE, failuresInARow: 3 }, true],
    ['was tried before the clock was put right', { lastAttemptAtMs: NOW + 400 * DAY, failuresInARow: 3 }, true],
    ['was told of 30 days ago', { firstSeenAtMs: NOW - 30 * DAY }, false],
    ['was told of longer ago', { firstSeenAtMs: NOW - 30 * DAY - 1 }, true],
    ['was told of long ago, and seen', { firstSeenAtMs: NOW - 90 * DAY, ...seen }, false],
    ['was not seen for over 30 days', { lastSeenAtMs: NOW - 31 * DAY, lastSuccessAtMs: NOW - 31 * DAY }, true],
    [
      'was reached and failed nine times',
      { ...attempted, ...seen, lastSuccessAtMs: NOW - 8 * DAY, failuresInARow: 9 },
      false,
    ],
    [
      'was reached and failed ten times in a week',
      { ...attempted, ...seen, lastSuccessAtMs: NOW - 7 * DAY, failuresInARow: 10 },
      false,
    ],
    [
      'was reached and failed ten times in more',
      { ...attempted, ...seen, lastSuccessAtMs: NOW - 7 * DAY - 1, failuresInARow: 10 },
      true,
    ],
  ])('that %s', (_, facts, expected) => {
    expect(isExpired(rowOf(facts), NOW)).toBe(expected);
  });
});

describe('the chance of an address', () => {
  it.each<[string, Partial<BookRecord>, number]>([
    ['is whole', {}, 1],
    ['falls with each failure', { failuresInARow: 2 }, 0.66 ** 2],
    ['falls no more after eight', { failuresInARow: 80 }, 0.66 ** 8],
    ['is a hundredth shortly after an attempt', { lastAttemptAtMs: NOW - 10 * MINUTE + 1 }, 0.01],
    ['is whole again ten minutes later', { lastAttemptAtMs: NOW - 10 * MINUTE }, 1],
    ['is whole when the attempt lies in the future', { lastAttemptAtMs: NOW + DAY }, 1],
    ['falls for both', { lastAttemptAtMs: NOW, failuresInARow: 1 }, 0.0066],
  ])('%s', (_, facts, expected) => {
    expect(dialChance(rowOf(facts), NOW)).toBeCloseTo(expected, 10);
  });
});
