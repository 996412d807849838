import { Logger } from '@nestjs/common';
import type { NetworkDefinition } from '../../config/options.js';
import { OptionsError } from '../../config/options.error.js';
import { parseAddress } from '../../environment/address.js';
import type { Endpoint } from '../../environment/connection.js';
import type { CommandStatistic } from '../../persistence/command-statistic.js';
import { storeError } from '../../persistence/driver-errors.js';
import type { PeerStore } from '../../persistence/peer-store.js';
import { loadSeedFile } from '../../persistence/seed-file.js';
import { STATISTICS_PEERS } from '../../persistence/statistic-pruning.js';
import type { StoreError, StoreProblem } from '../../persistence/store.error.js';
import { recordKey, summedStatistics } from '../../persistence/stored-rows.js';
import type { PeerEventBus } from '../events/peer-event-bus.js';
import type { Peer } from '../peer.js';
import type { PeerRecords } from './peer-records.js';

/** After these it is the same database that comes back; after others it may be another, which has none of our rows. */
const SAME_DATABASE: ReadonlySet<StoreProblem> = new Set<StoreProblem>(['locked', 'full', 'read-only']);

/** Where the sums of commands come from. */
export interface StatisticsSource {
  /**
   * What was counted since the last call.
   *
   * @param addressOf the row each peer is kept under, so that both tables call it the same
   */
  takeChanges(addressOf: (peer: Peer) => Endpoint | undefined): Iterable<CommandStatistic>;
}

/** What {@link RecordPersistence} puts together. */
export interface RecordPersistenceParts {
  readonly store: PeerStore;
  readonly records: PeerRecords;
  readonly statistics: StatisticsSource;
  readonly events: PeerEventBus;
  readonly network: NetworkDefinition;
  /** Read when the store has no row of the network; undefined: the network's own seeds. */
  readonly seedFile: string | undefined;
  readonly onStoreFailure: 'throw' | 'degrade';
}

/**
 * Carries rows from the store to {@link PeerRecords} at start and back at every save, and knows whether the store works.
 * What could not be saved is kept for the next time.
 *
 * @internal
 */
export class RecordPersistence {
  readonly #logger = new Logger('PeerStore');
  #restored = false;
  #compared = true;
  #owed: CommandStatistic[] = [];
  #failure: StoreError | undefined;

  constructor(private readonly parts: RecordPersistenceParts) {}

  /** What keeps the store from working now. */
  get failure(): StoreError | undefined {
    return this.#failure;
  }

  /**
   * Loads what the store has, or the seeds if that is nothing, and finds out whether the store can be written. With
   * `degrade` a store that fails doesn't matter here: the seeds are loaded, and every save tries again.
   *
   * @throws StoreError with `throw`
   * @throws SeedFileError, OptionsError when the seeds are needed and can't be used
   */
  async open(): Promise<void> {
    const { records, seedFile, network } = this.parts;
    let found = 0;
    try {
      found = await this.#restore();
    } catch (error) {
      this.#mustDegrade(error);
    }
    if (found === 0) records.plant(seedFile === undefined ? seedsOf(network) : await loadSeedFile(seedFile, network));
    if (this.#failure) return;
    try {
      await this.save();
    } catch (error) {
      this.#mustDegrade(error);
    }
  }

  /**
   * Writes what changed since the last time. Not to be called again before it has settled.
   *
   * @throws StoreError when it couldn't
   */
  async save(): Promise<void> {
    const { store, records, statistics } = this.parts;
    await this.#catchUp().catch((error: unknown) => this.#fail(error));
    const counted = statistics.takeChanges((peer) => records.addressOf(peer));
    this.#owed = summedStatistics(this.#owed.length === 0 ? counted : [...this.#owed, ...counted]);
    const rows = records.takeChanged();
    try {
      await store.save({ peers: rows, statistics: this.#owed });
      this.#owed = [];
    } catch (error) {
      records.giveBack(rows);
      this.#owed = ofNewestPeers(this.#owed);
      this.#fail(error);
    }
    this.#worked();
  }

  /** What has to be known of a store that was away before anything is written. */
  async #catchUp(): Promise<void> {
    const { store, records, network } = this.parts;
    if (!this.#restored) await this.#restore();
    if (this.#compared) return;
    await records.compare(store.load(network.name));
    this.#compared = true;
  }

  async #restore(): Promise<number> {
    const { store, records, network } = this.parts;
    const found = await records.restore(store.load(network.name));
    this.#restored = true;
    return found;
  }

  #mustDegrade(error: unknown): void {
    const failure = storeError('peer store', error);
    if (this.parts.onStoreFailure === 'throw') throw failure;
    this.#note(failure);
  }

  #fail(error: unknown): never {
    const failure = storeError('peer store', error);
    this.#note(failure);
    throw failure;
  }

  #note(failure: StoreError): void {
    const first = this.#failure === undefined;
    this.#failure = failure;
    if (!SAME_DATABASE.has(failure.problem)) this.#compared = false;
    if (!first) return;
    this.#logger.error(`${failure.message}; going on in memory`);
    this.parts.events.emit('storeFailed', failure);
  }

  #worked(): void {
    if (this.#failure === undefined) return;
    this.#failure = undefined;
    this.#logger.log('the store is back and has everything');
    this.parts.events.emit('storeRecovered');
  }
}

function seedsOf(network: NetworkDefinition): Endpoint[] {
  return network.seeds.map((seed, i) => {
    const address = parseAddress(seed);
    if (!address) throw new OptionsError(`network.seeds[${i}]`, seed, '"host:port" with a port from 1 to 65535');
    return address;
  });
}

/** Sums that wait for a broken store are bounded like those in a sound one. */
function ofNewestPeers(sums: CommandStatistic[]): CommandStatistic[] {
  const newest = new Map<string, number>();
  for (const { host, port, lastAtMs } of sums) {
    const key = recordKey(host, port);
    newest.set(key, Math.max(newest.get(key) ?? 0, lastAtMs));
  }
  if (newest.size <= STATISTICS_PEERS) return sums;
  const kept = new Set(
    [...newest]
      .toSorted((a, b) => b[1] - a[1])
      .slice(0, STATISTICS_PEERS)
      .map(([key]) => key),
  );
  return sums.filter(({ host, port }) => kept.has(recordKey(host, port)));
}
