import type { HashList } from '../../wire/primitives/hash-list.js';
import type { UInt256 } from '../../wire/primitives/uint256.js';
import type { Chain } from '../chain.js';

/** Heights from `first` up to, not including, `end`. */
export interface ChainRange {
  readonly first: number;
  readonly end: number;
}

/**
 * What `getheaders` and `getblocks` ask for: the blocks after the first of `starts` that we have, up to the one before
 * `stop`. A stop that we don't have is none.
 *
 * @param most where the range is cut off
 * @returns undefined when we have none of the starts: silence is the answer then
 */
export function rangeAfter(chain: Chain, starts: HashList, stop: UInt256, most: number): ChainRange | undefined {
  for (const start of starts) {
    const index = chain.indexOf(start);
    if (index === undefined) continue;
    const first = index + 1;
    const end = Math.min(chain.indexOf(stop) ?? Infinity, chain.height + 1, first + most);
    return { first, end: Math.max(first, end) };
  }
  return undefined;
}
