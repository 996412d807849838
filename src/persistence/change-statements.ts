import type { DataSource, EntityMetadata, EntitySchema } from 'typeorm';
import { BanEntity } from './ban.entity.js';
import type { ChangedRows } from './changed-rows.js';
import { CommandStatisticEntity } from './command-statistic.entity.js';
import { deletions } from './deletion.js';
import { PeerRecordEntity } from './peer-record.entity.js';
import { SettingEntity } from './setting.entity.js';
import type { Statement } from './statement.js';
import { PEER_KEY } from './stored-rows.js';
import { add, larger, replace, smaller, upserts, type Merge } from './upsert.js';

/** How sums over runs grow. */
const STATISTIC_MERGES: Readonly<Record<string, Merge>> = Object.freeze({
  minMs: smaller,
  maxMs: larger,
  lastAtMs: larger,
});

const mergeOfStatistic = (property: string): Merge => STATISTIC_MERGES[property] ?? add;
const replaced = (): Merge => replace;

/**
 * All statements of one save: of each table first what goes, then what is written.
 *
 * @internal
 */
export function* changeStatements(dataSource: DataSource, rows: ChangedRows): Generator<Statement> {
  const of = (entity: EntitySchema): EntityMetadata => dataSource.getMetadata(entity);
  yield* deletions(dataSource, of(PeerRecordEntity), PEER_KEY, rows.forgotten);
  yield* deletions(dataSource, of(CommandStatisticEntity), PEER_KEY, rows.forgotten);
  yield* upserts(dataSource, of(PeerRecordEntity), rows.peers, replaced);
  yield* upserts(dataSource, of(CommandStatisticEntity), rows.statistics, mergeOfStatistic);
  yield* deletions(dataSource, of(BanEntity), ['network', 'subject'], rows.removedBans);
  yield* upserts(dataSource, of(BanEntity), rows.bans, replaced);
  yield* deletions(dataSource, of(SettingEntity), ['network', 'name'], rows.removedSettings);
  yield* upserts(dataSource, of(SettingEntity), rows.settings, replaced);
}
