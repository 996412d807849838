import type { EntitySchema, MigrationInterface } from 'typeorm';
import { BanEntity } from './ban.entity.js';
import { CommandStatisticEntity } from './command-statistic.entity.js';
import { CreatePeerTables1795305600000 } from './migrations/create-peer-tables.js';
import { ExtendPeerTables1795651200000 } from './migrations/extend-peer-tables.js';
import { IndexPeerTables1795737600000 } from './migrations/index-peer-tables.js';
import { PeerRecordEntity } from './peer-record.entity.js';
import { SettingEntity } from './setting.entity.js';

/**
 * The entities, for a host that wants them in a data source of its own.
 *
 * @publicApi
 */
export const peerEntities: readonly EntitySchema[] = Object.freeze([
  PeerRecordEntity,
  CommandStatisticEntity,
  BanEntity,
  SettingEntity,
]);

/**
 * The migrations that make the tables of {@link peerEntities}, oldest first, under the data source's `entityPrefix`; the same
 * for every supported database.
 *
 * @publicApi
 */
export const peerMigrations: readonly (new () => MigrationInterface)[] = Object.freeze([
  CreatePeerTables1795305600000,
  ExtendPeerTables1795651200000,
  IndexPeerTables1795737600000,
]);
