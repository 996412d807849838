import type { DialectName } from '../../wire/common/dialect-name.js';
import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';

/**
 * The dialect has no words for this request, or the message is of another dialect; nothing was sent.
 *
 * @publicApi
 */
export class UnsupportedByDialectError extends NeoPeerError {
  readonly code = 'NEO_PEER_UNSUPPORTED_BY_DIALECT';

  constructor(
    readonly dialect: DialectName,
    /** The method, with the part of its arguments that can't be expressed; or the message, with what it is of. */
    readonly request: string,
    options?: ErrorOptions,
  ) {
    super(`${request} can't be expressed in the ${dialect} protocol`, options);
  }
}
