import { Table, type MigrationInterface, type QueryRunner, type TableColumnOptions } from 'typeorm';
import { key, optional, required, tableName } from './table-columns.js';

const PEER_RECORD: TableColumnOptions[] = [
  key('network', 'varchar'),
  key('host', 'varchar'),
  key('port', 'integer'),
  required('services', 'varchar'),
  optional('user_agent', 'varchar'),
  optional('protocol_version', 'bigint'),
  optional('last_height', 'bigint'),
  required('first_seen_at_ms', 'bigint'),
  optional('last_seen_at_ms', 'bigint'),
  optional('last_attempt_at_ms', 'bigint'),
  optional('last_success_at_ms', 'bigint'),
  required('attempts', 'bigint'),
  required('failures_in_a_row', 'bigint'),
  optional('latency_ms', 'double precision'),
  optional('last_disconnect_reason', 'varchar'),
  required('source', 'varchar'),
];

const COMMAND_STATISTIC: TableColumnOptions[] = [
  key('network', 'varchar'),
  key('host', 'varchar'),
  key('port', 'integer'),
  key('command', 'varchar'),
  key('direction', 'varchar'),
  required('messages', 'bigint'),
  required('bytes', 'bigint'),
  required('calls', 'bigint'),
  required('errors', 'bigint'),
  required('refused', 'bigint'),
  optional('min_ms', 'double precision'),
  required('total_ms', 'double precision'),
  optional('max_ms', 'double precision'),
  required('last_at_ms', 'bigint'),
];

/**
 * The first tables. Names of constraints are left to TypeORM, which makes them from the table's name: with fixed names two
 * prefixes in one Postgres schema would collide.
 *
 * @internal
 */
export class CreatePeerTables1795305600000 implements MigrationInterface {
  readonly name = 'CreatePeerTables1795305600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(new Table({ name: tableName(runner, 'record'), columns: PEER_RECORD }));
    await runner.createTable(new Table({ name: tableName(runner, 'command_statistic'), columns: COMMAND_STATISTIC }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(tableName(runner, 'command_statistic'));
    await runner.dropTable(tableName(runner, 'record'));
  }
}
