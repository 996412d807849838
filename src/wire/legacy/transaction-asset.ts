import { UInt256 } from '../primitives/uint256.js';

/**
 * The token that votes (NEO): the hash of the Register transaction that made it in every genesis block.
 *
 * @publicApi
 */
export const GOVERNING_TOKEN = UInt256.from('c56f33fc6ecfcd0c225c4ab356fee59390af8560be0e930faebe74a6daff7c9b');

/**
 * The token that pays fees (GAS), likewise.
 *
 * @publicApi
 */
export const UTILITY_TOKEN = UInt256.from('602c79718b16e442de58778e148d0b1084e3b2dffd5de6b7b16cee7969282de7');
