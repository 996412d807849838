import { describe, expect, it } from '@jest/globals';
import { InvalidArgumentError } from 'commander';
import {
  collectEndpoints,
  parseBlockName,
  parseCount,
  parseEndpoint,
  parseHeight,
  parseMagic,
  parsePart,
  parsePort,
} from '../../src/cli/arguments.js';
import { parseBanDuration, parseReason, parseSubject } from '../../src/cli/ban-arguments.js';

const HASH = '996e37358dc369912041f966f8c5d8d3a8255ba5dcbd3447f8a82b55db869099';

describe('arguments', () => {
  it.each([
    [parseMagic, '7630401', 7630401],
    [parseMagic, '0xddb1', 56753],
    [parseMagic, '4294967295', 0xffffffff],
    [parseCount, '1', 1],
    [parsePort, '0', 0],
    [parsePort, '65535', 65535],
    [parseBlockName, '0', 0],
    [parseBlockName, '4294967295', 0xffffffff],
    [parseEndpoint, 'seed1.neo.org:10333', { host: 'seed1.neo.org', port: 10333 }],
    [parseEndpoint, '[::1]:1', { host: '::1', port: 1 }],
    [parseHeight, '0', 0],
    [parseHeight, '4294967295', 0xffffffff],
    [parsePart, ' ', ' '],
    [parseBanDuration, '1d12h', 129_600_000],
    [parseReason, ' sends garbage ', 'sends garbage'],
    [parseReason, 'x'.repeat(300), 'x'.repeat(300)],
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
    [parseBlockName, HASH.slice(1)],
    [parseBlockName, `${HASH.slice(1)}g`],
    [parseBlockName, '4294967296'],
    [parseBlockName, '-1'],
    [parseBlockName, '1.5'],
    [parseBlockName, '0x12'],
    [parseBlockName, ''],
    [parseHeight, '-1'],
    [parseHeight, '4294967296'],
    [parseHeight, ''],
    [parsePart, ''],
    [parseBanDuration, '24'],
    [parseBanDuration, '0s'],
    [parseBanDuration, '36501d'],
    [parseBanDuration, ''],
    [parseReason, ' '],
    [parseReason, 'x'.repeat(301)],
    [parseSubject, 'node.example'],
    [parseSubject, '10.0.0.1:10333'],
    [parseSubject, '10.0.0.0/33'],
    [parseSubject, ''],
  ] as const)('%p refuses %j', (parse, text) => {
    expect(() => parse(text)).toThrow(InvalidArgumentError);
  });

  it('reads hashes in display order with and without 0x', () => {
    for (const text of [HASH, `0x${HASH}`]) expect(String(parseBlockName(text))).toBe(`0x${HASH}`);
  });

  it('takes 64 decimal digits for a hash, not for an index', () => {
    expect(String(parseBlockName('1'.repeat(64)))).toBe(`0x${'1'.repeat(64)}`);
  });

  it('collects the addresses of an option that is given again', () => {
    const first = collectEndpoints('a:1');
    expect(collectEndpoints('b:2', first)).toEqual([
      { host: 'a', port: 1 },
      { host: 'b', port: 2 },
    ]);
  });

  it.each([
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0::/32', '2001:db8::/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
  ])('reads the subject %s as %s', (text, subject) => {
    expect(String(parseSubject(text))).toBe(subject);
  });
});
