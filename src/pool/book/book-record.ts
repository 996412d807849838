/**
 * What the address book reads of a row. The rows are somebody else's; the book keeps references and reads them when it
 * decides, so they may change at any time, save for `host` and `port`, which are the key.
 *
 * Times are milliseconds since 1970, null = never.
 *
 * @internal
 */
export interface BookRecord {
  /** IP address, or a host name. */
  readonly host: string;
  readonly port: number;
  readonly firstSeenAtMs: number;
  /** The last byte received from it. */
  readonly lastSeenAtMs: number | null;
  readonly lastAttemptAtMs: number | null;
  /** The last handshake of a connection that we dialled. */
  readonly lastSuccessAtMs: number | null;
  /** Dials that failed since the last that didn't. */
  readonly failuresInARow: number;
  /** Not to be dialled before; null = any time. For those who say what is eligible: the book doesn't look at it. */
  readonly nextDialAtMs?: number | null;
  /** Host of the peer that told of it first. */
  readonly learntFrom?: string | null;
}
