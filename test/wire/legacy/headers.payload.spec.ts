import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HeadersPayload } from '../../../src/wire/legacy/headers.payload.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { decodesOrRefuses, refusalOf } from '../../support/decode-failure.js';
import { headers } from '../../support/legacy-arbitraries.js';
import { mutations } from '../../support/mutations.js';
import { plain } from '../../support/plain.js';
import { bytes, loadVectors, type Vector } from '../../support/vectors.js';

interface HeadersVector extends Vector {
  readonly expected: { readonly count: number; readonly headers: readonly object[] };
}

const vectors = loadVectors<HeadersVector[]>('headers_payload.json');

function decode(payload: Uint8Array): HeadersPayload {
  const reader = new ByteReader(payload, 'headers');
  const decoded = HeadersPayload.decode(reader);
  reader.expectEnd();
  return decoded;
}

describe('HeadersPayload', () => {
  it.each(vectors)('decodes $name to the recorded fields', ({ hex, expected }) => {
    expect(plain(decode(bytes(hex)))).toEqual(expected);
  });

  it.each(vectors)('encodes $name from its headers to the same bytes', ({ hex }) => {
    const payload = decode(bytes(hex));
    expect(Buffer.from(payload.raw).toString('hex')).toBe(hex);
    expect(Buffer.from(HeadersPayload.from(payload).raw).toString('hex')).toBe(hex);
  });

  it('may be empty', () => {
    expect(decode(Uint8Array.of(0)).headers).toEqual([]);
    expect([...HeadersPayload.from({ headers: [] }).raw]).toEqual([0]);
  });

  it('reads back the headers it was made from', () => {
    fc.assert(
      fc.property(fc.array(headers(), { maxLength: 20 }), (list) => {
        const payload = HeadersPayload.from({ headers: list });
        expect(payload.headers).toEqual(list);
        expect(decode(payload.raw).toJSON()).toEqual({ count: list.length, headers: list.map((h) => h.toJSON()) });
      }),
    );
  });

  it('holds 2000 headers and no more', () => {
    const header = decode(bytes(vectors[0]!.hex)).headers[0]!;
    const most = HeadersPayload.from({ headers: Array.from({ length: 2000 }, () => header) });
    expect(decode(most.raw).headers).toHaveLength(2000);
    expect(refusalOf(() => HeadersPayload.from({ headers: Array.from({ length: 2001 }, () => header) }))).toEqual({
      command: 'headers',
      field: 'headers',
      offset: 0,
      problem: 'limit',
    });
  });

  it('detaches into a buffer of its own size', () => {
    const frame = Buffer.concat([Buffer.alloc(24), bytes(vectors[0]!.hex), Buffer.alloc(100)]);
    const payload = HeadersPayload.decode(new ByteReader(frame, 'headers', 24));
    const json = payload.toJSON();
    const detached = payload.detach();
    frame.fill(0);
    expect(detached.raw.buffer.byteLength).toBe(payload.raw.length);
    expect(detached.headers[0]!.raw.buffer).toBe(detached.raw.buffer);
    expect(detached.toJSON()).toEqual(json);
  });

  it('decodes or refuses mutated bytes', () => {
    const payloads = fc.array(headers(), { maxLength: 3 }).map((list) => HeadersPayload.from({ headers: list }).raw);
    fc.assert(
      fc.property(payloads.chain(mutations), (mutated) => {
        const payload = decodesOrRefuses(() => HeadersPayload.decode(new ByteReader(mutated, 'headers')));
        expect(payload === undefined || payload.headers.length * 108 < mutated.length).toBe(true);
      }),
    );
  });
});
