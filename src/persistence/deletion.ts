import type { DataSource, EntityMetadata, ObjectLiteral } from 'typeorm';
import { escapePath, placeholders, type Statement } from './statement.js';

/**
 * Keys a statement: at three variables each far below the 32,766 of SQLite, and its expression below the depth of 1000 that
 * SQLite reads. Larger ones are hardly faster.
 */
const KEYS_A_STATEMENT = 100;

/**
 * Statements that delete the rows with the given keys, a chunk each.
 *
 * Every key is spelt out whole, `(network = … AND host = …) OR (…)`, so that each is looked up in the index. With the network
 * in front, `network = … AND (… OR …)`, SQLite reads all rows of the network for every statement: 10,000 of 200,000 rows took
 * 21 s rather than 0.1 s.
 *
 * @param properties of the entity that make the key: the whole primary key, or its first columns
 * @param keys the values of these properties
 * @internal
 */
export function* deletions<Key extends ObjectLiteral>(
  dataSource: DataSource,
  metadata: EntityMetadata,
  properties: readonly (keyof Key & string)[],
  keys: readonly Key[],
): Generator<Statement> {
  const table = escapePath(dataSource, metadata.tablePath);
  const columns = metadata.columns.filter(({ propertyName }) =>
    (properties as readonly string[]).includes(propertyName),
  );
  for (let from = 0; from < keys.length; from += KEYS_A_STATEMENT) {
    const chunk = keys.slice(from, from + KEYS_A_STATEMENT);
    const placeholder = placeholders(dataSource);
    const matches = chunk.map(() => {
      const terms = columns.map((column) => `${dataSource.driver.escape(column.databaseName)} = ${placeholder()}`);
      return `(${terms.join(' AND ')})`;
    });
    const values = chunk.flatMap((key) => columns.map((column): unknown => column.getEntityValue(key)));
    yield { sql: `DELETE FROM ${table} WHERE ${matches.join(' OR ')}`, values };
  }
}
