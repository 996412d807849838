/** The table of docs/performance.md, which `npm run bench` writes out of `results.json`. A test compares them. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'prettier';
import { tableOf } from './results.mjs';

const PAGE = join(import.meta.dirname, '../docs/performance.md');
const BEGIN = '<!-- table: results -->';
const END = '<!-- end -->';

/** @param {string} page as it is; @returns it with the table filled in, formatted as the repository is */
export function withTable(page, results) {
  const from = page.indexOf(BEGIN) + BEGIN.length;
  const to = page.indexOf(END, from);
  if (from < BEGIN.length || to < 0) throw new Error('docs/performance.md has no table of results');
  const text = `${page.slice(0, from)}\n\n${tableOf(results)}\n\n${page.slice(to)}`;
  return format(text, { parser: 'markdown', singleQuote: true, trailingComma: 'all', printWidth: 120 });
}

export async function writePage(results) {
  await writeFile(PAGE, await withTable(await readFile(PAGE, 'utf8'), results));
}
