import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { scriptHash } from '../../../src/wire/n3/script.js';
import {
  readWitness,
  skipHeaderWitness,
  skipSingleWitness,
  skipWitness,
  witnessToJSON,
  writeWitness,
} from '../../../src/wire/n3/witness.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { ByteWriter } from '../../../src/wire/primitives/byte-writer.js';
import { refusalOf } from '../../support/decode-failure.js';
import { witnesses } from '../../support/n3-arbitraries.js';
import { bytes, loadN3Vectors } from '../../support/vectors.js';

const vectors = loadN3Vectors<Record<'invocation' | 'verification' | 'scriptHash', string>>('signers.json').filter(
  ({ scope }) => scope === 'witness',
);

function reader(raw: Uint8Array): ByteReader {
  return new ByteReader(raw, 'test');
}

describe('witnesses of N3', () => {
  it.each(vectors)('$name is read and written', ({ hex, expected }) => {
    const witness = readWitness(reader(bytes(hex)));
    const account = scriptHash(witness.verification).toString();
    expect({ ...witnessToJSON(witness), scriptHash: account }).toEqual(expected);
    const writer = new ByteWriter();
    writeWitness(writer, witness);
    expect(Buffer.from(writer.finish()).toString('hex')).toBe(hex);
  });

  it('are read back, and stepped over, as they were written', () => {
    fc.assert(
      fc.property(witnesses(), (witness) => {
        const writer = new ByteWriter();
        writeWitness(writer, witness);
        const raw = writer.finish();
        expect(witnessToJSON(readWitness(reader(raw)))).toEqual(witnessToJSON(witness));
        const skipped = reader(raw);
        skipWitness(skipped);
        skipped.expectEnd();
      }),
    );
  });

  it('are counted by a byte where there is but one, and by a varint in headers', () => {
    const longCount = bytes('fd01000000');
    const header = reader(longCount);
    skipHeaderWitness(header);
    header.expectEnd();
    const refusal = refusalOf(() => skipSingleWitness(reader(longCount)));
    expect(refusal).toEqual({ command: 'test', field: 'witnessCount', offset: 0, problem: 'value' });
    const single = reader(bytes('010000'));
    skipSingleWitness(single);
    single.expectEnd();
  });
});
