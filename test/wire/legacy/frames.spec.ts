import { describe, expect, it } from '@jest/globals';
import { legacyDialect } from '../../../src/wire/legacy/dialect.js';
import { HeadersPayload, LegacyBlock, LegacyTransaction, MerkleBlockPayload } from '../../../src/wire/legacy/index.js';
import type { LegacyMessage } from '../../../src/wire/legacy/payloads.js';
import type { View } from '../../../src/wire/common/view.js';
import { decodeAll } from '../../support/frames.js';
import { bytes, loadVectors, type FrameVector } from '../../support/vectors.js';

const frames = loadVectors<FrameVector[]>('frames.json');

/** What stands for hashes that a vector left out. */
const LEFT_OUT = '...';

function onlyMessage({ hex, magic }: FrameVector): LegacyMessage {
  const [message, ...more] = decodeAll([bytes(hex)], magic);
  expect(more).toEqual([]);
  if (message === undefined || message.command === 'unknown') throw new Error('no message of a known command');
  return message;
}

/** The fields that the vectors list of a payload, under their names. */
function summaryOf(payload: View): unknown {
  if (payload instanceof LegacyBlock) {
    return { hash: payload.hash, index: payload.index, transactions: payload.transactions.map(({ hash }) => hash) };
  }
  if (payload instanceof LegacyTransaction) return { hash: payload.hash, type: payload.typeName };
  if (payload instanceof HeadersPayload) {
    const { headers } = payload;
    return {
      count: headers.length,
      hashes: headers.map(({ hash }) => hash),
      indexes: headers.map(({ index }) => index),
    };
  }
  if (payload instanceof MerkleBlockPayload) {
    const { header, transactionCount, hashes, flags } = payload;
    return { blockHash: header.hash, txCount: transactionCount, hashes, flags: Buffer.from(flags).toString('hex') };
  }
  return payload;
}

/** Plain data with hashes as the vectors write them. */
function plain(value: unknown): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value).replaceAll(/"0x([0-9a-f]+)"/g, '"$1"')) as Record<string, unknown>;
}

/** The found hashes with as many left out as the vector leaves out. */
function shortened(found: unknown, expected: unknown): unknown {
  if (!Array.isArray(found) || !Array.isArray(expected)) return found;
  const gap = expected.indexOf(LEFT_OUT);
  if (gap < 0) return found;
  return [...found.slice(0, gap), LEFT_OUT, ...found.slice(gap + 1 - expected.length)];
}

describe('frames of real nodes', () => {
  it.each(frames)('$name decodes to what it holds', (frame) => {
    const { payload, size } = onlyMessage(frame);
    expect(size).toBe(24 + frame.payloadLength);
    expect(payload.raw).toHaveLength(frame.payloadLength);
    const { hashes, ...expected } = frame.expected;
    const found = plain(summaryOf(payload));
    expect(found).toMatchObject(expected);
    expect(shortened(found['hashes'], hashes)).toEqual(hashes);
  });

  it.each(frames.filter(({ payloadLength }) => payloadLength === 0))('$name has nothing to show', (frame) => {
    expect(onlyMessage(frame).payload.toJSON()).toEqual({});
  });

  it.each(frames)('$name is encoded to the same bytes', (frame) => {
    const { payload, command } = onlyMessage(frame);
    const detached = payload.detach();
    expect(detached.raw.buffer).not.toBe(payload.raw.buffer);
    const message = { dialect: 'legacy', command, payload: detached } as Parameters<typeof legacyDialect.encode>[0];
    expect(Buffer.from(legacyDialect.encode(message, frame.magic)).toString('hex')).toBe(frame.hex);
    expect(detached.toJSON()).toEqual(payload.toJSON());
  });

  it('show every command that nodes send', () => {
    const seen = new Set(frames.map(({ command }) => legacyDialect.commandOf(command)));
    const unseen = legacyDialect.commands.filter((command) => !seen.has(command));
    expect(unseen).toEqual(['getaddr', 'getroots', 'roots', 'stateroot']);
  });

  it.each(frames)('$name has its raw frame', (frame) => {
    const [raw] = legacyDialect.createFrameDecoder({ magic: frame.magic }).pushRaw(bytes(frame.hex));
    expect(raw).toMatchObject({ magic: frame.magic, wireName: frame.command, size: 24 + frame.payloadLength });
    expect(raw!.checksum).toBe(bytes(frame.checksum).readUInt32LE());
    const command = legacyDialect.commandOf(raw!.wireName)!;
    expect(legacyDialect.decodePayload(command, raw!.payload).raw).toHaveLength(frame.payloadLength);
  });
});
