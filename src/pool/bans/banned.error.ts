import type { Ban } from '../../persistence/ban.js';
import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';

/**
 * The address is banned: lift the ban first.
 *
 * @publicApi
 */
export class BannedError extends NeoPeerError {
  readonly code = 'NEO_PEER_BANNED';

  constructor(
    /** `host:port`. */
    readonly address: string,
    readonly ban: Ban,
    options?: ErrorOptions,
  ) {
    super(
      `${address} is banned as ${ban.subject} until ${new Date(ban.untilMs).toISOString()}: ${ban.reason}`,
      options,
    );
  }
}
