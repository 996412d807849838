import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as api from '../../src/index.js';

const errors = Object.entries(api).filter(
  ([, value]) => typeof value === 'function' && value.prototype instanceof api.NeoPeerError,
);

describe('docs/errors.md', () => {
  const page = readFileSync('docs/errors.md', 'utf8');
  const listed = Array.from(page.matchAll(/^\|\s+`(\w+Error)`/gm), (match) => match[1]!);

  it.each(errors.map(([name]) => [name]))('lists %s', (name) => {
    expect(listed).toContain(name);
  });

  it('lists no error that does not exist', () => {
    expect(listed.filter((name) => !(name in api))).toEqual([]);
  });
});
