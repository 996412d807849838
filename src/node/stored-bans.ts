import { Logger } from '@nestjs/common';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { DEFAULTS } from '../config/defaults.js';
import type { Clock } from '../environment/clock.js';
import { SystemRandom } from '../environment/system-random.js';
import type { Ban } from '../persistence/ban.js';
import { dataSourceOptions } from '../persistence/data-source.options.js';
import { TypeOrmPeerStore } from '../persistence/typeorm-peer-store.js';
import { BanList } from '../pool/bans/ban-list.js';
import { refuseRunning } from './database-claim.js';
import { existingDatabase, readDatabase } from './stored-database.js';

/** Whose bans, and where they are kept. */
export interface StoredBansPlace {
  /** Path of the SQLite file. */
  readonly database: string;
  /** `NetworkDefinition.name`. */
  readonly network: string;
  readonly clock: Clock;
}

/**
 * The bans that hold on a network, as a node started now would have them.
 *
 * @throws NodeRunningError while a node runs: its bans are in its memory
 * @throws StoreError when there is no file, or it isn't a database of ours
 * @internal
 */
export async function readBans(place: StoredBansPlace): Promise<readonly Ban[]> {
  await refuseRunning(place.database);
  return readDatabase(place.database, (options) => withStore(options, place.clock, (store) => listed(store, place)));
}

/**
 * Changes the bans of a network, and saves the change; all of it or nothing.
 *
 * @param change what it throws ends it, and nothing is changed
 * @throws NodeRunningError while a node runs, which would not see it
 * @throws StoreError when there is no file, it isn't a database of ours, or it can't be written
 * @internal
 */
export async function changeBans<T>(place: StoredBansPlace, change: (bans: BanList) => T): Promise<T> {
  await refuseRunning(place.database);
  const options = await existingDatabase(place.database);
  return withStore(options, place.clock, async (store) => {
    const bans = await loaded(store, place);
    const result = change(bans);
    const changes = bans.takeChanges();
    await store.save({ peers: [], statistics: [], network: place.network, bans: changes });
    // A ban that is over is over, also if it was one of every network.
    if (changes.removed.length > 0) {
      await store.save({ peers: [], statistics: [], bans: { put: [], removed: changes.removed } });
    }
    return result;
  });
}

async function withStore<T>(
  options: DataSourceOptions,
  clock: Clock,
  use: (store: TypeOrmPeerStore) => Promise<T>,
): Promise<T> {
  const source = new DataSource(dataSourceOptions(options, DEFAULTS.persistence));
  const store = new TypeOrmPeerStore(source, { clock, random: new SystemRandom() });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

async function listed(store: TypeOrmPeerStore, place: StoredBansPlace): Promise<readonly Ban[]> {
  return (await loaded(store, place)).list();
}

async function loaded(store: TypeOrmPeerStore, { network, clock, database }: StoredBansPlace): Promise<BanList> {
  const stored: Ban[] = [];
  for await (const ban of store.loadBans(network)) stored.push(ban);
  const bans = new BanList(clock);
  const unreadable = bans.restore(stored);
  if (unreadable > 0) {
    new Logger('StoredBans').warn(
      `${database}: ${unreadable} of the bans of ${network} can't be understood and stay as they are`,
    );
  }
  return bans;
}
