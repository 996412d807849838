import { NETWORKS } from '../../src/config/networks.js';
import { dialectOf, type PayloadOf } from '../../src/wire/messages.js';
import { UInt256 } from '../../src/wire/primitives/uint256.js';
import { loadLocalChain } from './vectors.js';

/** A block as it was decoded from the recorded chain. */
export type ChainBlock = PayloadOf<'block'>;

/** Hash of the block before the first one of {@link chainBlocks}. */
export const GENESIS = UInt256.from(NETWORKS['legacy-local'].genesis!);

/** The first `count` blocks after the genesis block, from block 1 on. */
export function chainBlocks(count: number): ChainBlock[] {
  const { decodePayload } = dialectOf('legacy');
  return loadLocalChain()
    .slice(0, count)
    .map((bytes) => decodePayload('block', bytes) as ChainBlock);
}
