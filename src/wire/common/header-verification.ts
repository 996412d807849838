import type { UInt160 } from '../primitives/uint160.js';
import type { UInt256 } from '../primitives/uint256.js';
import type { BlockHeader } from './block-header.js';
import type { PublicKeys } from './public-keys.js';

/**
 * What a header is checked against: the header before it, or, where that isn't there, only the account that must have
 * signed it.
 *
 * @publicApi
 */
export type HeaderTrust = { readonly previous: BlockHeader } | { readonly nextConsensus: UInt160 };

/**
 * What else the verification of a header needs.
 *
 * @publicApi
 */
export interface HeaderVerification {
  /** The network's; part of what is signed in N3. */
  readonly magic: number;
  /** Hash of the network's genesis block, if known: no other header may have index 0. */
  readonly genesis: UInt256 | undefined;
  /** The keys made so far: the same few sign every header. */
  readonly keys: PublicKeys;
}
