import { TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';
import { escapePath } from '../statement.js';
import { tableName } from './table-columns.js';

/** Rows are loaded along this, those with the newest success first. */
const COLUMNS: readonly string[] = ['network', 'last_success_at_ms', 'host', 'port'];

/**
 * An index for loading. The last success is that of a dial of ours from now on: before, those had one too who had only dialled
 * us.
 *
 * @internal
 */
export class IndexPeerTables1795737600000 implements MigrationInterface {
  readonly name = 'IndexPeerTables1795737600000';

  async up(runner: QueryRunner): Promise<void> {
    const table = tableName(runner, 'record');
    const unearned = 'attempts <= failures_in_a_row';
    await runner.query(
      `UPDATE ${escapePath(runner.connection, table)} SET last_success_at_ms = NULL WHERE ${unearned}`,
    );
    await runner.createIndex(table, index());
  }

  /** Successes that were never earned don't come back. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex(tableName(runner, 'record'), index());
  }
}

/** Its name is left to TypeORM, like those of constraints. */
function index(): TableIndex {
  return new TableIndex({ columnNames: [...COLUMNS] });
}
