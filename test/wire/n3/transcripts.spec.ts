import { describe, expect, it } from '@jest/globals';
import { n3Dialect } from '../../../src/wire/n3/dialect.js';
import { N3Block } from '../../../src/wire/n3/index.js';
import type { N3Message } from '../../../src/wire/n3/payloads.js';
import { decodeN3 } from '../../support/n3-decoding.js';
import { loadTranscript, N3_TRANSCRIPT } from '../../support/vectors.js';

const { name, magic } = N3_TRANSCRIPT;
const lines = loadTranscript(name);

/** What one side of the conversation said, cut as it was cut on the line. */
function saidBy(side: string): Buffer[] {
  return lines.filter(({ dir }) => dir === side).map(({ bytes }) => bytes);
}

describe.each(['in', 'out'])(`the side "%s" of ${name}`, (side) => {
  const chunks = saidBy(side);
  const messages = decodeN3(chunks, magic);

  it('decodes to the last byte', () => {
    expect(messages.reduce((sum, { size }) => sum + size, 0)).toBe(Buffer.concat(chunks).length);
    expect(messages.slice(0, 2).map(({ command }) => command)).toEqual(['version', 'verack']);
    expect(messages.map(({ command }) => command)).not.toContain('unknown');
  });

  it('is encoded as it was, what came compressed excepted', () => {
    const again = (messages as N3Message[]).map((message) => n3Dialect.encode(message, magic));
    const [decoded, twice] = [messages, decodeN3(again, magic)].map((list) => list.map(({ payload }) => payload));
    expect(JSON.stringify(twice)).toBe(JSON.stringify(decoded));
    const decoder = n3Dialect.createFrameDecoder({ magic });
    const raw = chunks.flatMap((chunk) => [...decoder.pushRaw(chunk)]);
    const stream = Buffer.concat(chunks);
    const ends = raw.map((_, i) => raw.slice(0, i + 1).reduce((sum, { size }) => sum + size, 0));
    const was = raw.map(({ size }, i) => stream.subarray(ends[i]! - size, ends[i]));
    const different = raw.filter((frame, i) => frame.flags === 0 && !was[i]!.equals(again[i]!));
    expect(different).toEqual([]);
    expect(raw.filter(({ flags }) => flags === 0).length).toBeGreaterThan(2);
  });

  it('holds blocks that verify', () => {
    const blocks = messages.flatMap(({ payload }) => (payload instanceof N3Block ? [payload] : []));
    expect(() => blocks.forEach((block) => block.verify())).not.toThrow();
    expect(blocks.length).toBe(messages.filter(({ command }) => command === 'block').length);
  });
});
