import type { CallOptions } from '../environment/call-options.js';
import type { Connection, Endpoint, PeerListener } from '../environment/connection.js';
import type { Peer } from './peer.js';

/**
 * Where somebody can be dialled: `host:port` (IPv6 in brackets) or the two apart.
 *
 * @publicApi
 */
export type Address = `${string}:${number}` | Endpoint;

/**
 * Makes peers. Inject it wherever `PeerModule` is imported.
 *
 * @publicApi
 */
export abstract class PeerFactory {
  /**
   * Connects, does the handshake, and gives a peer that is ready. When it rejects no socket is left.
   *
   * @param options `timeoutMs` is for the whole; default `timeouts.handshakeMs`
   * @throws DialError when there is no connection to be had
   * @throws HandshakeError when the remote is not somebody to talk to
   * @throws AbortedError
   */
  abstract dial(address: Address, options?: CallOptions): Promise<Peer>;

  /**
   * Accepts connections, each of which becomes an inbound peer.
   *
   * @param on port 0 lets the system choose; host defaults to all interfaces
   * @throws ListenError
   */
  abstract listen(on: { readonly host?: string; readonly port: number }): Promise<PeerListener>;

  /** A peer on a connection somebody else made. Nothing happens until `run()`. */
  abstract create(connection: Connection, options: { readonly inbound: boolean }): Peer;
}
