import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { formatAddress, parseAddress, plainHost } from '../../src/environment/address.js';

describe('parseAddress', () => {
  it.each([
    ['127.0.0.1:10333', '127.0.0.1', 10333],
    ['seed1.ngd.network:20333', 'seed1.ngd.network', 20333],
    ['localhost:1', 'localhost', 1],
    ['[::1]:65535', '::1', 65535],
    ['[fe80::1%eth0]:10333', 'fe80::1%eth0', 10333],
    ['[::ffff:10.0.0.1]:10333', '10.0.0.1', 10333],
  ])('reads %s', (text, host, port) => {
    expect(parseAddress(text)).toEqual({ host, port });
    expect(parseAddress({ host, port })).toEqual({ host, port });
  });

  it.each([
    '',
    'host',
    ':10333',
    'host:',
    'host:0',
    'host:65536',
    'host:100000',
    'host:-1',
    'host:1.5',
    'host:0x10',
    'host:10333 ',
    ' host:10333',
    'two words:10333',
    '::1:10333',
    '[::1]',
    '[host]:10333',
    '[127.0.0.1]:10333',
    'tcp://host:10333',
    'user@host:10333',
    `${'a'.repeat(254)}:10333`,
  ])('refuses %p', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it.each([
    { host: '', port: 10333 },
    { host: 'two words', port: 10333 },
    { host: 'host:1', port: 10333 },
    { host: 'host', port: 0 },
    { host: 'host', port: 65_536 },
    { host: 'host', port: 1.5 },
    { host: 'host', port: Number.NaN },
  ])('refuses %p', (address) => {
    expect(parseAddress(address)).toBeUndefined();
  });

  it('refuses control characters, which neither resolvers nor Postgres take', () => {
    expect(parseAddress('ho\0st:10333')).toBeUndefined();
    expect(parseAddress('ho\x7fst:10333')).toBeUndefined();
    expect(parseAddress({ host: 'ho\0st', port: 10_333 })).toBeUndefined();
  });

  it('reads back whatever is formatted', () => {
    const hosts = fc.oneof(
      fc.ipV4(),
      fc.ipV6().filter((host) => plainHost(host) === host),
      fc.domain(),
    );
    fc.assert(
      fc.property(hosts, fc.integer({ min: 1, max: 65_535 }), (host, port) => {
        expect(parseAddress(formatAddress({ host, port }))).toEqual({ host, port });
      }),
    );
  });
});

describe('plainHost', () => {
  it.each([
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::FFFF:10.0.0.1', '10.0.0.1'],
    ['::ffff:a00:1', '::ffff:a00:1'],
    ['::1', '::1'],
    ['10.0.0.1', '10.0.0.1'],
    ['name', 'name'],
  ])('makes %s %s', (host, plain) => {
    expect(plainHost(host)).toBe(plain);
  });
});
