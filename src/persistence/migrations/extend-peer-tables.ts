import { Table, type MigrationInterface, type QueryRunner, type TableColumnOptions } from 'typeorm';
import { escapePath } from '../statement.js';
import { key, optional, required, tableName } from './table-columns.js';

const BAN: TableColumnOptions[] = [
  key('network', 'varchar'),
  key('subject', 'varchar'),
  required('reason', 'varchar'),
  optional('evidence', 'varchar'),
  required('author', 'varchar'),
  required('since_ms', 'bigint'),
  required('until_ms', 'bigint'),
  required('dry_run', 'integer'),
];

const SETTING: TableColumnOptions[] = [key('network', 'varchar'), key('name', 'varchar'), required('value', 'varchar')];

/** New columns of the table `record`; all may be null, so that the rows that are there need no value. */
const RECORD_COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ['next_dial_at_ms', 'bigint'],
  ['learnt_from', 'varchar'],
  ['sources', 'bigint'],
];

/**
 * Bans, settings, and what a pool knows of addresses.
 *
 * Columns are added by statements that SQLite and Postgres share: TypeORM's `addColumn` makes the whole table anew on SQLite.
 *
 * @internal
 */
export class ExtendPeerTables1795651200000 implements MigrationInterface {
  readonly name = 'ExtendPeerTables1795651200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(new Table({ name: tableName(runner, 'ban'), columns: BAN }));
    await runner.createTable(new Table({ name: tableName(runner, 'setting'), columns: SETTING }));
    for (const [name, type] of RECORD_COLUMNS) {
      await runner.query(`ALTER TABLE ${recordTable(runner)} ADD COLUMN ${name} ${type}`);
    }
  }

  /** SQLite drops columns since version 3.35. */
  async down(runner: QueryRunner): Promise<void> {
    for (const [name] of RECORD_COLUMNS.toReversed()) {
      await runner.query(`ALTER TABLE ${recordTable(runner)} DROP COLUMN ${name}`);
    }
    await runner.dropTable(tableName(runner, 'setting'));
    await runner.dropTable(tableName(runner, 'ban'));
  }
}

function recordTable(runner: QueryRunner): string {
  return escapePath(runner.connection, tableName(runner, 'record'));
}
