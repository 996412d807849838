import ipaddr from 'ipaddr.js';
import { isIPv6 } from 'node:net';

/**
 * An IP address as numbers: IPv4 from 0 to 2^32-1, IPv6 as its eight groups of 16 bits. IPv4 written as IPv6 is IPv4.
 *
 * @internal
 */
export type IpAddress = number | readonly number[];

/** Bits of a group of IPv6. */
const GROUP_BITS = 16;
const GROUPS = 8;

const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
/** What a lower-case letter's code is ahead of the hexadecimal digit it stands for. */
const LETTER_OFFSET = 0x57;

const NO_ADDRESSES: readonly number[] = Object.freeze([]);

/**
 * Reads the host of a peer. A zone (`fe80::1%eth0`, as systems report link-local peers) is left out: rules are about
 * addresses, not about our interfaces.
 *
 * @returns undefined for a host name, and for anything else that is no address in strict form
 * @internal
 */
export function ipAddressOf(host: string): IpAddress | undefined {
  const ipv4 = ipv4Of(host);
  if (ipv4 >= 0) return ipv4;
  if (!isIPv6(host)) return undefined;
  const zone = host.indexOf('%');
  const groups = groupsOf(zone < 0 ? host : host.slice(0, zone));
  return isMapped(groups) ? low32(groups) : groups;
}

/**
 * The shortest text of an address: dotted, or as RFC 5952 has it.
 *
 * @internal
 */
export function ipAddressText(address: IpAddress): string {
  if (typeof address === 'number') {
    return `${address >>> 24}.${(address >>> 16) & 0xff}.${(address >>> 8) & 0xff}.${address & 0xff}`;
  }
  return new ipaddr.IPv6([...address]).toString();
}

/**
 * How many bits an address of that kind has.
 *
 * @internal
 */
export function bitsOf(address: IpAddress): 32 | 128 {
  return typeof address === 'number' ? 32 : 128;
}

/**
 * The address with all bits behind the first `prefix` cleared.
 *
 * @internal
 */
export function maskedAddress(address: IpAddress, prefix: number): IpAddress {
  if (typeof address === 'number') return prefix === 0 ? 0 : (address & (-1 << (32 - prefix))) >>> 0;
  return address.map((_, i) => groupWithin(address, i, prefix));
}

/**
 * The address with one bit changed, bit 0 being the first.
 *
 * @internal
 */
export function flippedAddress(address: IpAddress, bit: number): IpAddress {
  if (typeof address === 'number') return (address ^ (1 << (31 - bit))) >>> 0;
  return address.with(bit >>> 4, address[bit >>> 4]! ^ (1 << (15 - (bit & 15))));
}

/**
 * Orders addresses: IPv4 before IPv6, then by number.
 *
 * @returns negative, 0 or positive, as `sort` wants it
 * @internal
 */
export function compareAddresses(a: IpAddress, b: IpAddress): number {
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1;
  if (typeof b === 'number') return 1;
  for (let i = 0; i < GROUPS; i++) {
    if (a[i] !== b[i]) return a[i]! - b[i]!;
  }
  return 0;
}

/**
 * The first `prefix` bits as the key of a map that holds only addresses of one kind and one such length. A list of eight arguments and no
 * loop: this is done for every prefix length of every table that an address is looked up in.
 *
 * @internal
 */
export function prefixKey(address: IpAddress, prefix: number): number | string {
  if (typeof address === 'number') return prefix === 0 ? 0 : address >>> (32 - prefix);
  return String.fromCharCode(
    groupWithin(address, 0, prefix),
    groupWithin(address, 1, prefix),
    groupWithin(address, 2, prefix),
    groupWithin(address, 3, prefix),
    groupWithin(address, 4, prefix),
    groupWithin(address, 5, prefix),
    groupWithin(address, 6, prefix),
    groupWithin(address, 7, prefix),
  );
}

/**
 * The IPv4 addresses inside an IPv6 address of a transition mechanism, the peer's own first: 6to4 (RFC 3056), Teredo
 * (RFC 4380: the client's, which is inverted there, and the server's) and NAT64 (RFC 6052). Empty for any other.
 *
 * @internal
 */
export function embeddedIpv4(groups: readonly number[]): readonly number[] {
  if (groups[0] === 0x2002) return [from16(groups[1]!, groups[2]!)];
  if (groups[0] === 0x2001 && groups[1] === 0) {
    return [~low32(groups) >>> 0, from16(groups[2]!, groups[3]!)];
  }
  const isNat64 = groups[0] === 0x64 && groups[1] === 0xff9b && isZero(groups, 2, 6);
  return isNat64 ? [low32(groups)] : NO_ADDRESSES;
}

/** One group, with the bits behind the prefix cleared. */
function groupWithin(address: readonly number[], i: number, prefix: number): number {
  const cleared = (i + 1) * GROUP_BITS - prefix;
  if (cleared <= 0) return address[i]!;
  return cleared >= GROUP_BITS ? 0 : address[i]! & (-1 << cleared);
}

/** -1 if the text isn't four decimal numbers without leading zeros. */
function ipv4Of(text: string): number {
  let address = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT && digits > 0 && dots < 3) {
      address = address * 256 + octet;
      octet = digits = 0;
      dots++;
    } else if (code >= ZERO && code <= NINE && (digits === 0 || octet > 0)) {
      octet = octet * 10 + code - ZERO;
      digits++;
      if (octet > 255) return -1;
    } else {
      return -1;
    }
  }
  return dots === 3 && digits > 0 ? address * 256 + octet : -1;
}

/**
 * The groups of a text that is known to be IPv6. Not by ipaddr.js, which takes `::127.0.0.1` for 127.0.0.1, and octal
 * numbers at the end; and every connection and every address of gossip comes through here.
 */
function groupsOf(text: string): readonly number[] {
  const groups = [0, 0, 0, 0, 0, 0, 0, 0];
  let count = 0;
  let gap = -1;
  let group = 0;
  let digits = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) return withTail(groups, count, gap, ipv4Of(text.slice(text.lastIndexOf(':') + 1)));
    if (code !== COLON) {
      group = group * 16 + hexDigit(code);
      digits++;
      continue;
    }
    if (digits > 0) groups[count++] = group;
    if (text.charCodeAt(i + 1) === COLON) gap = count;
    group = digits = 0;
  }
  if (digits > 0) groups[count++] = group;
  return spread(groups, count, gap);
}

/** Behind the first groups stands an IPv4 address in dotted form. */
function withTail(groups: number[], count: number, gap: number, ipv4: number): readonly number[] {
  groups[count] = ipv4 >>> 16;
  groups[count + 1] = ipv4 & 0xffff;
  return spread(groups, count + 2, gap);
}

/** Moves the groups that stand behind `::` to the end. */
function spread(groups: number[], count: number, gap: number): readonly number[] {
  if (gap < 0) return groups;
  for (let from = count - 1, to = GROUPS - 1; from >= gap; from--, to--) {
    groups[to] = groups[from]!;
    groups[from] = 0;
  }
  return groups;
}

function hexDigit(code: number): number {
  return code <= NINE ? code - ZERO : (code | 0x20) - LETTER_OFFSET;
}

function isMapped(groups: readonly number[]): boolean {
  return groups[5] === 0xffff && isZero(groups, 0, 5);
}

function isZero(groups: readonly number[], from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    if (groups[i] !== 0) return false;
  }
  return true;
}

function low32(groups: readonly number[]): number {
  return from16(groups[6]!, groups[7]!);
}

function from16(high: number, low: number): number {
  return high * 0x10000 + low;
}
