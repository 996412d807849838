import type { Endpoint } from '../../environment/connection.js';
import type { Peer } from '../../peer/peer.js';

/**
 * Why there is a link:
 * - `automatic`: the pool fills its outbound slots
 * - `kept`: somebody wants it at all times (`static`, `connect()`)
 * - `feeler`: the pool tries an address it has only heard of, and hangs up
 * - `manual`: the application dialled through `PeerFactory`; the pool leaves it alone
 * - `inbound`: the remote dialled
 */
export type LinkKind = 'automatic' | 'kept' | 'feeler' | 'manual' | 'inbound';

/** How far a link has come. It only goes forward, and may end at any time. */
export type LinkState = 'dialling' | 'negotiating' | 'ready';

/**
 * A connection of the module, or a dial that may become one, as the pool sees it.
 *
 * @internal
 */
export interface Link {
  readonly kind: LinkKind;
  readonly state: LinkState;
  /** As it was dialled; undefined for inbound. */
  readonly address: Endpoint | undefined;
  /** Undefined while it is dialled. */
  readonly peer: Peer | undefined;
  /** What counts as one address (`clientOf`): of the socket's host, of the dialled one before. */
  readonly client: string;
  /** Its group (`groupOf`), likewise. */
  readonly group: string;
  /** No limit per address or group counts it. */
  readonly isExempt: boolean;
  /** When the dial began or the remote connected, milliseconds since 1970. */
  readonly sinceMs: number;
  /** When it became ready. */
  readonly readyAtMs: number | undefined;
  /** The remote's, once its version came. */
  readonly nonce: number | undefined;
}
