import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { isIPv4 } from 'node:net';
import {
  compareAddresses,
  embeddedIpv4,
  flippedAddress,
  ipAddressOf,
  ipAddressText,
  maskedAddress,
  prefixKey,
  type IpAddress,
} from '../../../src/pool/addresses/ip-address.js';
import { ipBytes } from '../../../src/wire/primitives/ip-address.js';
import { groupsOfIpv6, ipv6Addresses } from './arbitraries.js';

/** The address as 16 bytes in hexadecimal, IPv4 mapped into IPv6. */
function bytesText(address: IpAddress): string {
  if (typeof address === 'number')
    return address.toString(16).padStart(8, '0').padStart(32, '00000000000000000000ffff');
  return address.map((group) => group.toString(16).padStart(4, '0')).join('');
}

describe('ipAddressOf', () => {
  it.each([
    ['0.0.0.0', 0],
    ['1.2.3.4', 0x01020304],
    ['255.255.255.255', 0xffffffff],
    ['::ffff:1.2.3.4', 0x01020304],
    ['::FFFF:1.2.3.4', 0x01020304],
    ['::ffff:102:304', 0x01020304],
    ['0:0:0:0:0:ffff:1.2.3.4', 0x01020304],
    ['::', [0, 0, 0, 0, 0, 0, 0, 0]],
    ['::1', [0, 0, 0, 0, 0, 0, 0, 1]],
    ['1::', [1, 0, 0, 0, 0, 0, 0, 0]],
    ['::127.0.0.1', [0, 0, 0, 0, 0, 0, 0x7f00, 1]],
    ['64:ff9b::1.2.3.4', [0x64, 0xff9b, 0, 0, 0, 0, 0x102, 0x304]],
    ['1:2:3:4:5:6:1.2.3.4', [1, 2, 3, 4, 5, 6, 0x102, 0x304]],
    ['1:2:3:4:5:6:7::', [1, 2, 3, 4, 5, 6, 7, 0]],
    ['2001:0DB8:0000::aB:C', [0x2001, 0xdb8, 0, 0, 0, 0, 0xab, 0xc]],
    ['fe80::1%eth0', [0xfe80, 0, 0, 0, 0, 0, 0, 1]],
  ])('reads %s', (text, address) => {
    expect(ipAddressOf(text)).toEqual(address);
  });

  it.each([
    '',
    'seed1.ngd.network',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.00',
    '0x7f.0.0.1',
    '127.1',
    '2130706433',
    ' 1.2.3.4',
    '1.2.3.4 ',
    '1.2.3.4%eth0',
    '1.2.3.4:80',
    '[::1]',
    ':',
    ':::',
    '1::2::3',
    '00001::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '::ffff:01.2.3.4',
    '::ffff:1.2.3.256',
    '::ffff:1.2.3',
    '::1/64',
  ])('refuses %p', (text) => {
    expect(ipAddressOf(text)).toBeUndefined();
  });

  it('reads IPv4 as Node does', () => {
    const nearly = fc.array(fc.constantFrom('0', '1', '2', '5', '9', '.', '.', '25', '256', 'a', ':'), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.ipV4(),
          fc.ipV4Extended(),
          nearly.map((parts) => parts.join('')),
        ),
        (text) => {
          fc.pre(!text.includes(':'));
          expect(typeof ipAddressOf(text) === 'number').toBe(isIPv4(text));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('reads every form of IPv6 as the wire does, and its own text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV6(), groupsOfIpv6().map(ipAddressText)), (text) => {
        const bytes = Buffer.from(ipBytes(text));
        const address = ipAddressOf(text)!;
        fc.pre(!text.startsWith('::') || !text.includes('.')); // ipaddr.js takes ::1.2.3.4 for ::ffff:1.2.3.4
        expect(bytesText(address)).toBe(bytes.toString('hex'));
        expect(ipAddressOf(ipAddressText(address))).toEqual(address);
      }),
      { numRuns: 1000 },
    );
  });
});

/** The bits of an address as a text of 0 and 1. */
function bitsText(address: number | readonly number[]): string {
  if (typeof address === 'number') return address.toString(2).padStart(32, '0');
  return address.map((group) => group.toString(2).padStart(16, '0')).join('');
}

describe('bits of addresses', () => {
  const addresses = fc.oneof(fc.nat({ max: 0xffffffff }), ipv6Addresses());

  it('are cleared behind a prefix, and changed one by one', () => {
    fc.assert(
      fc.property(addresses, fc.nat({ max: 127 }), (address, chosen) => {
        const bits = bitsText(address);
        const at = chosen % bits.length;
        const masked = bitsText(maskedAddress(address, at));
        expect(masked).toBe(bits.slice(0, at).padEnd(bits.length, '0'));
        expect(maskedAddress(address, bits.length)).toEqual(address);
        const flipped = bitsText(flippedAddress(address, at));
        expect(flipped).toBe(bits.slice(0, at) + (bits[at] === '0' ? '1' : '0') + bits.slice(at + 1));
      }),
      { numRuns: 1000 },
    );
  });

  it('make the same key exactly when the prefix is the same', () => {
    fc.assert(
      fc.property(addresses, fc.nat({ max: 127 }), fc.nat({ max: 128 }), (address, flip, length) => {
        const bits = bitsText(address).length;
        const prefix = length % (bits + 1);
        const other = flippedAddress(address, flip % bits);
        expect(prefixKey(other, prefix) === prefixKey(address, prefix)).toBe(flip % bits >= prefix);
      }),
      { numRuns: 1000 },
    );
  });

  it('order addresses by number, IPv4 first', () => {
    fc.assert(
      fc.property(addresses, addresses, (a, b) => {
        const [left, right] = [bitsText(a), bitsText(b)];
        const byLength = left.length - right.length;
        const expected = byLength === 0 ? (left === right ? 0 : left < right ? -1 : 1) : Math.sign(byLength);
        expect(Math.sign(compareAddresses(a, b))).toBe(expected);
        expect(compareAddresses(a, a)).toBe(0);
      }),
    );
  });
});

describe('embeddedIpv4', () => {
  it.each([
    ['6to4', '2002:102:304::1', ['1.2.3.4']],
    ['Teredo, RFC 4380', '2001:0:4136:e378:8000:63bf:3fff:fdd2', ['192.0.2.45', '65.54.227.120']],
    ['NAT64', '64:ff9b::192.0.2.33', ['192.0.2.33']],
    ['what only begins as NAT64', '64:ff9b:1::192.0.2.33', []],
    ['any other', '2001:db8::1', []],
  ])('finds what is inside %s', (_name, text, inside) => {
    expect(embeddedIpv4(ipAddressOf(text) as number[]).map(ipAddressText)).toEqual(inside);
  });
});
