import type { CallOptions } from '../../environment/call-options.js';
import type { Connection, Endpoint, PeerListener } from '../../environment/connection.js';
import { Transport } from '../../environment/transport.js';

/**
 * The network as one node sees it. Counts the dials.
 *
 * @internal
 */
export class NodeTransport extends Transport {
  readonly #network: Transport;
  readonly #dials: (address: Endpoint) => void;
  #isDead = false;

  /** @param dials told of every attempt to connect, as it begins */
  constructor(network: Transport, dials: (address: Endpoint) => void) {
    super();
    this.#network = network;
    this.#dials = dials;
  }

  connect(address: Endpoint, options: CallOptions): Promise<Connection> {
    if (this.#isDead) return never();
    this.#dials(address);
    return this.#network.connect(address, options);
  }

  listen(
    on: { readonly host?: string; readonly port: number },
    accept: (connection: Connection) => void,
  ): Promise<PeerListener> {
    return this.#isDead ? never() : this.#network.listen(on, accept);
  }

  /** Nothing is dialled, and nobody listens, from now on. What was begun before is the network's to end. */
  die(): void {
    this.#isDead = true;
  }
}

/** Who is dead waits for nothing. */
function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
