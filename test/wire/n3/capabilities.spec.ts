import { describe, expect, it } from '@jest/globals';
import { readAddress } from '../../../src/wire/n3/addr.payload.js';
import {
  capabilityJson,
  readCapabilities,
  readCapability,
  writeCapabilities,
} from '../../../src/wire/n3/capability-codec.js';
import { AddrPayload } from '../../../src/wire/n3/index.js';
import type { Capability } from '../../../src/wire/common/capability.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { ByteWriter } from '../../../src/wire/primitives/byte-writer.js';
import { refusalOf } from '../../support/decode-failure.js';
import { bytes, loadN3Vectors } from '../../support/vectors.js';

const vectors = loadN3Vectors<unknown>('capabilities.json');
const ofScope = (wanted: string) => vectors.filter(({ scope }) => scope === wanted);
const whole = <T>(hex: string, read: (reader: ByteReader) => T): T => {
  const reader = new ByteReader(bytes(hex), 'version');
  const value = read(reader);
  reader.expectEnd();
  return value;
};
const written = (capabilities: readonly Capability[]): string => {
  const writer = new ByteWriter();
  writeCapabilities(writer, capabilities);
  return Buffer.from(writer.finish()).toString('hex');
};

describe('a capability', () => {
  it.each(ofScope('capability'))('$name', ({ hex, expected }) => {
    const capability = whole(hex, readCapability);
    expect(capabilityJson(capability)).toEqual(expected);
    expect(written([capability])).toBe(`01${hex}`);
  });

  it.each<[string, Capability]>([
    ['known type', { type: 0x11, name: 'Unknown', data: bytes('') }],
    ['data over 1024 bytes', { type: 0xf0, name: 'Unknown', data: new Uint8Array(1025) }],
  ])('of no known form but with %s is not sent', (_name, capability) => {
    const address = { host: '10.0.0.1', port: 1, timestamp: 0, services: 0n, capabilities: [capability] };
    expect(refusalOf(() => AddrPayload.from({ addresses: [address] }))).toMatchObject({
      field: expect.stringMatching(/^(type|addresses\[0\]\.capabilities\[0\]\.data)$/),
    });
  });

  it('of unknown type keeps its data when the bytes it came in change', () => {
    const chunk = Buffer.from('ff03010203', 'hex');
    const capability = readCapability(new ByteReader(chunk, 'version'));
    chunk.fill(0);
    expect(capabilityJson(capability)).toMatchObject({ data: '010203' });
  });
});

describe('a list of capabilities', () => {
  it.each(ofScope('capabilities'))('$name', ({ hex, expected }) => {
    const list = whole(hex, readCapabilities);
    expect(list.map(capabilityJson)).toEqual(expected);
    expect(written(list)).toBe(hex);
  });

  it('has 32 at most', () => {
    expect(whole(`20${'f000'.repeat(32)}`, readCapabilities)).toHaveLength(32);
    expect(refusalOf(() => whole(`21${'f000'.repeat(33)}`, readCapabilities))).toEqual({
      command: 'version',
      field: 'capabilities',
      offset: 0,
      problem: 'limit',
    });
  });

  it.each([
    ['a second of a known type', '0210010000001002000000', 'capabilities[1].type', 6, 'value'],
    ['DisableCompression with data', '01030100', 'capabilities[0].data', 2, 'value'],
    ['ArchivalNode with data', '0111ff', 'capabilities[0].data', 2, 'value'],
    ['unknown data over 1024 bytes', `01f0fd0104${'00'.repeat(1025)}`, 'capabilities[0].data', 2, 'limit'],
    ['unknown data that ends early', '01f00200', 'capabilities[0].data', 2, 'truncated'],
    ['more of them than there are bytes for', '020110', 'capabilities', 0, 'truncated'],
    ['a port that ends early', '010110', 'capabilities[0].port', 2, 'truncated'],
    ['a height that ends early', '01100100', 'capabilities[0].startHeight', 2, 'truncated'],
  ])('is refused for %s', (_name, hex, field, offset, problem) => {
    expect(refusalOf(() => whole(hex, readCapabilities))).toEqual({ command: 'version', field, offset, problem });
  });
});

describe('a network address', () => {
  it.each(ofScope('address'))('$name', ({ hex, expected }) => {
    const address = whole(hex, readAddress);
    const payload = AddrPayload.from({ addresses: [address] });
    expect(payload.toJSON()).toEqual({ addresses: [expected] });
    expect(Buffer.from(payload.raw).toString('hex')).toBe(`01${hex}`);
  });
});

it('covers every vector', () => {
  expect(['capability', 'capabilities', 'address'].flatMap(ofScope)).toHaveLength(vectors.length);
  expect(vectors).toHaveLength(12);
});
