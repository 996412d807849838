import { describe, expect, it } from '@jest/globals';
import { formatTable, printable, type Column } from '../../src/cli/table.js';

const COLUMNS: readonly Column<{ name: string; count: number }>[] = [
  { title: 'name', text: ({ name }) => name },
  { title: 'count', align: 'right', text: ({ count }) => String(count) },
];

describe('formatTable', () => {
  it('aligns columns below their titles', () => {
    const rows = [
      { name: 'a', count: 1 },
      { name: 'longer', count: 1000 },
    ];
    expect(formatTable(COLUMNS, rows)).toEqual(['name    count', 'a           1', 'longer   1000']);
  });

  it('cuts lines off at the width of the terminal', () => {
    expect(formatTable(COLUMNS, [{ name: 'abcdefghij', count: 1 }], 8)).toEqual(['name    ', 'abcdefgh']);
  });

  it("takes the power over the terminal out of a remote's words", () => {
    expect(printable('/Neo\u001b[2J\r\n\u202e/')).toBe('/Neo?[2J???/');
  });
});
