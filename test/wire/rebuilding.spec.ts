import { describe, expect, it } from '@jest/globals';
import type { DialectName } from '../../src/wire/common/dialect-name.js';
import { dialectOf, type Command, type Message } from '../../src/wire/messages.js';
import { rebuilt } from '../support/rebuilt.js';
import {
  bytes,
  loadN3Vectors,
  loadTranscript,
  loadVectors,
  N3_TRANSCRIPT,
  readBytes,
  TRANSCRIPTS,
  type FrameVector,
} from '../support/vectors.js';

interface PrimitiveVector {
  readonly name: string;
  /** `payload:` and the command for a payload. */
  readonly kind: string;
  readonly hex: string;
}

type Payload = Pick<Message, 'dialect' | 'command' | 'payload'>;

function decoded(dialect: DialectName, command: string, hex: string): Payload {
  const codec = dialectOf(dialect);
  const common = codec.commandOf(command) as Command;
  return { dialect, command: common, payload: codec.decodePayload(common, bytes(hex)) };
}

function messagesIn(dialect: DialectName, chunks: readonly Uint8Array[], magic: number): Message[] {
  const decoder = dialectOf(dialect).createFrameDecoder({ magic });
  return chunks.flatMap((chunk) => [...decoder.push(chunk)]).map((message) => message as Message);
}

function said(name: string, magic: number, dialect: DialectName): Message[] {
  const lines = loadTranscript(name);
  const sides = [...new Set(lines.map(({ dir }) => dir))];
  return sides.flatMap((side) => {
    const chunks = lines.filter(({ dir }) => dir === side).map((line) => line.bytes);
    return messagesIn(dialect, chunks, magic);
  });
}

function hexOf(raw: Uint8Array): string {
  return Buffer.from(raw).toString('hex');
}

/** The bytes of the payload made anew from its fields. */
function anew(payload: Payload): string {
  return hexOf(rebuilt(payload).raw);
}

function received({ payload }: Payload): string {
  return hexOf(payload.raw);
}

describe('made anew from its fields, the same bytes come of', () => {
  it.each(loadN3Vectors('payloads.json'))('payload of N3: $name', ({ command, hex }) => {
    expect(anew(decoded('n3', command!, hex))).toBe(hex);
  });

  it.each(loadN3Vectors<{ readonly payload?: { readonly network?: number } }>('frames.json'))(
    'frame of N3: $name',
    ({ hex, expected }) => {
      const [message] = messagesIn('n3', [bytes(hex)], expected.payload?.network ?? 0);
      expect(anew(message!)).toBe(received(message!));
    },
  );

  it('all that was said to and by a node of N3', () => {
    const messages = said(N3_TRANSCRIPT.name, N3_TRANSCRIPT.magic, 'n3');
    expect(messages.length).toBeGreaterThan(10);
    expect(messages.map(anew)).toEqual(messages.map(received));
  });

  it.each(loadN3Vectors('blocks.json'))('block of N3: $name', ({ hex }) => {
    expect(anew(decoded('n3', 'block', hex))).toBe(hex);
  });

  it.each(loadN3Vectors('transactions.json').filter(({ unsignedOnly }) => unsignedOnly !== true))(
    'transaction of N3: $name',
    ({ hex }) => {
      expect(anew(decoded('n3', 'transaction', hex))).toBe(hex);
    },
  );

  it.each(
    loadVectors<PrimitiveVector[]>('primitives.json')
      .filter(({ kind }) => kind.startsWith('payload:'))
      .map(({ name, kind, hex }) => ({ name, command: kind.slice('payload:'.length), hex })),
  )('payload of Legacy: $name', ({ command, hex }) => {
    expect(anew(decoded('legacy', command, hex))).toBe(hex);
  });

  it.each(loadVectors<FrameVector[]>('frames.json'))('frame of Legacy: $name', ({ hex, magic }) => {
    const [message] = messagesIn('legacy', [bytes(hex)], magic);
    expect(anew(message!)).toBe(received(message!));
  });

  it.each(TRANSCRIPTS)('all of the Legacy conversation $name', ({ name, magic }) => {
    const messages = said(name, magic, 'legacy');
    expect(messages.length).toBeGreaterThan(3);
    expect(messages.map(anew)).toEqual(messages.map(received));
  });

  it.each(
    [
      ['headers', 'headers_payload.json'],
      ['transaction', 'transactions.json'],
      ['consensus', 'consensus.json'],
      ['block', 'blocks.json'],
    ].flatMap(([command, file]) =>
      loadVectors<{ readonly name: string; readonly hex?: string }[]>(file!)
        .filter(({ hex }) => hex !== undefined)
        .map(({ name, hex }) => ({ command: command!, name, hex: hex! })),
    ),
  )('$command of Legacy: $name', ({ command, hex }) => {
    expect(anew(decoded('legacy', command, hex))).toBe(hex);
  });

  it.each(loadVectors<PrimitiveVector[]>('bloom_merkleblock.json').filter(({ kind }) => kind === 'merkleblock'))(
    'merkleblock of Legacy: $name',
    ({ hex }) => {
      expect(anew(decoded('legacy', 'merkleblock', hex))).toBe(hex);
    },
  );

  it('the block of TestNet with 17,221 transactions', () => {
    const hex = hexOf(readBytes('test/vectors/legacy/block-testnet-797966.bin'));
    expect(anew(decoded('legacy', 'block', hex))).toBe(hex);
  });
});
