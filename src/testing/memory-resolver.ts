import { isIP } from 'node:net';
import { AbortedError } from '../environment/aborted.error.js';
import { plainHost } from '../environment/address.js';
import type { CallOptions } from '../environment/call-options.js';
import { DialError } from '../environment/dial.error.js';
import { Resolver } from '../environment/resolver.js';

/**
 * Host names without DNS: knows those it is told, and answers IP addresses with themselves.
 *
 * @publicApi
 */
export class MemoryResolver extends Resolver {
  readonly #names: Map<string, readonly string[]>;

  /** @param names the addresses of each name */
  constructor(names: Readonly<Record<string, readonly string[]>> = {}) {
    super();
    this.#names = new Map(Object.entries(names));
  }

  /** Gives a name other addresses; none makes it unknown. */
  set(name: string, addresses: readonly string[]): void {
    this.#names.set(name, addresses);
  }

  async resolve(host: string, options?: CallOptions): Promise<readonly string[]> {
    if (options?.signal?.aborted) throw new AbortedError(options.signal.reason);
    if (isIP(host) !== 0) return [plainHost(host)];
    const addresses = this.#names.get(host) ?? [];
    if (addresses.length === 0) throw new DialError(host, 'the name has no address');
    return addresses;
  }
}
