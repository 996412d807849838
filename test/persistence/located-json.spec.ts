import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { JsonSyntaxError, parseLocatedJson, placeOf } from '../../src/persistence/located-json.js';

const outcome = (parse: () => unknown): string => {
  try {
    parse();
    return 'read';
  } catch (error) {
    return error instanceof JsonSyntaxError || error instanceof SyntaxError ? 'refused' : String(error);
  }
};

describe('parseLocatedJson', () => {
  it('reads what JSON.parse reads, however it is laid out', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 1, '\t', '\n'), (value, space) => {
        const text = JSON.stringify(value, undefined, space);
        expect(JSON.stringify(parseLocatedJson(text).value)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('refuses what JSON.parse refuses, and never throws anything else', () => {
    const almost = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', '}', ']', ',', ':', '\\', '0', '\u0001', 'x'))
      .map(([text, at, instead]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + instead + text.slice(place + 1);
      });
    fc.assert(
      fc.property(almost, (text) => {
        expect(outcome(() => parseLocatedJson(text))).toBe(outcome(() => JSON.parse(text)));
      }),
      { numRuns: 1000 },
    );
  });

  it('tells where each part stands', () => {
    const text = '{\n  "a": [1, {"b": "x"}],\n  "c": null\n}';
    const { offsets } = parseLocatedJson(text);
    const places = Object.fromEntries([...offsets].map(([path, offset]) => [path, text.slice(offset, offset + 3)]));
    expect(places).toEqual({ '': '{\n ', a: '[1,', 'a[0]': '1, ', 'a[1]': '{"b', 'a[1].b': '"x"', c: 'nul' });
  });

  it.each([
    ['', 0, 'a value'],
    ['{', 1, 'a name in double quotes'],
    ['{"a" 1}', 5, "':'"],
    ['{"a":1,}', 7, 'a name in double quotes'],
    ['[1 2]', 3, "',' or ']'"],
    ['[1,]', 3, 'a value'],
    ['"a\nb"', 2, 'no control character'],
    ['1 1', 2, 'the end'],
    ['['.repeat(200), 101, 'at most 100 levels'],
  ])('says what it expected in %j', (text, offset, expected) => {
    expect(() => parseLocatedJson(text)).toThrow(expect.objectContaining({ offset, expected }));
  });

  it('counts lines and columns from 1', () => {
    expect([0, 1, 2, 3, 4].map((offset) => placeOf('a\nbc', offset))).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 2 },
      { line: 2, column: 1 },
      { line: 2, column: 2 },
      { line: 2, column: 3 },
    ]);
  });
});
