import type { Ban } from './ban.js';
import type { CommandStatistic } from './command-statistic.js';
import type { PeerKey, PeerRecord } from './peer-record.js';

/**
 * What is to be written. Each part is iterated once, when the store is ready for it. Of two entries with the same key the last
 * one counts; statistics add up.
 *
 * @publicApi
 */
export interface StoreChanges {
  /** Rows that changed since the last save. They are written after {@link forgotten} was deleted. */
  readonly peers: Iterable<PeerRecord>;
  /** What happened since the last save, to be added to what is there. */
  readonly statistics: Iterable<CommandStatistic>;
  /** Rows to delete, each with its statistics. @default none */
  readonly forgotten?: Iterable<PeerKey>;
  /** Whose {@link bans} and {@link settings} are: `NetworkDefinition.name`, or empty: those of every network. @default '' */
  readonly network?: string;
  /** Changes of bans. @default none */
  readonly bans?: BanChanges;
  /** Settings to keep; an empty text deletes one. @default none */
  readonly settings?: ReadonlyMap<string, string>;
}

/**
 * Bans that are new or changed, and bans that are over. Those to be put are written after the others were removed.
 *
 * @publicApi
 */
export interface BanChanges {
  readonly put: Iterable<Ban>;
  /** Subjects, exactly as they were put. Those of every network go too. */
  readonly removed: Iterable<string>;
}

/**
 * Keeps what is learnt about peers. TypeORM by default, memory with `dataSource: false`.
 *
 * A store that keeps no bans and no settings need not say so: it has none.
 *
 * @publicApi
 */
export abstract class PeerStore {
  /**
   * All rows of a network, newest success first.
   *
   * @throws StoreError (while iterating)
   */
  abstract load(network: string): AsyncIterable<PeerRecord>;

  /**
   * Writes all of it or nothing. Calls are done one after the other.
   *
   * @throws StoreError when it couldn't; the caller keeps the changes for the next time
   */
  abstract save(changed: StoreChanges): Promise<void>;

  /**
   * The bans of every network, then those of this one, also those that are over. A subject may be in both.
   *
   * @throws StoreError (while iterating)
   */
  loadBans(_network: string): AsyncIterable<Ban> {
    return none();
  }

  /**
   * The settings of every network and those of this one. Where both have a name, this network's wins.
   *
   * @throws StoreError
   */
  loadSettings(_network: string): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(new Map());
  }
}

async function* none(): AsyncGenerator<never> {}
