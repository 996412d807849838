import type { Clock } from '../../environment/clock.js';
import type { Endpoint } from '../../environment/connection.js';
import type { CommandStatistic } from '../../persistence/command-statistic.js';
import { statisticKey, summedStatistics, sumOf } from '../../persistence/stored-rows.js';
import type { Command } from '../../wire/messages.js';
import type { Peer } from '../peer.js';
import { CounterTable, inOrder } from './counter-table.js';
import { PeerCounters, type PeerCountersOwner } from './peer-counters.js';
import { PeerStatistics, type CommandStatistics } from './peer-statistics.js';
import type { TrafficRecorder, TrafficStatistics } from './traffic-recorder.js';

/** Peers whose sums wait to be saved. Over it the oldest are let go: the database keeps no more peers either. */
const WAITING_PEERS = 10_000;
/** Sums of closed peers that wait to be saved, likewise: a peer has some ten. */
const WAITING_SUMS = 10 * WAITING_PEERS;

/**
 * Counts for all peers of a module. What is counted of a peer hangs on the peer itself, weakly: when nobody holds the
 * peer any more, it goes with it.
 *
 * @internal
 */
export class StatisticsRegistry extends PeerStatistics implements TrafficStatistics {
  readonly #totals: CounterTable;
  readonly #owner: PeerCountersOwner;
  readonly #peers = new WeakMap<Peer, PeerCounters>();
  /** Those with something to save. */
  readonly #changed = new Set<PeerCounters>();
  /** What is to be saved of peers that have closed, by key. */
  #settled = new Map<string, CommandStatistic>();

  constructor(clock: Clock) {
    super();
    this.#totals = new CounterTable(clock.now());
    this.#owner = {
      totals: this.#totals,
      now: () => clock.now(),
      changed: (counters) => this.#remember(counters),
    };
  }

  recorderOf(peer: Peer): TrafficRecorder {
    return this.#countersOf(peer);
  }

  /** A handler was called and took that long, whether it threw or not. */
  called(peer: Peer, command: Command, ms: number): void {
    this.#countersOf(peer).of(command, 'in').called(ms);
  }

  /** A handler, or what stands around it, threw. */
  failed(peer: Peer, command: Command): void {
    this.#countersOf(peer).of(command, 'in').failed();
  }

  /** A guard refused the message. */
  refused(peer: Peer, command: Command): void {
    this.#countersOf(peer).of(command, 'in').refused();
  }

  totals(): readonly (CommandStatistics & { readonly p50Ms: number; readonly p99Ms: number })[] {
    return inOrder(Array.from(this.#totals, (counter) => counter.snapshot()));
  }

  of(peer: Peer): readonly CommandStatistics[] {
    return inOrder(Array.from(this.#peers.get(peer) ?? [], (counter) => counter.snapshot()));
  }

  /**
   * What was counted since the last call, one row an address, command and direction, for the store to add. A peer that
   * isn't kept anywhere yet waits; one that went before it was is left out.
   *
   * @param addressOf the row each peer is kept under
   */
  takeChanges(addressOf: (peer: Peer) => Endpoint | undefined): CommandStatistic[] {
    const rows = [...this.#settled.values()];
    this.#settled = new Map();
    for (const counters of this.#changed) {
      const { peer } = counters;
      const address = addressOf(peer);
      if (address === undefined && peer.state !== 'closed') continue;
      rows.push(...this.#takeChangesOf(counters, address));
    }
    return summedStatistics(rows);
  }

  /** A peer has closed: its sums wait without it, those of one address as one. @param address the row it is kept under */
  settle(peer: Peer, address: Endpoint | undefined): void {
    for (const row of this.#takeChangesOf(this.#countersOf(peer), address)) {
      const key = statisticKey(row);
      const waiting = this.#settled.get(key);
      this.#settled.set(key, waiting === undefined ? row : sumOf(waiting, row));
    }
    for (const key of this.#settled.keys()) {
      if (this.#settled.size <= WAITING_SUMS) break;
      this.#settled.delete(key);
    }
  }

  #takeChangesOf(counters: PeerCounters, address: Endpoint | undefined): CommandStatistic[] {
    this.#changed.delete(counters);
    counters.isChanged = false;
    if (address === undefined) return [];
    const { host, port } = address;
    const changes = Array.from(counters, (counter) => counter.takeChange()).filter((change) => change !== undefined);
    return changes.map((change) => ({ network: counters.peer.network, host, port, ...change }));
  }

  #countersOf(peer: Peer): PeerCounters {
    let counters = this.#peers.get(peer);
    if (counters === undefined) {
      counters = new PeerCounters(peer, this.#owner);
      this.#peers.set(peer, counters);
    }
    return counters;
  }

  #remember(counters: PeerCounters): void {
    this.#changed.add(counters);
    if (this.#changed.size <= WAITING_PEERS) return;
    const [oldest] = this.#changed;
    this.#changed.delete(oldest!);
    oldest!.isChanged = false;
  }
}
