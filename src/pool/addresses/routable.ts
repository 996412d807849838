import { embeddedIpv4, ipAddressOf } from './ip-address.js';
import { Subnet } from './subnet.js';
import { SubnetTable } from './subnet-table.js';

/**
 * What IANA sets apart, from its special-purpose registries of IPv4 and IPv6 addresses (RFC 6890) and its list of
 * multicast. Those that are reachable, but where no peer can be, are in too. Of IPv6 only what is inside `2000::/3`, outside
 * of which nothing is routable anyway. Ranges that are merely not given out yet are not in: lists of them go out of date.
 */
const RESERVED: readonly string[] = [
  '0.0.0.0/8', // this network, RFC 791
  '10.0.0.0/8', // private, RFC 1918
  '100.64.0.0/10', // between carriers and their customers (CGNAT), RFC 6598
  '127.0.0.0/8', // loopback, RFC 1122
  '169.254.0.0/16', // link-local, RFC 3927
  '172.16.0.0/12', // private, RFC 1918
  '192.0.0.0/24', // IETF protocol assignments, RFC 6890
  '192.0.2.0/24', // documentation, RFC 5737
  '192.31.196.0/24', // AS112: answers of reverse lookups, RFC 7535
  '192.52.193.0/24', // AMT: relays of multicast, RFC 7450
  '192.88.99.0/24', // relays of 6to4, RFC 7526
  '192.168.0.0/16', // private, RFC 1918
  '192.175.48.0/24', // AS112, RFC 7534
  '198.18.0.0/15', // benchmarking, RFC 2544
  '198.51.100.0/24', // documentation, RFC 5737
  '203.0.113.0/24', // documentation, RFC 5737
  '224.0.0.0/4', // multicast, RFC 5771
  '240.0.0.0/4', // for future use, RFC 1112, and broadcast, RFC 8190
  '2001::/23', // IETF protocol assignments, RFC 2928: benchmarking, AMT, AS112, ORCHID and others; Teredo apart
  '2001:db8::/32', // documentation, RFC 3849
  '2620:4f:8000::/48', // AS112, RFC 7534
  '3fff::/20', // documentation, RFC 9637
];

/** Never changed once it is made. */
const reserved = tableOf(RESERVED);

/**
 * Whether a peer can be dialled there from anywhere: a public unicast address. False for everything reserved (private,
 * loopback, multicast, documentation, …), for 6to4, Teredo and NAT64 with such an IPv4 address inside, and for host names,
 * which don't come by gossip.
 *
 * @internal
 */
export function isRoutable(host: string): boolean {
  const address = ipAddressOf(host);
  if (address === undefined) return false;
  if (typeof address === 'number') return isRoutableIpv4(address);
  const embedded = embeddedIpv4(address);
  if (embedded.length > 0) return embedded.every(isRoutableIpv4);
  return address[0]! >>> 13 === 1 && reserved.deciding(address) === undefined;
}

function isRoutableIpv4(address: number): boolean {
  return reserved.deciding(address) === undefined;
}

function tableOf(subnets: readonly string[]): SubnetTable<true> {
  const table = new SubnetTable<true>();
  for (const text of subnets) table.set(Subnet.parse(text)!, true);
  return table;
}
