import { describe, expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import { ipAddressOf, ipAddressText } from '../../../src/pool/addresses/ip-address.js';
import { Subnet } from '../../../src/pool/addresses/subnet.js';
import { SubnetTable, type SubnetEntry } from '../../../src/pool/addresses/subnet-table.js';

function tableOf(...texts: readonly string[]): SubnetTable<string> {
  const table = new SubnetTable<string>();
  for (const text of texts) table.set(Subnet.parse(text)!, text);
  return table;
}

function values(entries: Iterable<SubnetEntry<string>>): string[] {
  return Array.from(entries, ({ value }) => value);
}

/** How often a map was looked into. */
function accessesOf(run: () => unknown): number {
  const get = jest.spyOn(Map.prototype, 'get');
  run();
  const accesses = get.mock.calls.length;
  get.mockRestore();
  return accesses;
}

describe('a table of subnets', () => {
  const nested = ['10.0.0.0/8', '10.1.0.0/16', '10.1.2.3', '0.0.0.0/0', '2001:db8::/32', '2001:db8::1', '::/0'];

  it.each([
    ['10.1.2.3', ['10.1.2.3', '10.1.0.0/16', '10.0.0.0/8', '0.0.0.0/0']],
    ['::ffff:10.1.2.3', ['10.1.2.3', '10.1.0.0/16', '10.0.0.0/8', '0.0.0.0/0']],
    ['10.2.0.0', ['10.0.0.0/8', '0.0.0.0/0']],
    ['9.0.0.0', ['0.0.0.0/0']],
    ['2001:db8::1', ['2001:db8::1', '2001:db8::/32', '::/0']],
    ['2001:db8::1%eth0', ['2001:db8::1', '2001:db8::/32', '::/0']],
    ['2001:db9::1', ['::/0']],
    ['seed1.ngd.network', []],
  ])('finds what covers %s, the most specific first', (host, covering) => {
    const table = tableOf(...nested);
    expect(values(table.covering(host))).toEqual(covering);
    expect(table.deciding(host)?.value).toBe(covering[0]);
    expect(table.deciding(ipAddressOf(host) ?? host)?.value).toBe(covering[0]);
  });

  it('finds nothing where nothing covers a host', () => {
    const table = tableOf('10.0.0.0/8');
    expect(table.deciding('11.0.0.0')).toBeUndefined();
    expect(table.deciding('::1')).toBeUndefined();
    expect(table.covering('11.0.0.0')).toEqual([]);
  });

  it('tells what covers all of a subnet from what is inside it', () => {
    const table = tableOf(...nested);
    const subnet = Subnet.parse('10.1.0.0/16')!;
    expect(values(table.covering(subnet))).toEqual(['10.1.0.0/16', '10.0.0.0/8', '0.0.0.0/0']);
    expect(values(table.within(subnet)).toSorted()).toEqual(['10.1.0.0/16', '10.1.2.3']);
    expect(values(table.within(Subnet.parse('2001:db8::/31')!)).toSorted()).toEqual(['2001:db8::/32', '2001:db8::1']);
    expect(values(table.within(Subnet.parse('12.0.0.0/8')!))).toEqual([]);
  });

  it('agrees with a list that is searched through, whatever is put in and taken out', () => {
    // Few addresses, so that they meet; of both families.
    const host = fc.tuple(fc.boolean(), fc.nat({ max: 15 })).map(([isIpv4, last]) => {
      return isIpv4 ? `192.0.2.${last}` : `2001:db8::${last.toString(16)}`;
    });
    const part = fc.tuple(host, fc.nat({ max: 5 })).map(([text, shorter]) => {
      return Subnet.parse(`${text}/${(text.includes(':') ? 128 : 32) - shorter}`)!;
    });
    const step = fc.record({ part, put: fc.boolean(), value: fc.nat() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), host, part, (steps, asked, wide) => {
        const table = new SubnetTable<number>();
        const list = new Map<string, SubnetEntry<number>>();
        for (const { part: subnet, put, value } of steps) {
          const wasThere = put || table.delete(subnet);
          expect(wasThere).toBe(put || list.delete(String(subnet)));
          if (put) table.set(subnet, value);
          if (put) list.set(String(subnet), { subnet, value });
          expect(table.get(subnet)).toBe(list.get(String(subnet))?.value);
        }
        const all = [...list.values()].toSorted((a, b) => b.subnet.prefix - a.subnet.prefix);
        const single = Subnet.parse(asked)!;
        expect(table.size).toBe(list.size);
        expect(new Set(table)).toEqual(new Set(all));
        expect(table.covering(asked)).toEqual(all.filter(({ subnet }) => subnet.contains(single)));
        expect(table.deciding(asked)).toEqual(table.covering(asked)[0]);
        expect(table.covering(wide)).toEqual(all.filter(({ subnet }) => subnet.contains(wide)));
        expect(new Set(table.within(wide))).toEqual(new Set(all.filter(({ subnet }) => wide.contains(subnet))));
      }),
      { numRuns: 500 },
    );
  });

  it('looks once for each length of prefix in use, not at every subnet', () => {
    const table = new SubnetTable<number>();
    for (let i = 0; i < 5000; i++) table.set(Subnet.parse(`${ipAddressText(i * 65_537)}/32`)!, i);
    table.set(Subnet.parse('10.0.0.0/8')!, 1);
    expect(accessesOf(() => table.covering('203.0.113.1'))).toBe(2);
    expect(accessesOf(() => table.deciding('203.0.113.1'))).toBe(2);
    table.delete(Subnet.parse('10.0.0.0/8')!);
    expect(accessesOf(() => table.covering('203.0.113.1'))).toBe(1);
  });
});
