import type { BlockHeader } from '../wire/common/block-header.js';
import type { HeaderTrust } from '../wire/common/header-verification.js';

/**
 * Tells whether a header can be part of the chain of the module's network. Nothing calls it by itself: headers that come
 * are decoded, not verified.
 *
 * @example
 * ```ts
 * for await (const header of peer.headers({ after: previous.hash })) {
 *   verifier.verify(header, { previous });
 *   previous = header;
 * }
 * ```
 * @publicApi
 */
export abstract class HeaderVerifier {
  /**
   * Checks that a header follows the one before it (index, previous hash, time) and carries the signatures of those whom
   * that one names; with `nextConsensus` alone, only the signatures. A header of index 0 must be the network's genesis
   * block, whatever it is checked against.
   *
   * @throws HeaderVerificationError with the rule that it breaks
   */
  abstract verify(header: BlockHeader, by: HeaderTrust): void;
}
