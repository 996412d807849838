import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { LegacyBlockHeader } from '../../../src/wire/legacy/block-header.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { UInt160 } from '../../../src/wire/primitives/uint160.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { decodesOrRefuses } from '../../support/decode-failure.js';
import { headerFields, headers } from '../../support/legacy-arbitraries.js';
import { mutations } from '../../support/mutations.js';
import { plain } from '../../support/plain.js';
import { bytes, loadVectors, type Vector } from '../../support/vectors.js';

interface HeaderVector extends Vector {
  readonly expected: { readonly size: number; readonly hash: string; readonly witness: object };
}

const vectors = loadVectors<HeaderVector[]>('headers.json');

/** Node's RangeError comes from outside the test's realm, so its class can't be compared. */
const outOfRange = expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' });

function decodeEntry(entry: Uint8Array): LegacyBlockHeader {
  const reader = new ByteReader(entry, 'headers');
  const header = LegacyBlockHeader.decodeEntry(reader);
  reader.expectEnd();
  return header;
}

function fieldsOf(header: LegacyBlockHeader) {
  const { version, prevHash, merkleRoot, timestamp, index, consensusData, nextConsensus, witness } = header;
  return { version, prevHash, merkleRoot, timestamp, index, consensusData, nextConsensus, witness };
}

describe('LegacyBlockHeader', () => {
  it.each(vectors)('decodes $name to the recorded fields', ({ hex, expected }) => {
    expect(plain(decodeEntry(bytes(hex)))).toEqual(expected);
  });

  it.each(vectors)('encodes $name from its fields to the same bytes', ({ hex }) => {
    const header = decodeEntry(bytes(hex));
    expect(`${Buffer.from(LegacyBlockHeader.from(fieldsOf(header)).raw).toString('hex')}00`).toBe(hex);
    expect(`${Buffer.from(header.raw).toString('hex')}00`).toBe(hex);
  });

  it('tells its time in seconds and in milliseconds', () => {
    const header = decodeEntry(bytes(vectors[0]!.hex));
    expect(header.timestamp).toBe(1476647382);
    expect(header.timeMs).toBe(1476647382000);
  });

  it('computes its hash once', () => {
    const header = decodeEntry(bytes(vectors[0]!.hex));
    expect(header.hash).toBe(header.hash);
  });

  it('lies anywhere in the bytes it is read from, and looks the same from there', () => {
    const entry = bytes(vectors[0]!.hex);
    const reader = new ByteReader(Buffer.concat([Buffer.alloc(7, 0xff), entry, Buffer.alloc(9)]), 'headers', 7);
    const header = LegacyBlockHeader.decodeEntry(reader);
    expect(header.toJSON()).toEqual(decodeEntry(entry).toJSON());
    expect(reader.offset).toBe(7 + entry.length);
  });

  it('detaches into a buffer of its own size', () => {
    const entry = bytes(vectors[0]!.hex);
    const header = decodeEntry(Buffer.concat([entry]));
    const detached = header.detach();
    expect(detached.raw.buffer.byteLength).toBe(header.raw.length);
    entry.fill(0);
    expect(detached.toJSON()).toEqual(header.toJSON());
    expect(detached).toBeInstanceOf(LegacyBlockHeader);
    expect(detached.dialect).toBe('legacy');
  });

  it('refuses fields that fit no header', () => {
    const fields = {
      prevHash: UInt256.ZERO,
      merkleRoot: UInt256.ZERO,
      timestamp: 0,
      index: 0,
      consensusData: 0n,
      nextConsensus: UInt160.ZERO,
      witness: { invocation: new Uint8Array(0), verification: new Uint8Array(0) },
    };
    expect(() => LegacyBlockHeader.from({ ...fields, index: 2 ** 32 })).toThrow(outOfRange);
    expect(() => LegacyBlockHeader.from({ ...fields, timestamp: -1 })).toThrow(outOfRange);
    expect(() => LegacyBlockHeader.from({ ...fields, consensusData: 2n ** 64n })).toThrow(outOfRange);
    const long = { invocation: new Uint8Array(65_537), verification: new Uint8Array(0) };
    expect(() => LegacyBlockHeader.from({ ...fields, witness: long })).toThrow(
      expect.objectContaining({ code: 'NEO_PEER_DECODE', field: 'witness.invocation', problem: 'limit' }),
    );
  });

  it('reads back the fields it was made from', () => {
    fc.assert(
      fc.property(headerFields(), (fields) => {
        const header = LegacyBlockHeader.from(fields);
        const again = LegacyBlockHeader.decode(new ByteReader(header.raw, 'header'));
        expect(fieldsOf(again)).toEqual(fields);
        expect(again.hash.equals(header.hash)).toBe(true);
      }),
    );
  });

  it('decodes or refuses mutated bytes, and never reads past their end', () => {
    fc.assert(
      fc.property(
        headers().chain(({ raw }) => mutations(raw)),
        (mutated) => {
          const header = decodesOrRefuses(() => LegacyBlockHeader.decode(new ByteReader(mutated, 'header')));
          if (header === undefined) return;
          expect(Buffer.from(mutated).indexOf(header.raw)).toBe(0);
          expect(header.toJSON()).toEqual(header.detach().toJSON());
        },
      ),
    );
  });
});
