/**
 * An IP address (or host name) and TCP port.
 *
 * @publicApi
 */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/**
 * A stream of bytes to somebody and back. It never throws and never emits: everything that can go wrong arrives at
 * {@link onClose}. Each `on…` method sets the one receiver; bytes that arrive before there is one are kept.
 *
 * @publicApi
 */
export interface Connection {
  readonly remoteAddress: Endpoint;
  /** Ask while the connection is open: the system forgets it afterwards, unless it was asked for before. */
  readonly localAddress: Endpoint;
  /**
   * Hands bytes to the transport, which must not be changed afterwards.
   *
   * @param written called once when the transport has taken them, or with the error that kept it from doing so
   * @returns false when its buffer is full: wait for {@link onDrain}
   */
  write(bytes: Uint8Array, written: (error?: Error) => void): boolean;
  /** Stops reading: the remote will feel it once its and our buffers are full. */
  pause(): void;
  /** Reads on. */
  resume(): void;
  /**
   * Says goodbye after what was written is out; {@link onClose} follows when the remote has done so too, which isn't seen
   * while reading is paused.
   */
  end(): void;
  /** Drops the connection at once; {@link onClose} follows. */
  destroy(): void;
  /** Called with bytes as they come, in order, those that were kept first; never before it returns. */
  onData(receive: (chunk: Uint8Array) => void): void;
  /** Called when there is room again after {@link write} said false. */
  onDrain(drained: () => void): void;
  /** Called exactly once, with the error if it wasn't an orderly end; in the next microtask if it is closed already. */
  onClose(closed: (error?: Error) => void): void;
}

/**
 * Something that accepts connections.
 *
 * @publicApi
 */
export interface PeerListener {
  /** Where it listens; the port is the real one where 0 was asked for. */
  readonly address: Endpoint;
  /** Accepts no more. Connections already accepted stay. Idempotent. */
  close(): Promise<void>;
}
