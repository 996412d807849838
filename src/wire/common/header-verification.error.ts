import { NeoPeerError } from '../primitives/neo-peer.error.js';

/**
 * The rule that a header breaks:
 * - `dialect`: it and what it is checked against aren't of one dialect
 * - `genesis`: it has index 0 and is not the network's genesis block
 * - `index`, `previous-hash`, `timestamp`: it doesn't follow the header before it
 * - `version`, `primary-index`: a field holds what no valid header holds
 * - `script`: its witness is not a standard multi-signature (or single-signature) one
 * - `next-consensus`: who signed is not who the header before it names
 * - `signature`: a signature is not that of its key
 *
 * @publicApi
 */
export type HeaderRule =
  | 'dialect'
  | 'genesis'
  | 'index'
  | 'previous-hash'
  | 'timestamp'
  | 'version'
  | 'primary-index'
  | 'script'
  | 'next-consensus'
  | 'signature';

/**
 * A header that decodes, and can't be part of the chain.
 *
 * @publicApi
 */
export class HeaderVerificationError extends NeoPeerError {
  readonly code = 'NEO_PEER_HEADER_VERIFICATION';

  constructor(
    /** Height that the header claims. */
    readonly index: number,
    readonly rule: HeaderRule,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`header ${index}: ${detail} (${rule})`, options);
  }
}
