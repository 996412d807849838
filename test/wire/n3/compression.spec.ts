import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { n3Dialect } from '../../../src/wire/n3/dialect.js';
import { EmptyPayload, ExtensiblePayload, InventoryPayload } from '../../../src/wire/n3/index.js';
import type { N3Command } from '../../../src/wire/n3/payloads.js';
import { UInt160 } from '../../../src/wire/primitives/uint160.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
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
    const noise = fc.sample(fc.uint8Array({ minLength: 2000, maxLength: 2000 }), { numRuns: 1, seed: 1 })[0]!;
    expect(flagsOf(extensible(noise), true)).toBe(0);
  });

  it('only when it is longer than 128 bytes', () => {
    const around = extensible(new Uint8Array(0)).payload.raw.length;
    expect(flagsOf(extensible(new Uint8Array(128 - around)), true)).toBe(0);
    expect(flagsOf(extensible(new Uint8Array(129 - around)), true)).toBe(1);
  });

  it('only in the commands that the C# node compresses', () => {
    const zeros = InventoryPayload.from({ kind: 'block', hashes: Array<UInt256>(100).fill(UInt256.ZERO) });
    for (const command of ['inv', 'getdata', 'notfound'] as const) {
      expect(flagsOf({ dialect: 'n3', command, payload: zeros }, true)).toBe(0);
    }
    expect(flagsOf({ dialect: 'n3', command: 'verack', payload: EmptyPayload.from() }, true)).toBe(0);
  });

  it.each<[N3Command, Uint8Array]>([
    ['filteradd', Buffer.concat([Buffer.from('fd0802', 'hex'), new Uint8Array(520)])],
    ['filterload', Buffer.concat([Buffer.from('fde803', 'hex'), new Uint8Array(1005)])],
    ['addr', Buffer.concat([Buffer.of(100), new Uint8Array(2100)])],
  ])('in %s', (command, raw) => {
    const message = { dialect: 'n3', command, payload: n3Dialect.decodePayload(command, raw) } as Sent;
    expect(flagsOf(message, true)).toBe(1);
  });
});

it('reads back what it was, whatever it is', () => {
  const runs = fc.array(fc.tuple(fc.uint8Array({ maxLength: 20 }), fc.nat(400)), { maxLength: 20 });
  fc.assert(
    fc.property(runs, (parts) => {
      const data = Buffer.concat(parts.map(([piece, times]) => Buffer.concat(Array<Uint8Array>(times).fill(piece))));
      const message = extensible(data);
      const { size } = rawN3([n3Dialect.encode(message, N3_LOCAL, { compress: true })])[0]!;
      const isShorter = size < message.payload.raw.length - 64;
      expect(flagsOf(message, true)).toBe(isShorter ? 1 : 0);
    }),
    { numRuns: 300 },
  );
});
