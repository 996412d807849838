import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ConsensusPayload } from '../../../src/wire/legacy/consensus.payload.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { decodesOrRefuses } from '../../support/decode-failure.js';
import { consensusFields } from '../../support/legacy-arbitraries.js';
import { mutations } from '../../support/mutations.js';
import { plain } from '../../support/plain.js';
import { bytes, loadVectors, type Vector } from '../../support/vectors.js';

const vectors = loadVectors<(Vector & { readonly expected: object })[]>('consensus.json');

function decode(raw: Uint8Array): ConsensusPayload {
  const reader = new ByteReader(raw, 'consensus');
  const payload = ConsensusPayload.decode(reader);
  reader.expectEnd();
  return payload;
}

function fieldsOf(payload: ConsensusPayload) {
  const { version, prevHash, blockIndex, validatorIndex, timestamp, data, witness } = payload;
  return { version, prevHash, blockIndex, validatorIndex, timestamp, data, witness };
}

describe('ConsensusPayload', () => {
  it.each(vectors)('decodes $name to the recorded fields', ({ hex, expected }) => {
    expect(plain(decode(bytes(hex)))).toEqual({ ...expected, size: hex.length / 2 });
  });

  it.each(vectors)('encodes $name from its fields to the same bytes', ({ hex }) => {
    const payload = decode(bytes(hex));
    expect(Buffer.from(payload.raw).toString('hex')).toBe(hex);
    expect(Buffer.from(ConsensusPayload.from(fieldsOf(payload)).raw).toString('hex')).toBe(hex);
    expect(payload.hash).toBe(payload.hash);
  });

  it('reads back the fields it was made from', () => {
    fc.assert(
      fc.property(consensusFields(), (fields) => {
        expect(fieldsOf(decode(ConsensusPayload.from(fields).raw))).toEqual(fields);
      }),
    );
  });

  it('writes version and timestamp as 0 when they are not given', () => {
    const { version: _, timestamp: __, ...fields } = fieldsOf(decode(bytes(vectors[0]!.hex)));
    expect(ConsensusPayload.from(fields)).toMatchObject({ version: 0, timestamp: 0, blockIndex: fields.blockIndex });
  });

  it('detaches into a buffer of its own size', () => {
    const frame = Buffer.concat([Buffer.alloc(24), bytes(vectors[0]!.hex), Buffer.alloc(50)]);
    const payload = ConsensusPayload.decode(new ByteReader(frame, 'consensus', 24));
    const json = payload.toJSON();
    const detached = payload.detach();
    frame.fill(0);
    expect(detached.raw.buffer.byteLength).toBe(payload.raw.length);
    expect(detached.toJSON()).toEqual(json);
  });

  it('decodes or refuses mutated bytes', () => {
    const payloads = consensusFields().map((fields) => ConsensusPayload.from(fields).raw);
    fc.assert(
      fc.property(payloads.chain(mutations), (mutated) => {
        const payload = decodesOrRefuses(() => ConsensusPayload.decode(new ByteReader(mutated, 'consensus')));
        if (payload === undefined) return;
        expect(ConsensusPayload.from(fieldsOf(payload)).hash.equals(payload.hash)).toBe(true);
      }),
    );
  });
});
