import { embeddedIpv4, ipAddressOf, ipAddressText } from './ip-address.js';

/** Groups of 16 bits in the /48 that a site of IPv6 usually has. */
const SITE_GROUPS = 3;
/** Groups of 16 bits in the /64 that a link of IPv6 has: whoever has one address there has them all. */
const LINK_GROUPS = 4;

/**
 * The network group of a host: addresses of one group are likely in one hand, so an attacker has few groups, however many
 * addresses. It is the /24 of IPv4 and the /48 of IPv6, as text. 6to4, Teredo and NAT64 belong to the group of the IPv4
 * address inside, or one such address would be a choice of groups. A host name, whose address nobody knows yet, is a group
 * of its own.
 *
 * @internal
 */
export function groupOf(host: string): string {
  const address = ipAddressOf(host);
  if (address === undefined) return host.toLowerCase();
  if (typeof address === 'number') return ipv4GroupText(address);
  const embedded = embeddedIpv4(address)[0];
  return embedded === undefined ? `${beginningText(address, SITE_GROUPS)}/48` : ipv4GroupText(embedded);
}

/**
 * What counts as one address, for limits, scores and bans: an IPv4 address, the /64 of an IPv6 address. In text that
 * `Subnet.parse` reads, and that covers the host; but a host name is itself, in lower case.
 *
 * Where a /64 is not one customer's, something else is one: all of the /48 in 6to4, which one IPv4 address has; the single
 * address with Teredo, NAT64 (behind one /64 may be all of IPv4), link-local and anything else outside of the global and
 * the unique local ranges.
 *
 * @internal
 */
export function clientOf(host: string): string {
  const address = ipAddressOf(host);
  if (address === undefined) return host.toLowerCase();
  if (typeof address === 'number') return host.includes(':') ? ipAddressText(address) : host;
  const groups = clientGroups(address);
  return groups === address.length ? ipAddressText(address) : `${beginningText(address, groups)}/${groups * 16}`;
}

/** How many groups of 16 bits tell one client from another. */
function clientGroups(address: readonly number[]): number {
  const first = address[0]!;
  if (first === 0x2002) return SITE_GROUPS;
  const isTeredo = first === 0x2001 && address[1] === 0;
  const isGlobal = first >>> 13 === 1;
  const isUniqueLocal = first >>> 9 === 0xfc00 >>> 9;
  return (isGlobal && !isTeredo) || isUniqueLocal ? LINK_GROUPS : address.length;
}

function ipv4GroupText(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 0xff}.${(address >>> 8) & 0xff}.0/24`;
}

/** The text of an IPv6 address of which only the first groups, at most four, are not zero: their zeros can only end it. */
function beginningText(groups: readonly number[], count: number): string {
  let end = count;
  while (end > 0 && groups[end - 1] === 0) end--;
  let text = '';
  for (let i = 0; i < end; i++) text += i === 0 ? groups[i]!.toString(16) : `:${groups[i]!.toString(16)}`;
  return `${text}::`;
}
