import type { QueryRunner, TableColumnOptions } from 'typeorm';

/**
 * The name of a table as its entity has it: with the data source's prefix, in its schema.
 *
 * @internal
 */
export function tableName(runner: QueryRunner, name: string): string {
  const { options, namingStrategy, driver } = runner.connection;
  const prefixed = options.entityPrefix ? namingStrategy.prefixTableName(options.entityPrefix, name) : name;
  const schema = 'schema' in options && typeof options.schema === 'string' ? options.schema : undefined;
  return driver.buildTableName(prefixed, schema);
}

/** A column of the primary key. */
export const key = (name: string, type: string): TableColumnOptions => ({ name, type, isPrimary: true });
/** A column that is never null. */
export const required = (name: string, type: string): TableColumnOptions => ({ name, type });
/** A column that may be null. */
export const optional = (name: string, type: string): TableColumnOptions => ({ name, type, isNullable: true });
