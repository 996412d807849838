import { describe, expect, it } from '@jest/globals';
import { n3Dialect } from '../../../src/wire/n3/dialect.js';
import type { N3Message } from '../../../src/wire/n3/payloads.js';
import { decodeN3, rawN3 } from '../../support/n3-decoding.js';
import { bytes, loadN3Vectors } from '../../support/vectors.js';

interface ExpectedFrame {
  readonly flags: number;
  readonly commandName: string;
  readonly payloadLength: number;
  readonly payloadRawLength: number;
  /** Left out where there is none. */
  readonly payload?: { readonly network?: number };
}

const frames = loadN3Vectors<ExpectedFrame>('frames.json');

describe.each(frames)('$name', ({ name, hex, expected }) => {
  const frame = bytes(hex);
  const magic = expected.payload?.network ?? 0;

  it('decodes', () => {
    const [message, ...more] = decodeN3([frame], magic) as N3Message[];
    expect(more).toEqual([]);
    expect(message).toMatchObject({ dialect: 'n3', command: expected.commandName, size: frame.length });
    expect(JSON.parse(JSON.stringify(message!.payload))).toEqual(expected.payload ?? {});
    expect(message!.payload.raw).toHaveLength(expected.payloadRawLength);
  });

  it('shows what it carries without being decoded', () => {
    const [raw] = rawN3([frame]);
    expect(raw).toMatchObject({
      magic: undefined,
      checksum: undefined,
      wireName: expected.commandName,
      flags: expected.flags,
      size: frame.length,
    });
    expect(raw!.payload).toHaveLength(expected.payloadRawLength);
  });

  it('is encoded again', () => {
    const [message] = decodeN3([frame], magic) as N3Message[];
    const plain = n3Dialect.encode(message!, magic);
    const [raw] = rawN3([frame]);
    const [again] = rawN3([plain]);
    expect(Buffer.from(again!.payload).equals(raw!.payload)).toBe(true);
    expect(again!.flags).toBe(0);
    expect(frame.equals(plain)).toBe(expected.flags === 0 && name !== 'getaddr, length as 0xff + u64');
  });

  it('is compressed, or not, and reads the same', () => {
    const [message] = decodeN3([frame], magic) as N3Message[];
    const packed = n3Dialect.encode(message!, magic, { compress: true });
    expect(decodeN3([packed], magic).map((sent) => JSON.stringify(sent.payload))).toEqual([
      JSON.stringify(message!.payload),
    ]);
  });
});

describe('the captured conversation', () => {
  it('decodes as one stream', () => {
    const captured = frames.filter(({ name }) => name.startsWith('capture '));
    const stream = Buffer.concat(captured.map(({ hex }) => bytes(hex)));
    const messages = decodeN3([stream], 12_345_678);
    expect(messages.map(({ command }) => command)).toEqual(captured.map(({ expected }) => expected.commandName));
    expect(captured).toHaveLength(14);
  });
});
