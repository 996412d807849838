import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { attributeToJSON, readAttribute, skipAttribute, writeAttribute } from '../../../src/wire/n3/attribute-codec.js';
import { AttributeType, OracleResponseCode, type TransactionAttribute } from '../../../src/wire/n3/attribute.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { ByteWriter } from '../../../src/wire/primitives/byte-writer.js';
import { decodesOrRefuses, refusalOf, type Refusal } from '../../support/decode-failure.js';
import { mutations } from '../../support/mutations.js';
import { attributes } from '../../support/n3-arbitraries.js';
import { bytes, loadN3Vectors } from '../../support/vectors.js';

const vectors = loadN3Vectors('signers.json').filter(({ scope }) => scope === 'attribute');

function decode(raw: Uint8Array): TransactionAttribute {
  const reader = new ByteReader(raw, 'attribute');
  skipAttribute(reader);
  reader.expectEnd();
  return readAttribute(new ByteReader(raw, 'attribute'));
}

function encode(attribute: TransactionAttribute): Uint8Array {
  const writer = new ByteWriter();
  writeAttribute(writer, attribute);
  return writer.finish();
}

function hexOf(raw: Uint8Array): string {
  return Buffer.from(raw).toString('hex');
}

const ID = '0100000000000000';

describe('attributes', () => {
  it('has vectors of every type', () => {
    const types = new Set(vectors.map(({ expected }) => expected['type'] as string));
    expect([...types].toSorted()).toEqual(Object.keys(AttributeType).toSorted());
  });

  it.each(vectors)('decodes and encodes $name', ({ hex, expected }) => {
    const attribute = decode(bytes(hex));
    expect(attributeToJSON(attribute)).toEqual(expected);
    expect(hexOf(encode(attribute))).toBe(hex);
  });

  it('reads back any attribute', () => {
    fc.assert(fc.property(attributes(), (attribute) => expect(decode(encode(attribute))).toEqual(attribute)));
  });

  it('decodes or refuses any bytes', () => {
    fc.assert(
      fc.property(
        attributes().chain((attribute) => mutations(encode(attribute))),
        (mutated) => {
          const attribute = decodesOrRefuses(() => decode(mutated));
          if (attribute === undefined) return;
          expect(hexOf(encode(attribute))).toBe(hexOf(mutated));
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(Object.entries(OracleResponseCode))('knows the oracle response code %s', (name, code) => {
    const raw = bytes(`11${ID}${code.toString(16).padStart(2, '0')}00`);
    expect(attributeToJSON(decode(raw))).toEqual({ type: 'OracleResponse', id: '1', code: name, result: '' });
  });

  it('refuses every other oracle response code', () => {
    const known = new Set<number>(Object.values(OracleResponseCode));
    const others = Array.from({ length: 256 }, (_, code) => code).filter((code) => !known.has(code));
    expect(others).toHaveLength(246);
    for (const code of others) {
      const refused = refusalOf(() => decode(bytes(`11${ID}${code.toString(16).padStart(2, '0')}00`)));
      expect(refused).toEqual({ command: 'attribute', field: 'code', offset: 9, problem: 'value' });
    }
  });

  it('refuses every type that is neither defined nor reserved', () => {
    const defined = new Set<number>(Object.values(AttributeType));
    const others = Array.from({ length: 0xe0 }, (_, type) => type).filter((type) => !defined.has(type));
    for (const type of others) {
      const refused = refusalOf(() => decode(Buffer.from([type, 0, 0, 0, 0])));
      expect(refused).toEqual({ command: 'attribute', field: 'type', offset: 0, problem: 'value' });
    }
  });

  it.each(['e0', 'ef', 'ff'])('takes the reserved type %s, as neo-go does', (type) => {
    const attribute = decode(bytes(`${type}02abcd`));
    expect(attributeToJSON(attribute)).toEqual({
      type: 'Reserved',
      typeByte: Number.parseInt(type, 16),
      data: 'abcd',
    });
  });

  it('takes a result of 65,535 bytes', () => {
    const raw = bytes(`11${ID}00fdffff${'01'.repeat(65_535)}`);
    expect(decode(raw)).toMatchObject({ result: { length: 65_535 } });
  });

  it.each<[name: string, hex: string, field: string, offset: number, problem: Refusal['problem']]>([
    ['a result of a failure', `11${ID}140101`, 'result', 10, 'value'],
    ['a result over the limit', `11${ID}00fe00000100${'01'.repeat(65_536)}`, 'result', 10, 'limit'],
    ['a length in a longer form', `11${ID}00fd010001`, 'result', 10, 'value'],
    ['a reserved one whose length is in a longer form', 'e0fd010001', 'data', 1, 'value'],
    ['a reserved one over any bound', 'e0ffffffffffffffffff', 'data', 1, 'limit'],
    ['a short id', '11010000', 'id', 1, 'truncated'],
    ['no code', `11${ID}`, 'code', 9, 'truncated'],
    ['a short result', `11${ID}000201`, 'result', 10, 'truncated'],
    ['a short height', '20010000', 'height', 1, 'truncated'],
    ['a short hash', `21${'11'.repeat(31)}`, 'hash', 1, 'truncated'],
    ['no number of keys', '22', 'nKeys', 1, 'truncated'],
    ['nothing', '', 'type', 0, 'truncated'],
  ])('refuses %s', (_name, hex, field, offset, problem) => {
    expect(refusalOf(() => decode(bytes(hex)))).toEqual({ command: 'attribute', field, offset, problem });
  });
});
