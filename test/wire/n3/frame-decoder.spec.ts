import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { UnknownMessage } from '../../../src/wire/common/dialect.js';
import { n3Dialect } from '../../../src/wire/n3/dialect.js';
import { MAX_FRAME_SIZE } from '../../../src/wire/n3/limits.js';
import type { N3Message } from '../../../src/wire/n3/payloads.js';
import { decodeFailure, decodesOrRefuses, refusalOf } from '../../support/decode-failure.js';
import { cuts, piecesOf } from '../../support/frames.js';
import { mutations } from '../../support/mutations.js';
import { decodeN3, N3_LOCAL, rawN3 } from '../../support/n3-decoding.js';
import { N3_COMMAND_BYTES, n3Frame, n3Literals } from '../../support/n3-frames.js';
import { bytes, loadN3Vectors } from '../../support/vectors.js';

const ping = n3Frame('ping', bytes('010000000200000003000000'));

function decoderFor(maxFrameSize?: number) {
  return n3Dialect.createFrameDecoder(
    maxFrameSize === undefined ? { magic: N3_LOCAL } : { magic: N3_LOCAL, maxFrameSize },
  );
}

function identity({ command, payload, size }: N3Message | UnknownMessage): unknown {
  return { command, payload: JSON.stringify(payload), size };
}

describe('messages', () => {
  const stream = Buffer.concat([
    ping,
    ...loadN3Vectors('frames.json')
      .filter(({ name }) => !name.includes('version'))
      .map(({ hex }) => bytes(hex)),
    n3Frame(0x77, Buffer.alloc(300)),
  ]);
  const whole = decodeN3([stream]).map(identity);

  it('come out the same however the stream is cut', () => {
    fc.assert(
      fc.property(cuts(stream), (chunks) => {
        expect(decodeN3(chunks).map(identity)).toEqual(whole);
      }),
    );
    expect(decodeN3(piecesOf(stream, 1)).map(identity)).toEqual(whole);
  });

  it('may be overwritten by their owner once read, as far as they were held back', () => {
    const decoder = decoderFor();
    const first = Buffer.from(ping.subarray(0, 9));
    expect([...decoder.push(first)]).toEqual([]);
    first.fill(0xee);
    expect(Array.from(decoder.push(ping.subarray(9)), identity)).toEqual(decodeN3([ping]).map(identity));
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
      for (const { command } of decoderFor().push(Buffer.concat([ping, n3Frame('ping')]))) seen.push(command);
    };
    expect(refusalOf(consume)).toMatchObject({ command: 'ping', problem: 'truncated' });
    expect(seen).toEqual(['ping']);
  });
});

describe('the length of a frame', () => {
  it.each([
    ['1 byte', '0c'],
    ['3 bytes', 'fd0c00'],
    ['5 bytes', 'fe0c000000'],
    ['9 bytes', 'ff0c00000000000000'],
  ])('may take %s, shortest or not', (_name, prefix) => {
    const frame = Buffer.concat([bytes(`0018${prefix}`), ping.subarray(3)]);
    for (const chunks of [[frame], piecesOf(frame, 1)]) {
      expect(decodeN3(chunks)).toMatchObject([{ command: 'ping', size: frame.length, payload: { nonce: 3 } }]);
    }
  });
});

describe('an unknown command', () => {
  it('comes out with its byte for a name', () => {
    const frame = n3Frame(0x0f, bytes('0102'));
    const payload = frame.subarray(3);
    expect(decodeN3([frame])).toEqual([{ dialect: 'n3', command: 'unknown', name: '0x0f', payload, size: 5 }]);
    expect(rawN3([frame])).toMatchObject([{ wireName: '0x0f', flags: 0, size: 5 }]);
  });
});

describe('a payload without bytes', () => {
  it.each(['verack', 'getaddr', 'mempool', 'filterclear', 'reject', 'alert'])('is all there is to %s', (command) => {
    expect(decodeN3([n3Frame(command)])).toMatchObject([{ command, size: 3 }]);
  });

  it('is what bytes behind a command that has none come to', () => {
    const [message] = decodeN3([n3Frame('verack', bytes('0102'))]) as N3Message[];
    expect(message!.payload.raw).toHaveLength(0);
  });

  it.each(
    Object.keys(N3_COMMAND_BYTES).filter(
      (name) => !['verack', 'getaddr', 'mempool', 'filterclear', 'reject', 'alert'].includes(name),
    ),
  )('is too little for %s', (command) => {
    expect(refusalOf(() => decodeN3([n3Frame(command)]))).toMatchObject({ command, offset: 0, problem: 'truncated' });
  });
});

describe('a frame is refused', () => {
  const limit = { command: 'frame', field: 'length', offset: 2, problem: 'limit' };

  it.each([
    ['one byte too many', 'fe01000002'],
    ['as many as 5 bytes can say', 'feffffffff'],
    ['more than a number holds exactly', 'ffffffffffffffffff'],
  ])('for a length of %s, as soon as the length is there', (_name, prefix) => {
    const head = bytes(`002c${prefix}`);
    expect(refusalOf(() => decodeN3([head]))).toEqual(limit);
    const decoder = decoderFor();
    expect([...decoder.push(head.subarray(0, -1))]).toEqual([]);
    expect(refusalOf(() => [...decoder.push(head.subarray(-1))])).toEqual(limit);
  });

  it('not for the largest length there may be', () => {
    expect(decodeN3([bytes('002cfe00000002')])).toEqual([]);
    expect(decodeN3([bytes('002cff0000000200000000')])).toEqual([]);
  });

  it('for being larger than the caller allows, until the caller allows more', () => {
    expect(refusalOf(() => [...decoderFor(ping.length - 1).push(ping)])).toEqual(limit);
    expect([...decoderFor(ping.length).push(ping)]).toHaveLength(1);
    const decoder = decoderFor(3);
    decoder.maxFrameSize = MAX_FRAME_SIZE * 2;
    expect([...decoder.push(ping)]).toHaveLength(1);
    expect(refusalOf(() => [...decoder.push(bytes('002cfe01000002'))])).toEqual(limit);
  });

  it('and so is everything after it, with the same error', () => {
    const decoder = decoderFor();
    const first = decodeFailure(() => [...decoder.push(Buffer.concat([ping, n3Frame('ping')]))]);
    expect(decodeFailure(() => [...decoder.push(ping)])).toBe(first);
    expect(decodeFailure(() => [...decoder.pushRaw(ping)])).toBe(first);
    expect(decoder.buffered).toBe(0);
  });
});

/** The frame of a version that says nothing but a magic. */
function versionOf(magic: number): Buffer {
  const payload = Buffer.alloc(18);
  payload.writeUInt32LE(magic, 0);
  return n3Frame('version', payload);
}

describe('the magic of a version', () => {
  it('must be the network’s', () => {
    expect(decodeN3([versionOf(N3_LOCAL)])).toMatchObject([{ command: 'version', payload: { magic: N3_LOCAL } }]);
    expect(refusalOf(() => decodeN3([versionOf(N3_LOCAL + 1)]))).toEqual({
      command: 'version',
      field: 'magic',
      offset: 0,
      problem: 'magic',
    });
  });

  it('is not looked at in a raw frame', () => {
    expect(rawN3([versionOf(N3_LOCAL + 1)])).toMatchObject([{ wireName: 'version', magic: undefined }]);
  });
});

describe('memory', () => {
  it('follows what has arrived, not what was claimed', () => {
    const frame = Buffer.concat([bytes('002cfe00000002'), Buffer.alloc(100_000, 7)]);
    for (const size of [1, 2, 7, 100, 5000]) {
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
    for (const piece of piecesOf(ping, 4)) {
      expect(decoder.buffered).toBeLessThanOrEqual(ping.length);
      for (const { payload } of decoder.pushRaw(piece)) sizes.push(payload.buffer.byteLength);
    }
    expect(sizes).toEqual([ping.length]);
    expect(decoder.buffered).toBe(0);
  });

  it('is of the decoder, not of the chunk, for what is left of one', () => {
    const decoder = decoderFor();
    expect([...decoder.push(Buffer.concat([ping, ping.subarray(0, 5)]))]).toHaveLength(1);
    expect(decoder.buffered).toBe(5);
  });
});

function framesOf(payloads: fc.Arbitrary<Uint8Array>, flags: fc.Arbitrary<number>): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.constantFrom(...Object.values(N3_COMMAND_BYTES), 0x77), payloads, flags)
    .map(([command, payload, bits]) => n3Frame(command, payload, { flags: bits }));
}

describe('a stranger', () => {
  it('gets messages or a DecodeError for any bytes', () => {
    const any = fc.oneof(
      framesOf(fc.uint8Array({ maxLength: 200 }), fc.nat(255)),
      framesOf(
        fc.uint8Array({ maxLength: 200 }).map((raw) => n3Literals(raw)),
        fc.constant(1),
      ),
      fc.uint8Array({ maxLength: 100 }),
    );
    fc.assert(
      fc.property(any, (junk) => {
        const messages = decodesOrRefuses(() => decodeN3([ping, junk]));
        expect(messages === undefined || messages.length >= 1).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('gets as many bytes as were announced, or a DecodeError, for any block of LZ4', () => {
    const packed = loadN3Vectors<{ flags: number }>('frames.json').filter(({ expected }) => expected.flags === 1);
    const damaged = fc.constantFrom(...packed).chain(({ hex }) => mutations(rawPayload(bytes(hex))));
    fc.assert(
      fc.property(damaged, (payload) => {
        const frames = decodesOrRefuses(() => rawN3([n3Frame('reject', payload, { flags: 1 })]));
        if (frames === undefined || payload.length === 0) return;
        expect(frames[0]!.payload).toHaveLength(Buffer.from(payload).readUInt32LE(0));
      }),
      { numRuns: 2000 },
    );
  });
});

/** The payload of a frame as it is on the wire, still compressed. */
function rawPayload(frame: Buffer): Buffer {
  return frame.subarray(frame[2] === 0xfd ? 5 : 3);
}
