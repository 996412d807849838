import type { DataSource, EntityMetadata, ObjectLiteral } from 'typeorm';
import { escapePath, placeholders, type Statement } from './statement.js';

/** Rows a statement: 100 rows of at most 19 columns stay below the 32,766 variables of SQLite and 65,535 of Postgres. */
const ROWS_A_STATEMENT = 100;

/**
 * The new value of a column where the row exists, as SQL.
 *
 * @param stored the column as it is in the table
 * @param given the same column of the row that came
 */
export type Merge = (stored: string, given: string) => string;

export const replace: Merge = (_stored, given) => given;
export const add: Merge = (stored, given) => `${stored} + ${given}`;
// `min(a, b)` is SQLite's and `least(a, b)` Postgres', so both are spelt out. Null is "no value".
export const smaller: Merge = (stored, given) => extreme(stored, given, '<');
export const larger: Merge = (stored, given) => extreme(stored, given, '>');

const extreme = (stored: string, given: string, than: '<' | '>'): string =>
  `CASE WHEN ${given} IS NULL THEN ${stored} WHEN ${stored} IS NULL OR ${given} ${than} ${stored} THEN ${given} ELSE ${stored} END`;

/**
 * Statements that insert rows or merge them into those with the same key, a chunk each.
 *
 * TypeORM's own upsert can only replace; sums and extremes need expressions. The SQL is what SQLite (3.24 and later) and
 * Postgres have in common.
 *
 * @param rows no two with the same key
 * @param mergeOf how each column that is not part of the key changes
 * @internal
 */
export function* upserts(
  dataSource: DataSource,
  metadata: EntityMetadata,
  rows: readonly ObjectLiteral[],
  mergeOf: (property: string) => Merge,
): Generator<Statement> {
  const { driver } = dataSource;
  const table = escapePath(dataSource, metadata.tablePath);
  const names = metadata.columns.map((column) => driver.escape(column.databaseName));
  const keys = metadata.primaryColumns.map((column) => driver.escape(column.databaseName));
  const merged = metadata.columns
    .filter((column) => !column.isPrimary)
    .map((column) => {
      const name = driver.escape(column.databaseName);
      return `${name} = ${mergeOf(column.propertyName)(`stored.${name}`, `excluded.${name}`)}`;
    });
  const tail = `ON CONFLICT (${keys.join(', ')}) DO UPDATE SET ${merged.join(', ')}`;
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT) {
    const chunk = rows.slice(from, from + ROWS_A_STATEMENT);
    const placeholder = placeholders(dataSource);
    const tuples = chunk.map(() => `(${names.map(() => placeholder()).join(', ')})`);
    const values = chunk.flatMap((row) =>
      metadata.columns.map((column): unknown => driver.preparePersistentValue(column.getEntityValue(row), column)),
    );
    yield { sql: `INSERT INTO ${table} AS stored (${names.join(', ')}) VALUES ${tuples.join(', ')} ${tail}`, values };
  }
}
