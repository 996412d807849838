import type { ResolvedPoolOptions } from '../config/pool-options.js';
import { parseAddress } from '../environment/address.js';
import type { Clock } from '../environment/clock.js';
import type { Endpoint } from '../environment/connection.js';
import type { RandomSource } from '../environment/random-source.js';
import type { LocalConfig } from '../peer/behaviours/local-config.js';
import type { PeerEventBus } from '../peer/events/peer-event-bus.js';
import type { Peer } from '../peer/peer.js';
import type { PeerRecords } from '../peer/records/peer-records.js';
import type { MutableRecord, RecordWatcher } from '../peer/records/record-table.js';
import type { PeerStatistics } from '../peer/statistics/peer-statistics.js';
import { groupOf } from './addresses/address-group.js';
import { ExemptList } from './addresses/exempt-list.js';
import { isRoutable } from './addresses/routable.js';
import { AddressBook } from './book/address-book.js';
import type { BookRecord } from './book/book-record.js';
import { Conduct } from './conduct/conduct.js';
import { Gossip } from './gossip/gossip.js';
import type { Merits } from './inbound/eviction.js';
import { InboundGate } from './inbound/inbound-gate.js';
import type { Link } from './links/link.js';
import { LinkTable } from './links/link-table.js';
import { OwnAddresses } from './own-addresses.js';
import { PoolPolicy } from './pool-policy.js';
import { PoolState } from './pool-state.js';

/** What {@link PoolCore} works with. */
export interface PoolCoreParts {
  readonly options: ResolvedPoolOptions;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly local: LocalConfig;
  readonly events: PeerEventBus;
  readonly records: PeerRecords;
  readonly statistics: PeerStatistics;
}

/** Commands by which a peer gives something that others want too. */
const USEFUL: ReadonlySet<string> = new Set(['block', 'transaction', 'headers']);
const ASKS_ADDRESSES: ReadonlySet<string> = new Set(['getaddr']);

/**
 * What the pool knows and how it judges: everything but the dialling, for which peers are needed, which need this.
 *
 * @internal
 */
export class PoolCore implements RecordWatcher {
  readonly options: ResolvedPoolOptions;
  readonly exempt: ExemptList;
  readonly state: PoolState;
  readonly links: LinkTable;
  readonly own: OwnAddresses;
  readonly conduct: Conduct;
  readonly gate: InboundGate;
  readonly policy: PoolPolicy;
  readonly gossip: Gossip;
  /** The option `static`. */
  readonly staticAddresses: readonly Endpoint[];
  /** Called when the book has got addresses. */
  whenLearnt: () => void = () => undefined;
  /** Hosts to be connected to at all times, names among them. */
  keptHosts: () => readonly string[] = () => [];
  readonly #parts: PoolCoreParts;
  #book: AddressBook | undefined;

  /** @throws OptionsError for an exempt range that is none */
  constructor(parts: PoolCoreParts) {
    const { options, clock, random, events, records, local } = parts;
    this.#parts = parts;
    this.options = options;
    this.exempt = new ExemptList(options.exempt);
    this.state = new PoolState(clock, random);
    this.links = new LinkTable({ clock, exempt: this.exempt });
    this.own = new OwnAddresses(clock);
    this.staticAddresses = options.static.map((address) => parseAddress(address)!);
    const { bans } = this.state;
    this.conduct = new Conduct({
      options,
      clock,
      state: this.state,
      links: this.links,
      events,
      keptHosts: () => this.keptHosts(),
    });
    const shared = { clock, exempt: this.exempt, bans, links: this.links };
    this.gate = new InboundGate({ ...shared, options, events, meritsOf: (link) => this.#meritsOf(link) });
    this.policy = new PoolPolicy({
      ...shared,
      rates: options.rates,
      nonce: () => local.nonce,
      gate: this.gate,
      conduct: this.conduct,
    });
    this.gossip = this.#makeGossip();
    records.watch(this);
  }

  /** Made when it is first asked for: its secret comes out of the store. */
  get book(): AddressBook {
    return (this.#book ??= this.#makeBook());
  }

  /** A row came into the table of records: the book may want it. */
  added(row: MutableRecord, restored: boolean): void {
    if (row.port === 0 || !this.#belongs(row)) return;
    const entered = this.book.add(row, row.learntFrom ?? row.host, { restored });
    if (entered === 'full' && row.source === 'gossip' && row.lastSuccessAtMs === null) this.#parts.records.forget(row);
    else this.whenLearnt();
  }

  /** A row has gone from the table of records. */
  removed(row: MutableRecord): void {
    this.#book?.remove(row);
  }

  /** Inbound peers may say that they listen anywhere: nobody believes it of addresses that can't be reached. */
  #belongs({ host, source }: MutableRecord): boolean {
    return source === 'seed' || source === 'manual' || isRoutable(host) || this.exempt.has(host);
  }

  #makeBook(): AddressBook {
    const { options, clock, random, records } = this.#parts;
    const isStatic = new Set(this.staticAddresses.map(({ host, port }) => `${host} ${port}`));
    return new AddressBook({
      clock,
      random,
      group: groupOf,
      maximum: options.bookRows,
      secret: this.state.bookSecret(),
      isProtected: ({ host, port }) =>
        records.rowOf({ host, port })?.source === 'seed' || isStatic.has(`${host} ${port}`),
      dropped: (record) => this.#dropped(record),
    });
  }

  /** What is known of peers that came to us, or that somebody dialled, stays known; what was only heard of goes. */
  #dropped({ host, port }: BookRecord): void {
    const { records } = this.#parts;
    if (records.rowOf({ host, port })?.source === 'gossip') records.forget({ host, port });
  }

  #makeGossip(): Gossip {
    const { options, clock, records } = this.#parts;
    return new Gossip({
      rate: options.gossip,
      clock,
      exempt: this.exempt,
      bans: this.state.bans,
      links: this.links,
      own: this.own,
      records,
      book: () => this.book,
      asked: (peer) => this.#countOf(peer, 'out', ASKS_ADDRESSES),
      learnt: () => this.whenLearnt(),
      flooded: (peer, evidence) => this.conduct.report(peer, this.links.lastOf(peer), 'address-flood', evidence),
    });
  }

  #meritsOf({ peer, client }: Link): Merits {
    const served = peer === undefined ? 0 : this.#countOf(peer, 'in', USEFUL);
    return { score: this.conduct.scoreOf(client), served };
  }

  /** How many messages of these commands went one way. */
  #countOf(peer: Peer, way: 'in' | 'out', commands: ReadonlySet<string>): number {
    return this.#parts.statistics
      .of(peer)
      .filter(({ command, direction }) => direction === way && commands.has(command))
      .reduce((sum, { messages }) => sum + messages, 0);
  }
}
