import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ipBytes, ipText } from '../../../src/wire/primitives/ip-address.js';
import { bytes } from '../../support/vectors.js';
import { refusalOf } from '../../support/decode-failure.js';

describe('ipText', () => {
  it.each([
    ['mapped IPv4', '00000000000000000000ffff7f000001', '127.0.0.1'],
    ['mapped IPv4 that is all zero', '00000000000000000000ffff00000000', '0.0.0.0'],
    ['IPv4 as neo-python writes it', '0a08044e000000000000000000000000', '10.8.4.78'],
    ['IPv6', '20010db8000000000000000000000001', '2001:db8::1'],
    ['IPv6 that only looks mapped', '00000000000000000001ffff7f000001', '::1:ffff:7f00:1'],
    ['IPv6 loopback', '00000000000000000000000000000001', '::1'],
    ['nothing', '00000000000000000000000000000000', '::'],
  ])('reads %s', (_name, hex, text) => {
    expect(ipText(bytes(hex))).toBe(text);
    expect(ipText(bytes(`ffff${hex}`), 2)).toBe(text);
  });
});

describe('ipBytes', () => {
  it('gives back what ipText reads, for every address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        const raw = ipBytes(address);
        expect(raw).toHaveLength(16);
        const text = ipText(raw);
        expect(ipText(ipBytes(text))).toBe(text);
      }),
    );
    fc.assert(fc.property(fc.ipV4(), (address) => expect(ipText(ipBytes(address))).toBe(address)));
  });

  it('reads any 16 bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (raw) => {
        const text = ipText(raw);
        expect(text.includes('.') || Buffer.from(ipBytes(text)).equals(raw)).toBe(true);
      }),
    );
  });

  it.each(['', 'seed1.ngd.network', '127.1', '0x7f000001', '1.2.3.4.5', '256.0.0.1', '[::1]', 'fe80::1%eth0', '::1::'])(
    'refuses %p',
    (text) => {
      expect(refusalOf(() => ipBytes(text))).toEqual({
        command: 'ipaddress',
        field: 'text',
        offset: 0,
        problem: 'value',
      });
    },
  );
});
