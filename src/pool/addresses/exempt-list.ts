import { OptionsError } from '../../config/options.error.js';
import { Subnet } from './subnet.js';
import { SubnetTable } from './subnet-table.js';

/**
 * Whom limits and automatic bans leave alone: the option `pool.exempt`, for offices behind one address, containers and
 * private networks.
 *
 * @internal
 */
export class ExemptList {
  readonly #table = new SubnetTable<true>();

  /**
   * @param exempt addresses and subnets in CIDR form
   * @throws OptionsError for the first that is neither
   */
  constructor(exempt: readonly string[]) {
    for (const [i, text] of exempt.entries()) {
      const subnet = Subnet.parse(text);
      if (subnet === undefined) {
        throw new OptionsError(`pool.exempt[${i}]`, text, 'an IP address or a CIDR like 10.0.0.0/8');
      }
      this.#table.set(subnet, true);
    }
  }

  /** Whether a host's address is on it. Never a host name: who it is is known when it is connected. */
  has(host: string): boolean {
    return this.#table.deciding(host) !== undefined;
  }
}
