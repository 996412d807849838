import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { compressSync } from 'lz4-napi';
import { n3Dialect } from '../../../src/wire/n3/dialect.js';
import { ExtensiblePayload } from '../../../src/wire/n3/index.js';
import type { N3Command } from '../../../src/wire/n3/payloads.js';
import { UInt160 } from '../../../src/wire/primitives/uint160.js';
import { N3_LOCAL, rawN3 } from '../../support/n3-decoding.js';

type Sent = Parameters<typeof n3Dialect.encode>[0];

const extensible = (data: Uint8Array): Sent => ({
  dialect: 'n3',
  command: 'extensible',
  payload: ExtensiblePayload.from({
    category: 'test',
    validBlockStart: 0,
    validBlockEnd: 1,
    sender: UInt160.ZERO,
    data,
    witness: { invocation: new Uint8Array(0), verification: new Uint8Array(0) },
  }),
});

/** Which commands the C# node compresses: written down a second time, from the protocol. */
const IS_COMPRESSED: Readonly<Record<N3Command, boolean>> = {
  version: false,
  verack: false,
  getaddr: false,
  addr: true,
  ping: false,
  pong: false,
  getheaders: false,
  headers: true,
  getblocks: false,
  mempool: false,
  inv: false,
  getdata: false,
  getblockbyindex: false,
  notfound: false,
  transaction: true,
  block: true,
  extensible: true,
  reject: false,
  filterload: true,
  filteradd: true,
  filterclear: false,
  merkleblock: true,
  alert: false,
  p2pnotaryrequest: false,
  getmptdata: false,
  mptdata: false,
};

const noise = (size: number): Uint8Array =>
  fc.sample(fc.uint8Array({ minLength: size, maxLength: size }), { numRuns: 1, seed: 1 })[0]!;

/** Bytes that get so many bytes shorter, their size in front of the LZ4 block included. */
function payloadThatGains(gain: number): Uint8Array {
  for (let zeros = gain; zeros < 2 * gain; zeros++) {
    const raw = Buffer.concat([noise(200), Buffer.alloc(zeros)]);
    if (raw.length - compressSync(raw).length === gain) return raw;
  }
  throw new Error(`no payload gains ${gain} bytes`);
}

/** The flags of the frame that carries it. */
function flagsOf(message: Sent, compress: boolean): number {
  const [frame] = rawN3([n3Dialect.encode(message, N3_LOCAL, { compress })]);
  expect(Buffer.from(frame!.payload).equals(message.payload.raw)).toBe(true);
  return frame!.flags;
}

describe('a payload is compressed', () => {
  it('only when the caller says so', () => {
    const message = extensible(new Uint8Array(1000));
    expect(flagsOf(message, true)).toBe(1);
    expect(flagsOf(message, false)).toBe(0);
    const [frame] = rawN3([n3Dialect.encode(message, N3_LOCAL)]);
    expect(frame!.flags).toBe(0);
  });

  it('only when it gets so much smaller that it is worth it', () => {
    expect(flagsOf(extensible(noise(2000)), true)).toBe(0);
  });

  it('only when it is longer than 128 bytes', () => {
    const around = extensible(new Uint8Array(0)).payload.raw.length;
    expect(flagsOf(extensible(new Uint8Array(128 - around)), true)).toBe(0);
    expect(flagsOf(extensible(new Uint8Array(129 - around)), true)).toBe(1);
  });

  it.each([
    [64, 0],
    [65, 1],
  ])('only when that saves more than 64 bytes: %p, flag %p', (gain, flag) => {
    const payload = { raw: payloadThatGains(gain) };
    const message = { dialect: 'n3', command: 'block', payload } as unknown as Sent;
    expect(n3Dialect.encode(message, 0, { compress: true })[0]).toBe(flag);
  });

  it.each<[N3Command, Uint8Array]>([
    ['filteradd', Buffer.concat([Buffer.from('fd0802', 'hex'), new Uint8Array(520)])],
    ['filterload', Buffer.concat([Buffer.from('fde803', 'hex'), new Uint8Array(1005)])],
    ['addr', Buffer.concat([Buffer.of(100), new Uint8Array(2100)])],
  ])('that real nodes take: %s', (command, raw) => {
    const message = { dialect: 'n3', command, payload: n3Dialect.decodePayload(command, raw) } as Sent;
    expect(flagsOf(message, true)).toBe(1);
  });
});

describe('each command is compressed, or not, as the C# node does it', () => {
  it.each(Object.entries(IS_COMPRESSED))('%s: %p', (command, isCompressed) => {
    const message = { dialect: 'n3', command, payload: { raw: new Uint8Array(2000) } } as unknown as Sent;
    expect(n3Dialect.encode(message, 0, { compress: true })[0]).toBe(isCompressed ? 1 : 0);
  });

  it('and there are 26', () => {
    expect(Object.keys(IS_COMPRESSED)).toEqual(n3Dialect.commands);
    expect(n3Dialect.commands).toHaveLength(26);
  });
});

it('reads back what it was, whatever it is', () => {
  const runs = fc.array(fc.tuple(fc.uint8Array({ maxLength: 20 }), fc.nat(400)), { maxLength: 20 });
  fc.assert(
    fc.property(runs, (parts) => {
      const data = Buffer.concat(parts.map(([piece, times]) => Buffer.concat(Array<Uint8Array>(times).fill(piece))));
      const message = extensible(data);
      const raw = Buffer.from(message.payload.raw);
      const isWorthIt = raw.length > 128 && raw.length - compressSync(raw).length > 64;
      expect(flagsOf(message, true)).toBe(isWorthIt ? 1 : 0);
    }),
    { numRuns: 300 },
  );
});
