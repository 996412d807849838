import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { RawFrame } from '../../../src/wire/common/dialect.js';
import { legacyDialect } from '../../../src/wire/legacy/dialect.js';
import { MAX_FRAME_SIZE } from '../../../src/wire/legacy/limits.js';
import { cuts, decodeAll, PRIVNET, piecesOf, rawFrame } from '../../support/frames.js';
import { decodeFailure, decodesOrRefuses, refusalOf } from '../../support/decode-failure.js';
import { bytes, loadVectors, type FrameVector } from '../../support/vectors.js';

const privnetFrames = loadVectors<FrameVector[]>('frames.json').filter(({ magic }) => magic === PRIVNET);
const stream = Buffer.concat(privnetFrames.map(({ hex }) => bytes(hex)));
const ping = rawFrame('ping', bytes('010000000200000003000000'));
const decoderFor = (maxFrameSize?: number) =>
  legacyDialect.createFrameDecoder(maxFrameSize === undefined ? { magic: PRIVNET } : { magic: PRIVNET, maxFrameSize });

/** What a message came from: enough to tell that two decodings are the same. */
function identity(message: ReturnType<typeof decodeAll>[number]): string {
  const { payload } = message;
  return `${message.command} ${message.size} ${Buffer.from(payload instanceof Uint8Array ? payload : payload.raw).toString('hex')}`;
}

function identityOfFrame({ wireName, size, payload, checksum, magic, flags }: RawFrame): string {
  return `${magic} ${wireName} ${flags} ${checksum} ${size} ${Buffer.from(payload).toString('hex')}`;
}

describe('chunks', () => {
  const expected = decodeAll([stream]).map(identity);

  it('give one message a frame, in order', () => {
    const commands = privnetFrames.map(({ command }) => (command === 'tx' ? 'transaction' : command));
    expect(decodeAll([stream]).map(({ command }) => command)).toEqual(commands);
    expect(decodeAll([stream]).map(({ size }) => size)).toEqual(privnetFrames.map(({ hex }) => hex.length / 2));
  });

  it.each([1, 2, 3, 7, 23, 24, 25, 100, 1024])('of %p bytes give the same messages', (size) => {
    expect(decodeAll(piecesOf(stream, size)).map(identity)).toEqual(expected);
  });

  it('cut anywhere give the same messages', () => {
    fc.assert(
      fc.property(cuts(stream), (chunks) => {
        expect(decodeAll(chunks).map(identity)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('cut anywhere give the same raw frames', () => {
    const whole = [...decoderFor().pushRaw(stream)].map(identityOfFrame);
    expect(whole).toHaveLength(privnetFrames.length);
    fc.assert(
      fc.property(cuts(stream), (chunks) => {
        const decoder = decoderFor();
        expect(chunks.flatMap((chunk) => [...decoder.pushRaw(chunk)]).map(identityOfFrame)).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('may be overwritten by their owner once read, as far as they were held back', () => {
    const decoder = decoderFor();
    const chunk = Buffer.from(ping);
    const first = chunk.subarray(0, 30);
    expect([...decoder.push(first)]).toEqual([]);
    first.fill(0xee);
    const messages = [...decoder.push(Buffer.from(ping.subarray(30)))];
    expect(messages.map(identity)).toEqual(decodeAll([ping]).map(identity));
  });

  it('hold a frame where it lies if it lies in one', () => {
    const chunk = Buffer.concat([ping, ping]);
    const buffers = Array.from(decoderFor().pushRaw(chunk), ({ payload }) => payload.buffer);
    expect(buffers).toHaveLength(2);
    expect(buffers.every((buffer) => buffer === chunk.buffer)).toBe(true);
  });

  it('are handed on message by message, as the caller asks', () => {
    const seen: string[] = [];
    const consume = (): void => {
      for (const { command } of decoderFor().push(Buffer.concat([ping, rawFrame('ping', bytes('00'))])))
        seen.push(command);
    };
    expect(refusalOf(consume)).toMatchObject({ command: 'ping', problem: 'truncated' });
    expect(seen).toEqual(['ping']);
  });
});

describe('a raw frame', () => {
  it('carries what stood in the header', () => {
    const [frame] = decoderFor().pushRaw(rawFrame('tx', bytes('00')));
    expect(frame).toMatchObject({
      magic: PRIVNET,
      wireName: 'tx',
      flags: 0,
      size: 25,
      checksum: 0x58e00614,
    });
    expect(Buffer.from(frame!.payload).toString('hex')).toBe('00');
  });
});

describe('an unknown command', () => {
  it.each([
    ['as it is', 'foobar', 'foobar'],
    ['up to the first zero', Buffer.from('addr\0ess\0\0\0\0'.replace('addr', 'adr')), 'adr'],
    ['in full when nothing ends it', 'abcdefghijkl', 'abcdefghijkl'],
    ['with what cannot be printed masked', Buffer.from([0x41, 0x07, 0xff, 0x42]), 'A??B'],
    ['when it is empty', Buffer.alloc(12), ''],
  ])('comes out named %s', (_name, field, name) => {
    const frame = rawFrame(field, bytes('0102'));
    const [message] = decodeAll([frame]);
    expect(message).toEqual({ dialect: 'legacy', command: 'unknown', name, payload: frame.subarray(24), size: 26 });
  });

  it('is not what a name with junk behind its zero is', () => {
    const field = Buffer.from('ping\0junk\0\0\0');
    expect(decodeAll([rawFrame(field, bytes('010000000200000003000000'))])[0]!.command).toBe('ping');
    expect(decodeAll([rawFrame('constructor', bytes(''))])[0]!.command).toBe('unknown');
  });
});

describe('a frame is refused', () => {
  it('for another magic, as soon as four bytes are there', () => {
    const refusal = { command: 'frame', field: 'magic', offset: 0, problem: 'magic' };
    expect(refusalOf(bad(rawFrame('ping', bytes(''), { magic: PRIVNET + 1 })))).toEqual(refusal);
    const decoder = decoderFor();
    expect([...decoder.push(bytes('b1dd01'))]).toEqual([]);
    expect(refusalOf(() => [...decoder.push(bytes('00'))])).toEqual(refusal);
  });

  it('for a length over the limit, as soon as the length is there', () => {
    const refusal = { command: 'frame', field: 'length', offset: 16, problem: 'limit' };
    const oversized = rawFrame('block', bytes(''), { length: 0x02000001 });
    expect(refusalOf(bad(oversized.subarray(0, 20)))).toEqual(refusal);
    const decoder = decoderFor();
    expect([...decoder.push(oversized.subarray(0, 19))]).toEqual([]);
    expect(refusalOf(() => [...decoder.push(oversized.subarray(19, 20))])).toEqual(refusal);
    expect(decodeAll([rawFrame('block', bytes(''), { length: 0x02000000 })])).toEqual([]);
  });

  it('for being larger than the caller allows, until the caller allows more', () => {
    const refusal = { command: 'frame', field: 'length', offset: 16, problem: 'limit' };
    expect(refusalOf(() => [...decoderFor(ping.length - 1).push(ping)])).toEqual(refusal);
    expect([...decoderFor(ping.length).push(ping)]).toHaveLength(1);
    const decoder = decoderFor(24);
    decoder.maxFrameSize = MAX_FRAME_SIZE * 2;
    expect([...decoder.push(ping)]).toHaveLength(1);
    const oversized = rawFrame('block', bytes(''), { length: 0x02000001 });
    expect(refusalOf(() => [...decoder.push(oversized)])).toEqual(refusal);
  });

  it.each([
    ['with a payload', ping],
    ['without one', rawFrame('verack', bytes(''))],
    ['of an unknown command', rawFrame('foobar', bytes('01'))],
  ])('for a wrong checksum %s', (_name, frame) => {
    const wrong = Buffer.from(frame);
    wrong[20]! ^= 1;
    const refusal = { command: 'frame', field: 'checksum', offset: 20, problem: 'checksum' };
    expect(refusalOf(bad(wrong))).toEqual(refusal);
    expect(refusalOf(() => [...decoderFor().pushRaw(wrong)])).toEqual(refusal);
    expect(refusalOf(() => decodeAll(piecesOf(wrong, 1)))).toEqual(refusal);
  });

  it('and so is everything after it, with the same error', () => {
    const decoder = decoderFor();
    const first = decodeFailure(() => [...decoder.push(Buffer.concat([ping, rawFrame('ping', bytes('00'))]))]);
    expect(decodeFailure(() => [...decoder.push(ping)])).toBe(first);
    expect(decodeFailure(() => [...decoder.pushRaw(ping)])).toBe(first);
    expect(decoder.buffered).toBe(0);
  });
});

describe('memory', () => {
  it('follows what has arrived, not what was claimed', () => {
    const frame = rawFrame('block', Buffer.alloc(100_000, 7), { length: 0x02000000 });
    for (const size of [1, 19, 24, 100, 5000]) {
      const decoder = decoderFor();
      const held = piecesOf(frame, size).map((piece) => [...decoder.push(piece)].length + decoder.buffered);
      const outOfProportion = held.filter((memory, i) => {
        const arrived = Math.min((i + 1) * size, frame.length);
        return memory < arrived || memory > 2 * arrived;
      });
      expect(outOfProportion).toEqual([]);
    }
  });

  it('never exceeds the frame', () => {
    const decoder = decoderFor();
    const sizes: number[] = [];
    for (const piece of piecesOf(ping, 5)) {
      expect(decoder.buffered).toBeLessThanOrEqual(ping.length);
      for (const { payload } of decoder.pushRaw(piece)) sizes.push(payload.buffer.byteLength);
    }
    expect(sizes).toEqual([ping.length]);
    expect(decoder.buffered).toBe(0);
  });

  it('is of the decoder, not of the chunk, for what is left of one', () => {
    const chunk = Buffer.concat([ping, ping.subarray(0, 5)]);
    const decoder = decoderFor();
    expect([...decoder.push(chunk)]).toHaveLength(1);
    expect(decoder.buffered).toBe(5);
  });

  it('is copied in proportion to the frame, however small the pieces', () => {
    const frame = rawFrame('foobar', Buffer.alloc(300_000, 1));
    const capacities = new Set<number>();
    const decoder = decoderFor();
    const sizes: number[] = [];
    for (const piece of piecesOf(frame, 64)) {
      for (const { size } of decoder.push(piece)) sizes.push(size);
      capacities.add(decoder.buffered);
    }
    expect(sizes).toEqual([frame.length]);
    expect(decoder.buffered).toBe(0);
    expect(capacities.size).toBeLessThan(Math.log2(frame.length) + 2); // one per doubling
  });
});

describe('a stranger', () => {
  it('gets messages or a DecodeError for any bytes', () => {
    const anyFrame = fc
      .tuple(fc.constantFrom(...legacyDialect.commands, 'tx', 'foobar'), fc.uint8Array({ maxLength: 200 }))
      .map(([command, payload]) => rawFrame(command.slice(0, 12), payload));
    fc.assert(
      fc.property(fc.oneof(anyFrame, fc.uint8Array({ maxLength: 100 })), (junk) => {
        const messages = decodesOrRefuses(() => decodeAll([ping, junk]));
        expect(messages === undefined || messages.length >= 1).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

function bad(frame: Uint8Array): () => unknown {
  return () => decodeAll([frame]);
}
