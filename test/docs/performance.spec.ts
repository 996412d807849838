import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

/** What was measured, as `bench/results.json` has it. */
interface Result {
  readonly name: string;
  readonly baseline: string;
  readonly ratio: number;
  readonly required: number;
  readonly better: 'higher' | 'lower';
  readonly reached: boolean;
  readonly median: number;
  readonly unit: string;
  readonly runs: number;
}

interface PerformancePage {
  withTable(page: string, results: readonly Result[]): Promise<string>;
}

const page = readFileSync('docs/performance.md', 'utf8');
const results = JSON.parse(readFileSync('bench/results.json', 'utf8')) as readonly Result[];

describe('docs/performance.md', () => {
  it('has the table of bench/results.json: `npm run bench` writes it', async () => {
    const script = '../../bench/performance-page.mjs';
    const { withTable } = (await import(script)) as PerformancePage;
    expect(page).toBe(await withTable(page, results));
  });

  it('shows a flame graph that is there', () => {
    const [, file] = /!\[[^\]]+\]\(([^)]+\.svg)\)/.exec(page)!;
    expect(existsSync(`docs/${file}`)).toBe(true);
  });
});

describe('bench/results.json', () => {
  it('says of each row whether it was reached, as its numbers do', () => {
    for (const { ratio, required, better, reached } of results) {
      expect(reached).toBe(better === 'higher' ? ratio >= required : ratio <= required);
    }
  });

  it('has the median of at least seven rounds of each row, and each row once', () => {
    expect(results.filter(({ runs, name }) => runs < 7 && !name.startsWith('memory')).map(({ name }) => name)).toEqual(
      [],
    );
    const keys = results.map(({ name, baseline }) => `${name} | ${baseline}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
