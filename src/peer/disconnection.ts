import type { DisconnectReason } from '../persistence/disconnect-reason.js';
import type { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * How a connection ended.
 *
 * @publicApi
 */
export interface Disconnection {
  readonly reason: DisconnectReason;
  /** Who ended it. */
  readonly by: 'us' | 'remote';
  /** What was wrong, where something was. */
  readonly error?: NeoPeerError;
  /** When, milliseconds since 1970. */
  readonly atMs: number;
}
