import { describe, expect, it } from '@jest/globals';
import { legacyDialect } from '../../../src/wire/legacy/dialect.js';
import { LegacyBlock } from '../../../src/wire/legacy/index.js';
import type { LegacyMessage } from '../../../src/wire/legacy/payloads.js';
import { decodeAll } from '../../support/frames.js';
import { refusalOf, type Refusal } from '../../support/decode-failure.js';
import { bytes, loadTranscript, loadVectors, TRANSCRIPTS } from '../../support/vectors.js';

/** What each side of a recorded conversation said, its frames cut as they were cut on the line. */
function sides(name: string): Map<string, Buffer[]> {
  const chunks = new Map<string, Buffer[]>();
  for (const line of loadTranscript(name)) chunks.set(line.dir, [...(chunks.get(line.dir) ?? []), line.bytes]);
  return chunks;
}

describe.each(TRANSCRIPTS)('the conversation $name', ({ name, magic }) => {
  const said = [...sides(name)];

  it('has two sides', () => {
    expect(said).toHaveLength(2);
  });

  it.each(said)('decodes to the last byte: %s', (_dir, chunks) => {
    const messages = decodeAll(chunks, magic);
    const all = Buffer.concat(chunks);
    expect(messages.reduce((sum, { size }) => sum + size, 0)).toBe(all.length);
    expect(messages.slice(0, 2).map(({ command }) => command)).toEqual(['version', 'verack']);
    expect(messages.map(({ command }) => command)).not.toContain('unknown');
    const again = messages.map((message) => legacyDialect.encode(message as LegacyMessage, magic));
    expect(Buffer.concat(again).equals(all)).toBe(true);
    for (const { payload } of messages as LegacyMessage[]) {
      if (payload instanceof LegacyBlock) payload.verify();
      expect(JSON.stringify(payload)).toMatch(/^\{/);
    }
  });
});

describe('odd frames that were sent to real nodes', () => {
  interface ObservedCase {
    readonly name: string;
    /** Null where the frame depends on the conversation. */
    readonly hex: string | null;
  }
  const cases = loadVectors<{ cases: ObservedCase[] }>('interop_observed.json').cases.filter(({ hex }) => hex !== null);
  const refusals: Readonly<Record<string, Refusal>> = {
    'getheaders with zero start hashes': { command: 'getheaders', field: 'hashStart', offset: 0, problem: 'value' },
    'inv with an undefined type 0x55': { command: 'inv', field: 'type', offset: 0, problem: 'value' },
    'wrong magic': { command: 'frame', field: 'magic', offset: 0, problem: 'magic' },
    'bad checksum, payload present': { command: 'frame', field: 'checksum', offset: 20, problem: 'checksum' },
    'bad checksum, empty payload': { command: 'frame', field: 'checksum', offset: 20, problem: 'checksum' },
  };

  it.each(cases.filter(({ name }) => name in refusals))('$name: refused', ({ name, hex }) => {
    expect(refusalOf(() => decodeAll([bytes(hex!)]))).toEqual(refusals[name]);
  });

  it.each(cases.filter(({ name }) => !(name in refusals)))('$name: taken', ({ hex }) => {
    expect(decodeAll([bytes(hex!)])).toHaveLength(1);
  });

  it('keeps the trailing bytes of one apart', () => {
    const { hex } = cases.find(({ name }) => name === 'getblocks with two trailing bytes')!;
    const [message] = decodeAll([bytes(hex!)]) as LegacyMessage[];
    expect(message!.size - 24 - message!.payload.raw.length).toBe(2);
  });
});
