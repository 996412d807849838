import { AbortedError } from '../../environment/aborted.error.js';
import { formatAddress } from '../../environment/address.js';
import { withinLimits } from '../../environment/call-limits.js';
import type { CallOptions } from '../../environment/call-options.js';
import type { Clock } from '../../environment/clock.js';
import type { Connection, Endpoint } from '../../environment/connection.js';
import { DialError } from '../../environment/dial.error.js';
import type { Resolver } from '../../environment/resolver.js';
import type { Transport } from '../../environment/transport.js';

/**
 * From an address to a connection: resolves the name, and tries its addresses in order, each for its share of the time.
 *
 * @internal
 */
export class Dialler {
  readonly #clock: Clock;
  readonly #resolver: Resolver;
  readonly #transport: Transport;

  constructor(clock: Clock, resolver: Resolver, transport: Transport) {
    this.#clock = clock;
    this.#resolver = resolver;
    this.#transport = transport;
  }

  /**
   * @param timeoutMs for all of it
   * @throws DialError, AbortedError
   */
  async connect(endpoint: Endpoint, timeoutMs: number, signal: AbortSignal): Promise<Connection> {
    const endsAt = this.#clock.monotonic() + timeoutMs;
    const hosts = await this.#resolve(endpoint, { signal, timeoutMs });
    let cause: unknown;
    for (const [i, host] of hosts.entries()) {
      const left = endsAt - this.#clock.monotonic();
      if (left <= 0) break;
      const share = Math.max(1, left / (hosts.length - i));
      try {
        return await this.#open({ host, port: endpoint.port }, { signal, timeoutMs: share });
      } catch (error) {
        if (error instanceof AbortedError) throw error;
        cause = error;
      }
    }
    const address = formatAddress(endpoint);
    if (cause instanceof DialError && cause.address === address) throw cause;
    const detail =
      hosts.length === 1 ? `nothing at ${String(hosts[0])}` : `nothing at any of its ${hosts.length} addresses`;
    throw new DialError(address, detail, { cause });
  }

  async #resolve(endpoint: Endpoint, options: CallOptions): Promise<readonly string[]> {
    try {
      const resolving = this.#resolver.resolve(endpoint.host, options);
      return await withinLimits(resolving, this.#clock, options, () => tooLate(endpoint, options));
    } catch (cause) {
      if (cause instanceof AbortedError) throw cause;
      throw new DialError(formatAddress(endpoint), 'its name has no address now', { cause });
    }
  }

  /** Whatever transport it is: no connection is left when this has rejected. */
  async #open(address: Endpoint, options: CallOptions): Promise<Connection> {
    const connecting = this.#transport.connect(address, options);
    try {
      return await withinLimits(connecting, this.#clock, options, () => tooLate(address, options));
    } catch (error) {
      connecting.then(
        (late) => late.destroy(),
        () => undefined, // its own failure, which is told already
      );
      throw error;
    }
  }
}

function tooLate(address: Endpoint, { timeoutMs }: CallOptions): DialError {
  return new DialError(formatAddress(address), `no answer within ${timeoutMs} ms`);
}
