import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * What a header must have in common with the one before it:
 * - `index`: one more
 * - `previous-hash`: names the other's hash
 * - `timestamp`: strictly later
 *
 * @internal
 */
export type HeaderLinkRule = 'index' | 'previous-hash' | 'timestamp';

/**
 * A header that doesn't follow the one before it: whoever sent it is on another chain, or lies.
 *
 * @internal
 */
export class HeaderLinkError extends NeoPeerError {
  readonly code = 'NEO_PEER_HEADER_LINK';

  constructor(
    /** Index that the header claims. */
    readonly index: number,
    readonly rule: HeaderLinkRule,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`header ${index} does not follow the one before it: ${detail}`, options);
  }
}
