import {
  bitsOf,
  compareAddresses,
  flippedAddress,
  ipAddressOf,
  ipAddressText,
  maskedAddress,
  type IpAddress,
} from './ip-address.js';

const PREFIX = /^(?:0|[1-9]\d{0,2})$/;

/** How long the prefix of IPv4 inside IPv6 is, `::ffff:0:0/96`. */
const MAPPED_BITS = 96;

/**
 * One IP address, or all that begin with the same bits. Immutable.
 *
 * @internal
 */
export class Subnet {
  private constructor(
    /** The lowest address in it. */
    readonly address: IpAddress,
    /** How many of its first bits all its addresses share. */
    readonly prefix: number,
  ) {}

  /**
   * Reads an address or a subnet in CIDR form; bits behind the prefix are cleared. IPv4 written as IPv6 becomes IPv4,
   * with a prefix from /96 on; a shorter one is refused, because it can't mean what it says.
   *
   * @returns undefined for anything else: host names, zones, IPv4 with leading zeros or fewer than four numbers, spaces
   */
  static parse(text: string): Subnet | undefined {
    const slash = text.indexOf('/');
    const host = slash < 0 ? text : text.slice(0, slash);
    const address = host.includes('%') ? undefined : ipAddressOf(host);
    if (address === undefined) return undefined;
    if (slash < 0) return new Subnet(address, bitsOf(address));
    const digits = text.slice(slash + 1);
    const isMapped = typeof address === 'number' && host.includes(':');
    const prefix = PREFIX.test(digits) ? Number(digits) - (isMapped ? MAPPED_BITS : 0) : -1;
    return prefix >= 0 && prefix <= bitsOf(address) ? Subnet.around(address, prefix) : undefined;
  }

  /**
   * The subnet an address is in.
   *
   * @param prefix 0 to 32 for IPv4, to 128 for IPv6
   */
  static around(address: IpAddress, prefix: number): Subnet {
    return new Subnet(maskedAddress(address, prefix), prefix);
  }

  /** For sorting: IPv4 first, then by the lowest address, then the wider one first. */
  static compare(a: Subnet, b: Subnet): number {
    return compareAddresses(a.address, b.address) || a.prefix - b.prefix;
  }

  get family(): 4 | 6 {
    return typeof this.address === 'number' ? 4 : 6;
  }

  /** Whether it is a single address. */
  get isAddress(): boolean {
    return this.prefix === bitsOf(this.address);
  }

  /** Whether all of the other one is in it. */
  contains(other: Subnet): boolean {
    if (this.family !== other.family || this.prefix > other.prefix) return false;
    return compareAddresses(maskedAddress(other.address, this.prefix), this.address) === 0;
  }

  equals(other: Subnet): boolean {
    return Subnet.compare(this, other) === 0;
  }

  /** What is left without a part of it: the fewest subnets, in order. Itself if the two don't meet, none if all of it goes. */
  minus(part: Subnet): readonly Subnet[] {
    if (part.contains(this)) return [];
    if (!this.contains(part)) return [this];
    const before: Subnet[] = [];
    const after: Subnet[] = [];
    for (let prefix = this.prefix + 1; prefix <= part.prefix; prefix++) {
      const sibling = Subnet.around(flippedAddress(part.address, prefix - 1), prefix);
      if (compareAddresses(sibling.address, part.address) < 0) before.push(sibling);
      else after.push(sibling);
    }
    return [...before, ...after.toReversed()];
  }

  /** `192.0.2.1`, `192.0.2.0/24`, `2001:db8::/32`: one text for each subnet, which {@link parse} reads. */
  toString(): string {
    const text = ipAddressText(this.address);
    return this.isAddress ? text : `${text}/${this.prefix}`;
  }
}
