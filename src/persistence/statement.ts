import type { DataSource, QueryRunner } from 'typeorm';
import { nextTurn } from '../environment/system-turn.js';

/** A statement with its values. */
export interface Statement {
  readonly sql: string;
  readonly values: unknown[];
}

/**
 * Runs statements in order, with a turn for all else after each: better-sqlite3 works on the event loop's thread.
 *
 * @internal
 */
export async function run(runner: QueryRunner, statements: Iterable<Statement>): Promise<void> {
  for (const { sql, values } of statements) {
    await runner.query(sql, values);
    await nextTurn();
  }
}

/**
 * Makes the placeholders of one statement, in order.
 *
 * @internal
 */
export function placeholders(dataSource: DataSource): () => string {
  let count = 0;
  return dataSource.options.type === 'postgres' ? () => `$${++count}` : () => '?';
}

/**
 * A table's path in quotes, schema and name apart.
 *
 * @internal
 */
export function escapePath(dataSource: DataSource, path: string): string {
  return path
    .split('.')
    .map((part) => dataSource.driver.escape(part))
    .join('.');
}
