import type { HashList } from '../../wire/primitives/hash-list.js';
import type { UInt256 } from '../../wire/primitives/uint256.js';
import type { Chain } from '../chain.js';

/** Heights from `first` up to, not including, `end`. */
export interface ChainRange {
  readonly first: number;
  readonly end: number;
}

/**
 * What Legacy's `getheaders` and `getblocks` ask for: the blocks after the first of `starts` that we have, up to the one
 * before `stop`. A stop that we don't have is none.
 *
 * @param most where the range is cut off
 * @returns undefined when we have none of the starts: silence is the answer then
 */
export function rangeAfter(chain: Chain, starts: HashList, stop: UInt256, most: number): ChainRange | undefined {
  for (const start of starts) {
    const index = chain.indexOf(start);
    if (index === undefined) continue;
    const { first, end } = rangeFrom(chain, index + 1, most);
    return { first, end: Math.max(first, Math.min(chain.indexOf(stop) ?? Infinity, end)) };
  }
  return undefined;
}

/**
 * What N3's requests ask for: so many blocks from a height on, as far as there are any.
 *
 * @param count -1 is as many as allowed
 * @param most where the range is cut off
 * @returns a range without anything in it when that height is above the chain
 */
export function rangeFrom(chain: Chain, first: number, most: number, count = -1): ChainRange {
  const length = count < 0 ? most : Math.min(count, most);
  return { first, end: Math.max(first, Math.min(first + length, chain.height + 1)) };
}
