import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { format } from 'prettier';
import { POOL_DEFAULTS } from '../../src/config/defaults.js';
import { MISBEHAVIOUR_WEIGHTS } from '../../src/pool/misbehaviour/misbehaviour.js';

/** What the script exports; it is JavaScript. */
interface OptionTables {
  readonly PAGE: string;
  withTables(page: string, values: { pool: object; rates: object; weights: object }): string;
}

describe('docs/hostile-network.md', () => {
  it('has every option, rate, weight and number as the sources have them: `npm run docs:tables` writes them', async () => {
    const script = '../../scripts/option-tables.mjs';
    const { PAGE, withTables } = (await import(script)) as OptionTables;
    const page = readFileSync(PAGE, 'utf8');
    const values = { pool: POOL_DEFAULTS, rates: POOL_DEFAULTS.rates, weights: MISBEHAVIOUR_WEIGHTS };
    const filled = await format(withTables(page, values), { parser: 'markdown', singleQuote: true, printWidth: 120 });
    expect(page).toBe(filled);
  });
});
