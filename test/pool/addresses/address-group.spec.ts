import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { clientOf, groupOf } from '../../../src/pool/addresses/address-group.js';
import { ipAddressText } from '../../../src/pool/addresses/ip-address.js';
import { Subnet } from '../../../src/pool/addresses/subnet.js';
import { ipv6Addresses } from './arbitraries.js';

describe.each([
  ['IPv4', '203.0.113.7', '203.0.113.0/24', '203.0.113.7'],
  ['IPv4 written as IPv6', '::ffff:203.0.113.7', '203.0.113.0/24', '203.0.113.7'],
  ['IPv4 written as IPv6 in hexadecimal', '::ffff:cb00:7107', '203.0.113.0/24', '203.0.113.7'],
  ['IPv6', '2a01:4f8:c0c:1234:aaaa::1', '2a01:4f8:c0c::/48', '2a01:4f8:c0c:1234::/64'],
  ['IPv6 in other letters', '2A01:04F8:0C0C:1234::2', '2a01:4f8:c0c::/48', '2a01:4f8:c0c:1234::/64'],
  ['IPv6 with zeros in its prefix', '2a01:0:0:5::1', '2a01::/48', '2a01:0:0:5::/64'],
  ['IPv6 with zeros at the end of its prefix', '2a01:4f8::1', '2a01:4f8::/48', '2a01:4f8::/64'],
  ['unique local', 'fd12:3456:789a:1::1', 'fd12:3456:789a::/48', 'fd12:3456:789a:1::/64'],
  ['6to4', '2002:cb00:7107:5::1', '203.0.113.0/24', '2002:cb00:7107::/48'],
  ['Teredo', '2001:0:4136:e378:8000:63bf:34ff:8ef8', '203.0.113.0/24', '2001:0:4136:e378:8000:63bf:34ff:8ef8'],
  ['NAT64', '64:ff9b::203.0.113.7', '203.0.113.0/24', '64:ff9b::cb00:7107'],
  ['a network’s own NAT64', '64:ff9b:1::203.0.113.7', '64:ff9b:1::/48', '64:ff9b:1::cb00:7107'],
  ['link-local', 'fe80::1%eth0', 'fe80::/48', 'fe80::1'],
  ['loopback', '::1', '::/48', '::1'],
  ['a host name', 'Seed1.NGD.network', 'seed1.ngd.network', 'seed1.ngd.network'],
])('%s', (_name, host, group, client) => {
  it(`${host} is of the group ${group}`, () => {
    expect(groupOf(host)).toBe(group);
  });

  it(`${host} counts as ${client}`, () => {
    expect(clientOf(host)).toBe(client);
  });
});

describe('groups and clients', () => {
  it('are subnets around the host, in canonical text; the group is never the narrower', () => {
    const hosts = fc.oneof(
      fc.ipV4(),
      ipv6Addresses().map(ipAddressText),
      ipv6Addresses().map((groups) => ipAddressText([0x2a01, ...groups.slice(1)])),
    );
    fc.assert(
      fc.property(hosts, (host) => {
        const single = Subnet.parse(host)!;
        const client = Subnet.parse(clientOf(host))!;
        const group = Subnet.parse(groupOf(host))!;
        expect(String(client)).toBe(clientOf(host));
        expect(String(group)).toBe(groupOf(host));
        expect(client.contains(single)).toBe(true);
        const hasIpv4Inside = /^(?:2002:|2001::|2001:0:|64:ff9b:)/.test(host);
        expect(group.contains(client) || hasIpv4Inside).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
