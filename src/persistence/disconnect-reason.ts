/**
 * Why a peer went: a closed set, the same in `Peer.closed`, the event, the log line, the statistics and the database.
 *
 * @publicApi
 */
export const DisconnectReason = Object.freeze({
  /** Not ready within `timeouts.handshakeMs`. */
  'handshake-timeout': 'handshake-timeout',
  /** Nothing received for `timeouts.idleMs`. */
  idle: 'idle',
  /** Requests it could have met stayed without an answer. */
  stalled: 'stalled',
  /** It took no byte for `timeouts.writeStalledMs` while something waited. */
  'write-stalled': 'write-stalled',
  /** A payload that breaks its layout or a limit inside it. */
  malformed: 'malformed',
  /** A frame whose checksum is not its payload's. */
  'bad-checksum': 'bad-checksum',
  /** A frame over its size limit; in N3 also a payload that would be over it once decompressed. */
  oversized: 'oversized',
  /** A frame with another network's magic; in N3 a version with it. */
  'wrong-network': 'wrong-network',
  /** Anything but version and verack before the handshake was over. */
  'unexpected-message': 'unexpected-message',
  'duplicate-version': 'duplicate-version',
  'duplicate-verack': 'duplicate-verack',
  /** The remote's nonce is our own: we dialled ourselves. */
  'self-connection': 'self-connection',
  /** The remote is connected already. */
  'duplicate-connection': 'duplicate-connection',
  /** `PeerAdmission` said no. */
  refused: 'refused',
  /** Another peer needed the slot more. */
  evicted: 'evicted',
  banned: 'banned',
  /** `HeightProvider` or `PeerAdmission` threw before the peer was ready. */
  'behaviour-error': 'behaviour-error',
  /** The application called `disconnect()`. */
  local: 'local',
  /** The remote ended the connection. */
  'remote-closed': 'remote-closed',
  /** The system reported an error on the socket. */
  'socket-error': 'socket-error',
  /** The module is stopping. */
  shutdown: 'shutdown',
} as const);

/** @publicApi */
export type DisconnectReason = keyof typeof DisconnectReason;
