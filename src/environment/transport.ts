import type { CallOptions } from './call-options.js';
import type { Connection, Endpoint, PeerListener } from './connection.js';

/**
 * Makes connections. TCP by default; `MemoryNetwork` from `nestjs-neo-peer/testing` gives one without sockets.
 *
 * @publicApi
 */
export abstract class Transport {
  /**
   * Connects to an IP address.
   *
   * @throws DialError when nothing answers there, or `timeoutMs` ran out
   * @throws AbortedError when the signal is aborted
   */
  abstract connect(address: Endpoint, options: CallOptions): Promise<Connection>;

  /**
   * Accepts connections; port 0 lets the system choose, `host` defaults to all interfaces.
   *
   * @throws ListenError when the address can't be had
   */
  abstract listen(
    on: { readonly host?: string; readonly port: number },
    accept: (connection: Connection) => void,
  ): Promise<PeerListener>;
}
