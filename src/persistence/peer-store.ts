import type { CommandStatistic } from './command-statistic.js';
import type { PeerRecord } from './peer-record.js';

/**
 * What is to be written. Iterated once, when the store is ready for it; the rows are those that changed since the last save.
 *
 * @publicApi
 */
export interface StoreChanges {
  readonly peers: Iterable<PeerRecord>;
  /** What happened since the last save, to be added to what is there. */
  readonly statistics: Iterable<CommandStatistic>;
}

/**
 * Keeps what is learnt about peers. TypeORM by default, memory with `dataSource: false`.
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
}
