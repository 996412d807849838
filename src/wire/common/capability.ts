/**
 * Something a NEO N3 node says it can do, in its version and in addresses. Legacy has none.
 *
 * `type` is the byte on the wire.
 *
 * @publicApi
 */
export type Capability =
  | TcpServerCapability
  | WsServerCapability
  | DisableCompressionCapability
  | FullNodeCapability
  | ArchivalNodeCapability
  | UnknownCapability;

/**
 * It accepts connections on a TCP port.
 *
 * @publicApi
 */
export interface TcpServerCapability {
  readonly type: 0x01;
  readonly name: 'TcpServer';
  readonly port: number;
}

/**
 * It accepts WebSocket connections. Obsolete.
 *
 * @publicApi
 */
export interface WsServerCapability {
  readonly type: 0x02;
  readonly name: 'WsServer';
  readonly port: number;
}

/**
 * It doesn't want compressed payloads. Some nodes send them all the same.
 *
 * @publicApi
 */
export interface DisableCompressionCapability {
  readonly type: 0x03;
  readonly name: 'DisableCompression';
}

/**
 * It wants announcements of blocks and transactions, and serves what it has of the chain. Decides whether nodes relay to it.
 *
 * @publicApi
 */
export interface FullNodeCapability {
  readonly type: 0x10;
  readonly name: 'FullNode';
  /** Index of its last block. */
  readonly startHeight: number;
}

/**
 * It keeps every block; without it, old ones may be gone.
 *
 * @publicApi
 */
export interface ArchivalNodeCapability {
  readonly type: 0x11;
  readonly name: 'ArchivalNode';
}

/**
 * Of a type that isn't known. Kept as it came, so that it can be passed on.
 *
 * @publicApi
 */
export interface UnknownCapability {
  readonly type: number;
  readonly name: 'Unknown';
  /** At most 1024 bytes. */
  readonly data: Uint8Array;
}
