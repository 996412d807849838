import * as fc from 'fast-check';

/** Groups of IPv6, with many zeros: its texts differ in how they leave them out. */
export function groupsOfIpv6(): fc.Arbitrary<number[]> {
  const group = fc.oneof(fc.constant(0), fc.constant(0xffff), fc.nat({ max: 0xffff }));
  return fc.array(group, { minLength: 8, maxLength: 8 });
}

/** The same without IPv4 in it. */
export function ipv6Addresses(): fc.Arbitrary<number[]> {
  return groupsOfIpv6().filter(([a, b, c, d, e, f]) => !(f === 0xffff && !a && !b && !c && !d && !e));
}
