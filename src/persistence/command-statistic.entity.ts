import { EntitySchema } from 'typeorm';
import { wholeNumber } from './column-transformers.js';
import type { CommandStatistic } from './command-statistic.js';

/**
 * The table of {@link CommandStatistic}; see `PeerRecordEntity` for the choice of types.
 *
 * @publicApi
 */
export const CommandStatisticEntity = new EntitySchema<CommandStatistic>({
  name: 'CommandStatistic',
  tableName: 'command_statistic',
  columns: {
    network: { name: 'network', type: 'varchar', primary: true },
    host: { name: 'host', type: 'varchar', primary: true },
    port: { name: 'port', type: 'integer', primary: true },
    command: { name: 'command', type: 'varchar', primary: true },
    direction: { name: 'direction', type: 'varchar', primary: true },
    messages: { name: 'messages', type: 'bigint', transformer: wholeNumber },
    bytes: { name: 'bytes', type: 'bigint', transformer: wholeNumber },
    calls: { name: 'calls', type: 'bigint', transformer: wholeNumber },
    errors: { name: 'errors', type: 'bigint', transformer: wholeNumber },
    refused: { name: 'refused', type: 'bigint', transformer: wholeNumber },
    minMs: { name: 'min_ms', type: 'double precision', nullable: true },
    totalMs: { name: 'total_ms', type: 'double precision' },
    maxMs: { name: 'max_ms', type: 'double precision', nullable: true },
    lastAtMs: { name: 'last_at_ms', type: 'bigint', transformer: wholeNumber },
  },
});
