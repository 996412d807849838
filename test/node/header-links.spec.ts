import { describe, expect, it } from '@jest/globals';
import { HeaderLinks } from '../../src/node/header-links.js';
import type { BlockHeader } from '../../src/wire/common/block-header.js';
import { UInt256 } from '../../src/wire/primitives/uint256.js';

function hash(n: number): UInt256 {
  return UInt256.from(n.toString(16).padStart(64, '0'));
}

function header(fields: { index: number; prev: number; timestamp: number }): BlockHeader {
  const { index, prev, timestamp } = fields;
  return { index, timestamp, prevHash: hash(prev), hash: hash(index + 100) } as BlockHeader;
}

describe('HeaderLinks', () => {
  it('moves its tip along headers that follow each other', () => {
    const links = new HeaderLinks({ hash: hash(100), index: 0, timestamp: 10 });
    links.append(header({ index: 1, prev: 100, timestamp: 11 }));
    links.append(header({ index: 2, prev: 101, timestamp: 12 }));
    expect(links.tip).toEqual({ hash: hash(102), index: 2, timestamp: 12 });
  });

  it('takes any index and time first where only the hash of the anchor is known', () => {
    const links = new HeaderLinks({ hash: hash(1) });
    links.append(header({ index: 4711, prev: 1, timestamp: 0 }));
    expect(links.tip.index).toBe(4711);
    expect(() => links.append(header({ index: 4711, prev: 4811, timestamp: 1 }))).toThrow('4712 is next');
  });

  it.each([
    [{ index: 2, prev: 100, timestamp: 11 }, 'index'],
    [{ index: 0, prev: 100, timestamp: 11 }, 'index'],
    [{ index: 1, prev: 99, timestamp: 11 }, 'previous-hash'],
    [{ index: 1, prev: 100, timestamp: 10 }, 'timestamp'],
    [{ index: 1, prev: 100, timestamp: 9 }, 'timestamp'],
  ])('refuses %j and stays where it was', (fields, rule) => {
    const anchor = { hash: hash(100), index: 0, timestamp: 10 };
    const links = new HeaderLinks(anchor);
    expect(() => links.append(header(fields))).toThrow(
      expect.objectContaining({ code: 'NEO_PEER_HEADER_VERIFICATION', rule, index: fields.index }),
    );
    expect(links.tip).toBe(anchor);
  });
});
