import { formatAddress } from '../environment/address.js';
import type { ConnectAnswer } from './memory-network-options.js';

/** Ports given to whoever asks for none: the dynamic range, RFC 6335. */
const FIRST_FREE_PORT = 49_152;
const LAST_FREE_PORT = 65_535;

/**
 * What the network knows of one host.
 *
 * @internal
 */
export class MemoryHost {
  /** It is gone without a word: nothing arrives, nothing leaves. */
  isAway = false;
  answers: ConnectAnswer = 'normal';
  /** How fast it reads, each connection by itself. */
  bytesPerSecond = Infinity;
  /** Ends the attempts to connect that its program has begun, without telling it. */
  readonly attempts = new Set<() => void>();
  #nextPort = FIRST_FREE_PORT;

  constructor(readonly name: string) {}

  /** A port for whoever asks for none. @param isTaken by `host:port` */
  freePort(isTaken: (address: string) => boolean): number {
    let port = this.#nextPort;
    while (isTaken(formatAddress({ host: this.name, port }))) port = portAfter(port);
    this.#nextPort = portAfter(port);
    return port;
  }
}

function portAfter(port: number): number {
  return port < LAST_FREE_PORT ? port + 1 : FIRST_FREE_PORT;
}
