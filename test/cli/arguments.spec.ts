import { describe, expect, it } from '@jest/globals';
import { InvalidArgumentError } from 'commander';
import {
  collectEndpoints,
  parseCount,
  parseEndpoint,
  parseHash,
  parseMagic,
  parsePort,
} from '../../src/cli/arguments.js';

const HASH = '996e37358dc369912041f966f8c5d8d3a8255ba5dcbd3447f8a82b55db869099';

describe('arguments', () => {
  it.each([
    [parseMagic, '7630401', 7630401],
    [parseMagic, '0xddb1', 56753],
    [parseMagic, '4294967295', 0xffffffff],
    [parseCount, '1', 1],
    [parsePort, '0', 0],
    [parsePort, '65535', 65535],
    [parseEndpoint, 'seed1.neo.org:10333', { host: 'seed1.neo.org', port: 10333 }],
    [parseEndpoint, '[::1]:1', { host: '::1', port: 1 }],
  ] as const)('%p reads %s', (parse, text, value) => {
    expect(parse(text)).toEqual(value);
  });

  it.each([
    [parseMagic, '4294967296'],
    [parseMagic, '-1'],
    [parseMagic, '0x'],
    [parseMagic, 'main'],
    [parseMagic, ''],
    [parseCount, '0'],
    [parseCount, '1.5'],
    [parseCount, '9007199254740992'],
    [parsePort, '65536'],
    [parsePort, 'x'],
    [parseEndpoint, '127.0.0.1'],
    [parseEndpoint, '127.0.0.1:0'],
    [parseEndpoint, '::1:10333'],
    [parseHash, HASH.slice(1)],
    [parseHash, `${HASH.slice(1)}g`],
  ] as const)('%p refuses %j', (parse, text) => {
    expect(() => parse(text)).toThrow(InvalidArgumentError);
  });

  it('reads hashes in display order with and without 0x', () => {
    expect(String(parseHash(HASH))).toBe(`0x${HASH}`);
    expect(parseHash(`0x${HASH}`).equals(parseHash(HASH))).toBe(true);
  });

  it('collects the addresses of an option that is given again', () => {
    const first = collectEndpoints('a:1');
    expect(collectEndpoints('b:2', first)).toEqual([
      { host: 'a', port: 1 },
      { host: 'b', port: 2 },
    ]);
  });
});
