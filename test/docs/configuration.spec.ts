import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DEFAULTS } from '../../src/config/defaults.js';
import { NETWORKS } from '../../src/config/networks.js';

/** `timeouts.idleMs` -> 300000 and so on; a group that is one value in the docs is kept whole. */
function flatten(value: object, prefix = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const path = `${prefix}${key}`;
    const whole = typeof inner !== 'object' || inner === null || path === 'persistence.dataSource';
    return whole ? [[path, inner] as [string, unknown]] : flatten(inner, `${path}.`);
  });
}

const text = (value: unknown): string => (typeof value === 'bigint' ? String(value) : JSON.stringify(value));

describe('docs/configuration.md', () => {
  const rows = new Map(
    Array.from(
      readFileSync('docs/configuration.md', 'utf8').matchAll(/^\|\s+`([\w.]+)`\s+\|\s+`(.*?)`\s+\|/gm),
      (match) => [match[1]!, match[2]!],
    ),
  );

  it.each(flatten(DEFAULTS))('states the default of %s', (path, value) => {
    expect(rows.get(path)).toBe(text(value));
  });

  it('lists no option that does not exist', () => {
    const withoutDefault = ['network', 'nonce', 'announcePort', 'persistence.seedFile'];
    const [, options] = readFileSync('docs/configuration.md', 'utf8').split(/^## /m).slice(0, 2);
    const listed = Array.from(options!.matchAll(/^\|\s+`([\w.]+)`/gm), (match) => match[1]!);
    expect(listed.toSorted()).toEqual([...flatten(DEFAULTS).map(([path]) => path), ...withoutDefault].toSorted());
  });

  it('lists every network, with its dialect, magic and port', () => {
    const listed = Array.from(
      readFileSync('docs/configuration.md', 'utf8').matchAll(
        /^\|\s+`([\w-]+)`\s+\|\s+`(\w+)`\s+\|\s+`(\d+)`\s+\|\s+`(\d+)`\s+\|/gm,
      ),
      ([, name, dialect, magic, port]) => ({ name, dialect, magic: Number(magic), port: Number(port) }),
    );
    const expected = Object.values(NETWORKS).map(({ name, dialect, magic, port }) => ({ name, dialect, magic, port }));
    expect(new Set(listed)).toEqual(new Set(expected));
  });
});
