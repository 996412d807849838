import type { EntitySchema } from 'typeorm';
import { CommandStatisticEntity } from './command-statistic.entity.js';
import { CreatePeerTables1795305600000 } from './migrations/create-peer-tables.js';
import { PeerRecordEntity } from './peer-record.entity.js';

/**
 * The entities, for a host that wants them in a data source of its own.
 *
 * @publicApi
 */
export const peerEntities: readonly EntitySchema[] = Object.freeze([PeerRecordEntity, CommandStatisticEntity]);

/**
 * The migrations that make the tables of {@link peerEntities}, under the data source's `entityPrefix`; the same for every
 * supported database.
 *
 * @publicApi
 */
export const peerMigrations: readonly (typeof CreatePeerTables1795305600000)[] = Object.freeze([
  CreatePeerTables1795305600000,
]);
