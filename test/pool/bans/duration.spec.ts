import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { formatDuration, MAX_DURATION_MS, parseDuration } from '../../../src/pool/bans/duration.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('parseDuration', () => {
  it.each([
    ['1s', SECOND],
    ['30s', 30 * SECOND],
    ['15m', 15 * MINUTE],
    ['24h', 24 * HOUR],
    ['7d', 7 * DAY],
    ['1d12h', 36 * HOUR],
    ['1d1s', DAY + SECOND],
    ['1d2h3m4s', DAY + 2 * HOUR + 3 * MINUTE + 4 * SECOND],
    ['0d5m', 5 * MINUTE],
    ['90m', 90 * MINUTE],
    ['36500d', MAX_DURATION_MS],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    '0',
    '30',
    '0s',
    '0d0h',
    'h',
    '1.5h',
    '-1h',
    '+1h',
    '1 h',
    ' 1h',
    '1h ',
    '1H',
    '1w',
    '1y',
    '1ms',
    '12h1d',
    '1h1h',
    '1h30',
    'for ever',
    '36500d1s',
    '99999999999999999999d',
    `${'9'.repeat(400)}s`,
  ])('refuses %p', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [-5000, '0s'],
    [1, '1s'],
    [1000, '1s'],
    [1001, '2s'],
    [59_999, '1m'],
    [MINUTE, '1m'],
    [36 * HOUR, '1d12h'],
    [DAY + SECOND, '1d1s'],
    [366 * DAY, '366d'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('writes what is read again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: MAX_DURATION_MS / SECOND }), (seconds) => {
        expect(parseDuration(formatDuration(seconds * SECOND))).toBe(seconds * SECOND);
      }),
    );
  });
});
