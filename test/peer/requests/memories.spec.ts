import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { AnnouncedHashes } from '../../../src/peer/requests/announced-hashes.js';
import { HeaderHeights } from '../../../src/peer/requests/header-heights.js';
import { AlreadyRequestedError } from '../../../src/peer/errors/already-requested.error.js';
import { RequestedHashes } from '../../../src/peer/requests/requested-hashes.js';
import { HashList } from '../../../src/wire/primitives/hash-list.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { chainBlocks, GENESIS } from '../../support/local-chain.js';

function hash(n: number): UInt256 {
  return UInt256.from(n.toString(16).padStart(64, '0'));
}

function keys(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => hash(from + i).key);
}

describe('requested hashes', () => {
  it('are claimed all or none', () => {
    const requested = new RequestedHashes(100);
    requested.claim(keys(1, 3));
    expect(() => requested.claim(keys(3, 5))).toThrow(expect.objectContaining({ hashes: [hash(3)] }));
    expect(() => requested.claim(keys(4, 5))).not.toThrow();
    expect(requested.size).toBe(5);
  });

  it('are forgotten oldest first over the limit', () => {
    const requested = new RequestedHashes(3);
    requested.claim(keys(1, 5));
    expect(requested.size).toBe(3);
    expect(() => requested.claim(keys(1, 2))).not.toThrow();
    expect(() => requested.claim(keys(5, 5))).toThrow(AlreadyRequestedError);
  });

  it('are forgotten as fast as they come, however many were forgotten before', () => {
    const requested = new RequestedHashes(100_000);
    for (let n = 0; n < 400_000; n++) requested.add(String(n)); // half a minute, if each looked for the oldest from the beginning
    expect(requested.size).toBe(100_000);
    expect(() => requested.claim(['299999'])).not.toThrow();
    expect(() => requested.claim(['300001'])).toThrow(AlreadyRequestedError);
  });

  it('are forgotten in the order they were last remembered in', () => {
    const action = fc.record({ key: fc.constantFrom(...keys(1, 8)), isAdded: fc.boolean() });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const requested = new RequestedHashes(4);
        let expected: string[] = [];
        for (const { key, isAdded } of actions) {
          if (isAdded) requested.add(key);
          else requested.disclaim([key]);
          if (!isAdded) expected = expected.filter((other) => other !== key);
          else if (!expected.includes(key)) expected = [...expected, key].slice(-4);
        }
        const isKnown = (key: string): boolean => {
          try {
            requested.claim([key]);
          } catch {
            return true;
          }
          requested.disclaim([key]);
          return false;
        };
        expect(requested.size).toBe(expected.length);
        expect(keys(1, 8).filter((key) => expected.includes(key))).toEqual(expected.toSorted());
        for (const key of expected) expect(isKnown(key)).toBe(true);
      }),
    );
  });

  it('can be given back when they were never asked', () => {
    const requested = new RequestedHashes(3);
    requested.claim(keys(1, 2));
    requested.disclaim(keys(2, 2));
    expect(() => requested.claim(keys(2, 2))).not.toThrow();
  });
});

describe('announced hashes', () => {
  it('are the last 2000', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 8 }), (sizes) => {
        const announced = new AnnouncedHashes();
        let last = 0;
        for (const size of sizes) {
          announced.add(HashList.ofKeys(keys(last + 1, last + size)));
          last += size;
        }
        const isKnown = (n: number): boolean => n > 0 && announced.hasAny([hash(n).key]);
        expect(isKnown(last)).toBe(last > 0);
        expect(isKnown(Math.max(1, last - 1999))).toBe(last > 0);
        expect(isKnown(last - 2000)).toBe(false);
        expect(isKnown(last + 1)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('are not what the memory for them held before', () => {
    const announced = new AnnouncedHashes();
    announced.add(HashList.ofKeys(keys(1, 3)));
    expect(announced.hasAny([UInt256.ZERO.key])).toBe(false);
  });

  it('keep the end of a list that is longer than they can hold', () => {
    const announced = new AnnouncedHashes();
    announced.add(HashList.ofKeys(keys(1, 5000)));
    expect(announced.hasAny([hash(3001).key])).toBe(true);
    expect(announced.hasAny([hash(3000).key])).toBe(false);
  });

  it('are whole hashes: one that only lies across two others is unknown', () => {
    const announced = new AnnouncedHashes();
    const list = HashList.of([hash(1), hash(2)]);
    announced.add(list);
    expect(announced.hasAny([UInt256.fromBytes(list.bytes, 7).key])).toBe(false);
    expect(announced.hasAny([UInt256.fromBytes(list.bytes, 7).key, hash(2).key])).toBe(true);
    announced.clear();
    expect(announced.hasAny([hash(1).key])).toBe(false);
  });
});

describe('header heights', () => {
  const blocks = chainBlocks(300);

  it('know the genesis block and the last headers learnt', () => {
    const heights = new HeaderHeights(GENESIS);
    for (const { header } of blocks) heights.learn(header);
    expect(heights.of(GENESIS)).toBe(0);
    expect(heights.of(blocks[299]!.hash)).toBe(300);
    expect(heights.of(blocks[44]!.hash)).toBe(45);
    expect(heights.of(blocks[43]!.hash)).toBeUndefined();
  });

  it('know nothing of a network without a genesis block', () => {
    expect(new HeaderHeights(undefined).of(GENESIS)).toBeUndefined();
  });
});
