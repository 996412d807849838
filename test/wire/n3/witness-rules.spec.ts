import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  conditionToJSON,
  readCondition,
  skipCondition,
  writeCondition,
} from '../../../src/wire/n3/witness-condition-codec.js';
import { WitnessConditionType, type WitnessCondition } from '../../../src/wire/n3/witness-condition.js';
import { readRule, ruleToJSON, skipRule, writeRule, type WitnessRule } from '../../../src/wire/n3/witness-rule.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { ByteWriter } from '../../../src/wire/primitives/byte-writer.js';
import { decodesOrRefuses, refusalOf, type Refusal } from '../../support/decode-failure.js';
import { mutations } from '../../support/mutations.js';
import { conditions, rules } from '../../support/n3-arbitraries.js';
import { bytes, loadN3Vectors } from '../../support/vectors.js';

const vectors = loadN3Vectors('signers.json');
const ruleVectors = vectors.filter(({ scope }) => scope === 'rule');
const conditionVectors = vectors.filter(({ scope }) => scope === 'condition');

function decodeCondition(raw: Uint8Array): WitnessCondition {
  const reader = new ByteReader(raw, 'condition');
  skipCondition(reader);
  reader.expectEnd();
  return readCondition(new ByteReader(raw, 'condition'));
}

function encodeCondition(condition: WitnessCondition): Uint8Array {
  const writer = new ByteWriter();
  writeCondition(writer, condition);
  return writer.finish();
}

function decodeRule(raw: Uint8Array): WitnessRule {
  const reader = new ByteReader(raw, 'rule');
  skipRule(reader);
  reader.expectEnd();
  return readRule(new ByteReader(raw, 'rule'));
}

function encodeRule(rule: WitnessRule): Uint8Array {
  const writer = new ByteWriter();
  writeRule(writer, rule);
  return writer.finish();
}

function hexOf(raw: Uint8Array): string {
  return Buffer.from(raw).toString('hex');
}

const H = '11'.repeat(20);

describe('witness rules', () => {
  it.each(ruleVectors)('decodes and encodes $name', ({ hex, expected }) => {
    const rule = decodeRule(bytes(hex));
    expect(ruleToJSON(rule)).toEqual(expected);
    expect(hexOf(encodeRule(rule))).toBe(hex);
  });

  it('prints a Deny', () => {
    expect(ruleToJSON(decodeRule(bytes('0020')))).toEqual({ action: 'Deny', condition: { type: 'CalledByEntry' } });
  });

  it('reads back any rule', () => {
    fc.assert(fc.property(rules(), (rule) => expect(decodeRule(encodeRule(rule))).toEqual(rule)));
  });

  it('decodes or refuses any bytes', () => {
    fc.assert(
      fc.property(
        rules().chain((rule) => mutations(encodeRule(rule))),
        (mutated) => {
          const rule = decodesOrRefuses(() => decodeRule(mutated));
          if (rule === undefined) return;
          expect(hexOf(encodeRule(rule))).toBe(hexOf(mutated));
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(['02', '03', 'ff'])('refuses the action %s', (action) => {
    const refused = refusalOf(() => decodeRule(bytes(`${action}20`)));
    expect(refused).toEqual({ command: 'rule', field: 'action', offset: 0, problem: 'value' });
  });
});

describe('witness conditions', () => {
  it.each(conditionVectors)('decodes and encodes $name', ({ name, hex, expected }) => {
    const condition = decodeCondition(bytes(hex));
    expect({ name, ...conditionToJSON(condition) }).toEqual({ name, ...expected });
    expect(hexOf(encodeCondition(condition))).toBe(hex);
  });

  it('has vectors of every type, those inside others counted', () => {
    const printed = JSON.stringify(vectors);
    for (const type of Object.keys(WitnessConditionType)) expect(printed).toContain(`"type":"${type}"`);
  });

  it('reads back any condition', () => {
    fc.assert(
      fc.property(conditions(), (condition) => expect(decodeCondition(encodeCondition(condition))).toEqual(condition)),
    );
  });

  it('shares what is a byte or two long, for a transaction can hold very many of them', () => {
    const condition = decodeCondition(bytes('020620200001000100000000'));
    if (condition.type !== WitnessConditionType.And) throw new Error('not an And');
    const [entry, sameEntry, yes, sameYes, no, sameNo] = condition.expressions;
    expect([entry === sameEntry, yes === sameYes, no === sameNo, yes === no]).toEqual([true, true, true, false]);
  });

  it.each<[name: string, hex: string, field: string, offset: number, problem: Refusal['problem']]>([
    ['an unknown type', '04', 'type', 0, 'value'],
    ['an unknown type inside', '020204', 'expressions', 1, 'truncated'],
    ['an unknown type inside', '02022004', 'expressions[1].type', 3, 'value'],
    ['a bool of 2', '0002', 'expression', 1, 'value'],
    ['a bool of 2 inside', '010002', 'expression.expression', 2, 'value'],
    ['a Not of a Not of a Not', '0101010000', 'expression.expression.expression.type', 3, 'limit'],
    ['an And of nothing', '0200', 'expressions', 1, 'value'],
    ['an Or of 17', `0311${'20'.repeat(17)}`, 'expressions', 1, 'limit'],
    ['a count in a longer form', '02fd010020', 'expressions', 1, 'value'],
    ['nesting through And, Or and Not', '020103010120', 'expressions[0].expressions[0].expression.type', 5, 'limit'],
    ['a key in the long form', `19${'04'.repeat(65)}`, 'group', 1, 'value'],
    ['infinity for a key', `29${'00'.repeat(33)}`, 'group', 1, 'value'],
    ['a short hash', `18${H.slice(2)}`, 'hash', 1, 'truncated'],
    ['a short key', `1902${H}`, 'group', 1, 'truncated'],
    ['nothing', '', 'type', 0, 'truncated'],
  ])('refuses %s: %s', (_name, hex, field, offset, problem) => {
    expect(refusalOf(() => decodeCondition(bytes(hex)))).toEqual({ command: 'condition', field, offset, problem });
  });

  it.each(['010120', `0210${'20'.repeat(16)}`, '020103010001'])('takes what is just allowed: %s', (hex) => {
    expect(hexOf(encodeCondition(decodeCondition(bytes(hex))))).toBe(hex);
  });
});
