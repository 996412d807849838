import { describe, expect, it } from '@jest/globals';
import { poolEvent } from '../../src/cli/run/pool-event.js';
import { poolText } from '../../src/cli/run/pool-text.js';
import type { PoolStatus } from '../../src/pool/peer-pool.js';
import { NO_REFUSALS, poolStatus } from './pool-status.js';

const NOW = 1_700_000_000_000;

const TEXTS: readonly [Partial<PoolStatus>, string][] = [
  [{}, 'outbound 6/8, 6 groups, book 412 (37 tried), 2 bans'],
  [
    { outbound: { wanted: 8, ready: 6, dialling: 2 } },
    'outbound 6/8 (2 dialling), 6 groups, book 412 (37 tried), 2 bans',
  ],
  [
    { outbound: { wanted: 0, ready: 0, dialling: 0 }, kept: { wanted: 3, ready: 1 }, groups: 1, bans: 1 },
    'kept 1/3, 1 group, book 412 (37 tried), 1 ban',
  ],
  [
    { inbound: { connected: 12, allowed: 100 }, evicted: 4 },
    'outbound 6/8, inbound 12/100, 6 groups, book 412 (37 tried), 2 bans, evicted 4',
  ],
  [
    { refused: { ...NO_REFUSALS, full: 11, rate: 20 } },
    'outbound 6/8, 6 groups, book 412 (37 tried), 2 bans, refused 31 (rate 20, full 11)',
  ],
  [
    { starvedSinceMs: NOW - 200_000, bansFrozenUntilMs: NOW + 599_999 },
    'STARVED for 3 min, automatic bans FROZEN for 9 min, outbound 6/8, 6 groups, book 412 (37 tried), 2 bans',
  ],
];

describe('poolText', () => {
  it.each(TEXTS)('tells of %j', (status, text) => {
    expect(poolText(poolStatus(status), NOW)).toBe(text);
  });
});

describe('poolEvent', () => {
  it('has every field of the status, on one level', () => {
    const refused = { ...NO_REFUSALS, banned: 3 };
    const status = poolStatus({
      outbound: { wanted: 1, ready: 2, dialling: 3 },
      kept: { wanted: 4, ready: 5 },
      inbound: { connected: 6, allowed: 7 },
      groups: 8,
      book: { known: 9, tried: 10 },
      bans: 11,
      starvedSinceMs: 12,
      bansFrozenUntilMs: 13,
      refused,
      evicted: 14,
    });
    expect(Object.values(poolEvent(status))).toEqual(['pool', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, refused, 14]);
    expect(poolEvent(status)).toMatchObject({ outboundDialling: 3, keptReady: 5, inboundAllowed: 7, bookTried: 10 });
  });

  it('says null where nothing is wrong', () => {
    expect(poolEvent(poolStatus())).toMatchObject({ starvedSinceMs: null, bansFrozenUntilMs: null });
  });
});
