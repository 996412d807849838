import { Logger } from '@nestjs/common';
import type { NetworkDefinition } from '../../config/options.js';
import { OptionsError } from '../../config/options.error.js';
import { parseAddress } from '../../environment/address.js';
import type { Endpoint } from '../../environment/connection.js';
import type { Ban } from '../../persistence/ban.js';
import type { CommandStatistic } from '../../persistence/command-statistic.js';
import { storeError } from '../../persistence/driver-errors.js';
import type { PeerStore, StoreChanges } from '../../persistence/peer-store.js';
import { loadSeedFile } from '../../persistence/seed-file.js';
import { STATISTICS_PEERS } from '../../persistence/statistic-pruning.js';
import type { StoreError, StoreProblem } from '../../persistence/store.error.js';
import { recordKey, summedStatistics } from '../../persistence/stored-rows.js';
import type { PeerEventBus } from '../events/peer-event-bus.js';
import type { Peer } from '../peer.js';
import type { PeerRecords } from './peer-records.js';
import type { SavedState } from './saved-state.js';

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
  /**
   * A peer has closed: what was counted of it waits without it, so that nobody keeps it until the next save.
   *
   * @param address the row it is kept under, if there is one
   */
  settle(peer: Peer, address: Endpoint | undefined): void;
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
  /** What else is kept in the store. @default nothing */
  readonly state?: SavedState | undefined;
}

/** So many rows come in before a start goes on: enough to choose from. The rest comes while the module works. */
const FIRST_ROWS = 100;

/** A save of nothing finds out whether the store can be written. */
const NOTHING: StoreChanges = Object.freeze({ peers: [], statistics: [] });

/**
 * Carries rows from the store to {@link PeerRecords} at start and back at every save, and knows whether the store works.
 * What could not be saved is kept for the next time.
 *
 * @internal
 */
export class RecordPersistence {
  readonly #logger = new Logger('PeerStore');
  #stateRestored = false;
  #restored = false;
  /** The rest of the rows comes in. */
  #restoring: Promise<void> | undefined;
  #compared = true;
  #owed: CommandStatistic[] = [];
  #failure: StoreError | undefined;

  constructor(private readonly parts: RecordPersistenceParts) {
    const { events, statistics, records } = parts;
    events.on('disconnected', (peer) => statistics.settle(peer, records.addressOf(peer)));
  }

  /** What keeps the store from working now. */
  get failure(): StoreError | undefined {
    return this.#failure;
  }

  /** Resolves when all rows are in that the store has, or it failed. Never rejects. */
  get loaded(): Promise<void> {
    return this.#restoring ?? Promise.resolve();
  }

  /**
   * Takes in the first rows that the store has, or the seeds if there are none, and finds out whether it can be written.
   * The rest of the rows comes in while all else goes on. With `degrade` a store that fails doesn't matter here: the seeds are
   * loaded, and every save tries again.
   *
   * @throws StoreError with `throw`
   * @throws SeedFileError, OptionsError when the seeds are needed and can't be used
   */
  async open(): Promise<void> {
    const { store, records } = this.parts;
    let isEmpty = true;
    try {
      await this.#restoreState();
      isEmpty = await this.#beginRestore();
    } catch (error) {
      this.#mustDegrade(error);
    }
    if (isEmpty) records.plant(await this.readSeeds());
    if (this.#failure) return;
    try {
      await (isEmpty ? this.save() : store.save(NOTHING));
    } catch (error) {
      this.#mustDegrade(error);
    }
  }

  /** The addresses to begin with: those of the seed file, read anew each time, or the network's. @throws SeedFileError, OptionsError */
  async readSeeds(): Promise<Endpoint[]> {
    const { seedFile, network } = this.parts;
    return seedFile === undefined ? seedsOf(network) : loadSeedFile(seedFile, network);
  }

  /**
   * Writes what changed since the last time, once all rows are in: what was learnt of one of them is merged with it then. Not
   * to be called again before it has settled.
   *
   * @throws StoreError when it couldn't
   */
  async save(): Promise<void> {
    await this.loaded;
    const { store, records, statistics, state, network } = this.parts;
    await this.#catchUp().catch((error: unknown) => this.#fail(error));
    const counted = statistics.takeChanges((peer) => records.addressOf(peer));
    this.#owed = summedStatistics(this.#owed.length === 0 ? counted : [...this.#owed, ...counted]);
    const peers = records.takeChanged();
    const forgotten = records.takeForgotten();
    const changes = state?.takeChanges();
    try {
      await store.save({ peers, forgotten, statistics: this.#owed, network: network.name, ...changes });
      this.#owed = [];
    } catch (error) {
      records.giveBack(peers, forgotten);
      if (changes !== undefined) state?.giveBack(changes);
      this.#owed = ofNewestPeers(this.#owed);
      this.#fail(error);
    }
    this.#worked();
  }

  /** What has to be known of a store that was away before anything is written. */
  async #catchUp(): Promise<void> {
    const { store, records, network, state } = this.parts;
    if (!this.#stateRestored) await this.#restoreState();
    if (!this.#restored) await this.#restore();
    if (this.#compared) return;
    await records.compare(store.load(network.name));
    state?.sendAll();
    this.#compared = true;
  }

  async #restoreState(): Promise<void> {
    const { store, state, network } = this.parts;
    if (state !== undefined) {
      const bans: Ban[] = [];
      for await (const ban of store.loadBans(network.name)) bans.push(ban);
      state.restore(bans, await store.loadSettings(network.name));
    }
    this.#stateRestored = true;
  }

  /** Returns when the first rows are in. @returns whether there are none */
  #beginRestore(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let hasBegun = false;
      const whole = this.#restore((count) => {
        hasBegun ||= count === FIRST_ROWS;
        if (hasBegun) resolve(false);
      });
      this.#restoring = whole.then(
        (count) => resolve(count === 0),
        (error: unknown) => {
          if (hasBegun) this.#note(storeError('peer store', error));
          reject(error);
        },
      );
      void this.#restoring.finally(() => (this.#restoring = undefined));
    });
  }

  async #restore(cameIn?: (count: number) => void): Promise<number> {
    const { store, records, network } = this.parts;
    const found = await records.restore(store.load(network.name), cameIn);
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
