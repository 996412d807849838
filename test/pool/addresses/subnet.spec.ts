import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ipAddressOf } from '../../../src/pool/addresses/ip-address.js';
import { Subnet } from '../../../src/pool/addresses/subnet.js';
import { ipv6Addresses } from './arbitraries.js';

function subnet(text: string): Subnet {
  return Subnet.parse(text)!;
}

function texts(subnets: readonly Subnet[]): string[] {
  return subnets.map(String);
}

describe('Subnet.parse', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1', 4, 32],
    ['192.0.2.1/32', '192.0.2.1', 4, 32],
    ['10.1.2.3/8', '10.0.0.0/8', 4, 8],
    ['10.255.255.255/31', '10.255.255.254/31', 4, 31],
    ['255.255.255.255/1', '128.0.0.0/1', 4, 1],
    ['1.2.3.4/0', '0.0.0.0/0', 4, 0],
    ['::ffff:1.2.3.4', '1.2.3.4', 4, 32],
    ['::ffff:1.2.3.4/128', '1.2.3.4', 4, 32],
    ['::FFFF:0102:0304/120', '1.2.3.0/24', 4, 24],
    ['::ffff:0:0/96', '0.0.0.0/0', 4, 0],
    ['2001:DB8:0:0::0001', '2001:db8::1', 6, 128],
    ['2001:db8::1/128', '2001:db8::1', 6, 128],
    ['2001:db8:ffff::1/47', '2001:db8:fffe::/47', 6, 47],
    ['2001:db8::ff/121', '2001:db8::80/121', 6, 121],
    ['::/0', '::/0', 6, 0],
    ['::1.2.3.4/64', '::/64', 6, 64],
  ])('reads %s as %s', (text, canonical, family, prefix) => {
    const parsed = subnet(text);
    expect([String(parsed), parsed.family, parsed.prefix]).toEqual([canonical, family, prefix]);
    expect(parsed.isAddress).toBe(!canonical.includes('/'));
  });

  it.each([
    '',
    '/',
    '/8',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/+8',
    '10.0.0.0/08',
    '10.0.0.0/8.0',
    '10.0.0.0/ 8',
    '10.0.0.0/8/8',
    '10.0.0.0/255.0.0.0',
    '10/8',
    '10.0.0',
    '010.0.0.0/8',
    ' 10.0.0.0/8',
    '::/129',
    '::/1e1',
    'fe80::1%eth0',
    'fe80::%eth0/10',
    '[::1]',
    '::ffff:1.2.3.4/24',
    '::ffff:0:0/95',
    'localhost',
    'localhost/8',
  ])('refuses %p', (text) => {
    expect(Subnet.parse(text)).toBeUndefined();
  });
});

const addresses = fc.oneof(fc.nat({ max: 0xffffffff }), ipv6Addresses());

/** Any subnet. */
const subnets = fc.tuple(addresses, fc.nat({ max: 128 })).map(([address, chosen]) => {
  return Subnet.around(address, chosen % (typeof address === 'number' ? 33 : 129));
});

/** Two subnets, of which one likely contains the other. */
const pairs = fc
  .tuple(addresses, fc.nat({ max: 128 }), fc.nat({ max: 128 }), fc.boolean())
  .map(([address, a, b, apart]) => {
    const count = typeof address === 'number' ? 33 : 129;
    const other = apart ? Subnet.parse('192.0.2.0/24')!.address : address;
    return [
      Subnet.around(address, a % count),
      Subnet.around(other, b % (typeof other === 'number' ? 33 : 129)),
    ] as const;
  });

/** How many addresses are in it. */
function sizeOf({ family, prefix }: Subnet): bigint {
  return 1n << BigInt((family === 4 ? 32 : 128) - prefix);
}

describe('a subnet', () => {
  it('has one text, which is read again', () => {
    fc.assert(
      fc.property(subnets, (any) => {
        const again = subnet(String(any));
        expect(again.equals(any)).toBe(true);
        expect(String(again)).toBe(String(any));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['10.0.0.0/8', '10.2.0.0/16', true],
    ['10.0.0.0/8', '10.0.0.0/8', true],
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.2.0.0/16', '10.0.0.0/8', false],
    ['0.0.0.0/0', '203.0.113.7', true],
    ['::/0', '203.0.113.7', false],
    ['0.0.0.0/0', '::1', false],
    ['2001:db8::/33', '2001:db8:7fff::/48', true],
    ['2001:db8::/33', '2001:db8:8000::/48', false],
  ])('%s contains %s: %p', (outer, inner, contains) => {
    expect(subnet(outer).contains(subnet(inner))).toBe(contains);
  });

  it.each([
    ['10.0.0.0/30', '10.0.0.1', ['10.0.0.0', '10.0.0.2/31']],
    ['10.0.0.0/30', '10.0.0.0', ['10.0.0.1', '10.0.0.2/31']],
    ['10.0.0.0/30', '10.0.0.3', ['10.0.0.0/31', '10.0.0.2']],
    ['10.0.0.0/8', '10.128.0.0/9', ['10.0.0.0/9']],
    ['0.0.0.0/0', '128.0.0.0/2', ['0.0.0.0/1', '192.0.0.0/2']],
    ['10.0.0.0/8', '10.0.0.0/8', []],
    ['10.0.0.0/16', '10.0.0.0/8', []],
    ['10.0.0.0/8', '11.0.0.0/8', ['10.0.0.0/8']],
    ['10.0.0.0/8', '::/0', ['10.0.0.0/8']],
    ['2001:db8::/32', '2001:db8:c000::/34', ['2001:db8::/33', '2001:db8:8000::/34']],
  ])('%s minus %s', (whole, part, left) => {
    expect(texts(subnet(whole).minus(subnet(part)))).toEqual(left);
  });

  it('without a part is all the rest, in order, in as few subnets as there can be', () => {
    fc.assert(
      fc.property(pairs, ([whole, part]) => {
        const left = whole.minus(part);
        expect(left).toEqual(left.toSorted((a, b) => Subnet.compare(a, b)));
        for (const piece of left) {
          expect(whole.contains(piece)).toBe(true);
          expect(piece.contains(part) || part.contains(piece)).toBe(false);
          expect(left.filter((other) => other !== piece && other.contains(piece))).toEqual([]);
        }
        const total = left.reduce((sum, piece) => sum + sizeOf(piece), 0n);
        const common = whole.contains(part) ? sizeOf(part) : part.contains(whole) ? sizeOf(whole) : 0n;
        expect(total).toBe(sizeOf(whole) - common);
        const prefixes = left.map(({ prefix }) => prefix);
        expect(new Set(prefixes).size).toBe(prefixes.length); // no two could be joined
      }),
      { numRuns: 1000 },
    );
  });

  it('sorts by family, then address, then the wider first', () => {
    const sorted = [
      '0.0.0.0/0',
      '9.0.0.0/8',
      '10.0.0.0/8',
      '10.0.0.0/16',
      '10.0.0.0',
      '200.0.0.1',
      '::/0',
      '::1',
      '2001::/16',
    ];
    const mixed = sorted.toReversed().map(subnet);
    expect(texts(mixed.toSorted((a, b) => Subnet.compare(a, b)))).toEqual(sorted);
    expect(subnet('10.0.0.0/8').equals(subnet('10.9.9.9/8'))).toBe(true);
    expect(subnet('10.0.0.0/8').equals(subnet('10.0.0.0/9'))).toBe(false);
  });

  it('is around each address in it', () => {
    expect(String(Subnet.around(ipAddressOf('10.1.2.3')!, 12))).toBe('10.0.0.0/12');
  });
});
