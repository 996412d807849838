import { ipAddressOf, prefixKey, type IpAddress } from './ip-address.js';
import { Subnet } from './subnet.js';

/**
 * A value and the subnet it is kept under.
 *
 * @internal
 */
export interface SubnetEntry<V> {
  readonly subnet: Subnet;
  readonly value: V;
}

/** The subnets of one prefix length, by their bits. */
interface Level<V> {
  readonly prefix: number;
  readonly entries: Map<number | string, SubnetEntry<V>>;
}

/**
 * Values by subnet. Finding what covers an address takes one map access for every prefix length in use, however many
 * subnets there are. Has no cap of its own: its owner has.
 *
 * @internal
 */
export class SubnetTable<V> {
  /** Each with the longest prefix first, and none empty. */
  readonly #ipv4: Level<V>[] = [];
  readonly #ipv6: Level<V>[] = [];

  get size(): number {
    return [...this.#ipv4, ...this.#ipv6].reduce((sum, { entries }) => sum + entries.size, 0);
  }

  /** All of them, in no particular order. Must not be changed meanwhile. */
  *[Symbol.iterator](): IterableIterator<SubnetEntry<V>> {
    for (const { entries } of this.#ipv4) yield* entries.values();
    for (const { entries } of this.#ipv6) yield* entries.values();
  }

  /** Puts a value in, or in place of another. */
  set(subnet: Subnet, value: V): void {
    const levels = this.#levelsOf(subnet.address);
    let level = levels.find(({ prefix }) => prefix === subnet.prefix);
    if (level === undefined) {
      level = { prefix: subnet.prefix, entries: new Map() };
      const place = levels.findIndex(({ prefix }) => prefix < subnet.prefix);
      levels.splice(place < 0 ? levels.length : place, 0, level);
    }
    level.entries.set(prefixKey(subnet.address, subnet.prefix), { subnet, value });
  }

  /** The value of exactly this subnet. */
  get(subnet: Subnet): V | undefined {
    const level = this.#levelsOf(subnet.address).find(({ prefix }) => prefix === subnet.prefix);
    return level?.entries.get(prefixKey(subnet.address, subnet.prefix))?.value;
  }

  /** @returns whether it was there */
  delete(subnet: Subnet): boolean {
    const levels = this.#levelsOf(subnet.address);
    const place = levels.findIndex(({ prefix }) => prefix === subnet.prefix);
    const level = levels[place];
    const wasThere = level?.entries.delete(prefixKey(subnet.address, subnet.prefix)) ?? false;
    if (level?.entries.size === 0) levels.splice(place, 1);
    return wasThere;
  }

  /** The most specific entry that covers the host; undefined for host names. */
  deciding(host: string | IpAddress): SubnetEntry<V> | undefined {
    const address = typeof host === 'string' ? ipAddressOf(host) : host;
    if (address === undefined) return undefined;
    for (const { prefix, entries } of this.#levelsOf(address)) {
      const entry = entries.get(prefixKey(address, prefix));
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  /** All entries that cover the host, or all of a subnet, the most specific first; none for host names. */
  covering(host: string | Subnet): readonly SubnetEntry<V>[] {
    const address = typeof host === 'string' ? ipAddressOf(host) : host.address;
    if (address === undefined) return [];
    const covering: SubnetEntry<V>[] = [];
    for (const { prefix, entries } of this.#levelsOf(address)) {
      if (typeof host !== 'string' && prefix > host.prefix) continue;
      const entry = entries.get(prefixKey(address, prefix));
      if (entry !== undefined) covering.push(entry);
    }
    return covering;
  }

  /** All entries inside a subnet, itself included, in no particular order. Looks at every entry. */
  within(subnet: Subnet): readonly SubnetEntry<V>[] {
    return this.#levelsOf(subnet.address)
      .filter(({ prefix }) => prefix >= subnet.prefix)
      .flatMap(({ entries }) => [...entries.values()].filter((entry) => subnet.contains(entry.subnet)));
  }

  #levelsOf(address: IpAddress): Level<V>[] {
    return typeof address === 'number' ? this.#ipv4 : this.#ipv6;
  }
}
