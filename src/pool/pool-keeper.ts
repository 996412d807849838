import type { Clock, Timer } from '../environment/clock.js';
import { formatAddress, parseAddress, plainHost } from '../environment/address.js';
import type { Endpoint } from '../environment/connection.js';
import type { RandomSource } from '../environment/random-source.js';
import type { Resolver } from '../environment/resolver.js';
import { ConnectionKeeper } from '../peer/connection/connection-keeper.js';
import type { Disconnection } from '../peer/disconnection.js';
import type { PeerEventBus } from '../peer/events/peer-event-bus.js';
import type { PeerFactory } from '../peer/peer-factory.js';
import type { Peer } from '../peer/peer.js';
import type { PeerRecords } from '../peer/records/peer-records.js';
import { AddressAsking } from './gossip/address-asking.js';
import { misbehaviourOf } from './misbehaviour/misbehaviour.js';
import { Candidates } from './outbound/candidates.js';
import { DialBudget } from './outbound/dial-budget.js';
import { Feelers } from './outbound/feelers.js';
import { KeptAddresses } from './outbound/kept-addresses.js';
import { OutboundSlots, type OutboundSlotsParts } from './outbound/outbound-slots.js';
import { PoolDialler } from './outbound/pool-dialler.js';
import type { PoolCore } from './pool-core.js';
import { SettingName } from './pool-state.js';
import { SeedSources, type SeedSource } from './sources/seed-sources.js';
import { Starvation } from './sources/starvation.js';

/** Between two rounds of housekeeping, milliseconds. */
const HOUSEKEEPING_MS = 60_000;
/** Outbound peers that are dialled first after a restart: so whoever makes a node restart doesn't choose its new peers. */
const ANCHORS = 2;

/** What {@link PoolKeeper} works with. */
export interface PoolKeeperParts {
  readonly core: PoolCore;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly resolver: Resolver;
  readonly factory: PeerFactory;
  readonly events: PeerEventBus;
  readonly records: PeerRecords;
  readonly readSeeds: () => Promise<readonly Endpoint[]>;
}

/**
 * The working part of the pool: hears what happens to peers, and keeps as many as are wanted.
 *
 * @internal
 */
export class PoolKeeper extends ConnectionKeeper {
  readonly kept: KeptAddresses;
  readonly candidates: Candidates;
  readonly #parts: PoolKeeperParts;
  readonly #stop = new AbortController();
  readonly #dialler: PoolDialler;
  readonly #slots: OutboundSlots;
  readonly #feelers: Feelers;
  readonly #seeds: SeedSources;
  readonly #starvation: Starvation;
  readonly #asking: AddressAsking;
  #housekeeping: Timer | undefined;

  constructor(parts: PoolKeeperParts) {
    super();
    this.#parts = parts;
    const { core, clock, random, events } = parts;
    const { signal } = this.#stop;
    const budget = new DialBudget(clock, core.options.dialsPerSecond);
    const shared = { clock, random, links: core.links, own: core.own, exempt: core.exempt, bans: core.state.bans };
    this.candidates = new Candidates({ ...shared, book: () => core.book });
    this.#dialler = new PoolDialler({
      ...shared,
      options: core.options,
      factory: parts.factory,
      records: parts.records,
      signal,
      rests: (untilMs) => this.#rests(untilMs),
    });
    const dialling = { ...shared, candidates: this.candidates, budget, dialler: this.#dialler };
    this.kept = new KeptAddresses(dialling);
    this.#slots = this.#makeSlots(dialling);
    const isOnline = (): boolean => core.links.ready.length > 0;
    this.#feelers = new Feelers({
      ...dialling,
      feelerMs: core.options.feelerMs,
      book: () => core.book,
      isOnline,
      exchange: () => this.#slots.exchange(),
    });
    this.#starvation = new Starvation(clock, events, () => this.#isFed());
    this.#seeds = this.#makeSeeds(signal);
    this.#asking = new AddressAsking(clock, random, signal);
    core.whenLearnt = () => this.#slots.wake();
    core.keptHosts = () => this.kept.hosts;
    // For as long as the module lives: what closes after the stop has to be heard of too.
    events.on('connected', (peer) => this.#connected(peer));
    events.on('ready', (peer) => this.#ready(peer));
    events.on('disconnected', (peer, disconnection) => this.#disconnected(peer, disconnection));
  }

  /** Since when nobody whom we dialled is left, though somebody could be. */
  get starvedSinceMs(): number | undefined {
    return this.#starvation.sinceMs;
  }

  /** Begins to dial. What the store knows may still be coming in. */
  override start(): void {
    const { core, clock } = this.#parts;
    this.kept.start(core.staticAddresses);
    this.#slots.start();
    this.#feelers.start();
    this.#lookForStarvation();
    const timer = clock.setTimeout(() => {
      timer.refresh();
      this.#keepHouse();
    }, HOUSEKEEPING_MS);
    this.#housekeeping = timer;
  }

  /** Dials no more. Connections stay as they are. */
  override stop(): void {
    this.#noteAnchors();
    this.#stop.abort();
    this.#housekeeping?.cancel();
    this.kept.stop();
    this.#slots.stop();
    this.#feelers.stop();
    this.#starvation.stop();
  }

  /** Something that kept addresses from being dialled has gone. */
  wake(): void {
    this.#slots.wake();
  }

  #makeSlots(dialling: Omit<OutboundSlotsParts, 'outbound' | 'anchors' | 'lacking'>): OutboundSlots {
    const { options } = this.#parts.core;
    return new OutboundSlots({
      ...dialling,
      outbound: options.outbound,
      anchors: () => this.#anchors(),
      lacking: () => this.#lacking(),
    });
  }

  #makeSeeds(signal: AbortSignal): SeedSources {
    const { core, clock, random, resolver, readSeeds } = this.#parts;
    const { state } = core;
    return new SeedSources({
      clock,
      random,
      resolver,
      state,
      signal,
      readSeeds,
      found: (found, source) => this.#found(found, source),
    });
  }

  #connected(peer: Peer): void {
    const { core, records } = this.#parts;
    core.links.connected(peer, peer.direction === 'outbound' ? records.addressOf(peer) : undefined);
  }

  #ready(peer: Peer): void {
    const { core, records } = this.#parts;
    const link = core.links.becameReady(peer);
    this.#lookForStarvation();
    if (peer.direction === 'inbound') return;
    const address = records.addressOf(peer);
    const row = address && records.rowOf(address);
    if (row !== undefined && row.port > 0) core.book.succeeded(row);
    this.#seeds.healed();
    if (link?.kind === 'automatic' || link?.kind === 'kept') void this.#asking.ask(peer);
  }

  #disconnected(peer: Peer, { reason, by, error }: Disconnection): void {
    const { core } = this.#parts;
    const link = core.links.gone(peer);
    if (link !== undefined) core.gate.gone(link);
    const misbehaviour = by === 'us' ? misbehaviourOf(reason) : undefined;
    if (misbehaviour !== undefined) core.conduct.report(peer, link, misbehaviour, error?.message ?? reason);
    this.#lookForStarvation();
    if (peer.direction === 'outbound') this.#slots.wake();
  }

  /** Nobody is left to be dialled for a slot: peers are asked for more, and where none is left or may come, other sources. */
  #lacking(): void {
    const { links } = this.#parts.core;
    this.#asking.askOneOf(links.ready);
    if (this.#outboundReady() === 0 && links.count('automatic') === 0) this.#seeds.ask();
  }

  /** A dial was in vain. The book may be full of nodes that are gone, which take hours: who starves doesn't wait for its end. */
  #rests(untilMs: number): void {
    this.#slots.rests(untilMs);
    this.#lookForStarvation();
    if (this.starvedSinceMs !== undefined) this.#seeds.ask();
  }

  /** Addresses of a source: they are dialled at once, however often they failed, before any other. */
  #found(addresses: readonly Endpoint[], source: SeedSource): void {
    const { records } = this.#parts;
    if (source === 'file') records.plant(addresses);
    for (const address of addresses) {
      if (source === 'names') records.learn({ ...address, host: plainHost(address.host) }, address.host);
      records.postpone(address, null);
    }
    this.#slots.prefer(addresses);
    this.#slots.wake();
  }

  #keepHouse(): void {
    const { core, events } = this.#parts;
    for (const ban of core.state.bans.sweep()) {
      core.conduct.forgive(ban);
      events.emit('unbanned', ban);
    }
    if (core.links.ready.length > 0) core.book.expire();
    this.#noteAnchors();
    this.#lookForStarvation();
    this.#slots.wake();
  }

  /** Who wants nobody doesn't starve. */
  #lookForStarvation(): void {
    if (this.#stop.signal.aborted) return;
    const wantsSomebody = this.#parts.core.options.outbound > 0 || this.kept.size > 0;
    if (wantsSomebody) this.#starvation.look();
    else this.#starvation.unwanted();
  }

  /** The seed of a small network is dialled by all, so nobody is left for it: it would starve for good. */
  #isFed(): boolean {
    return this.#outboundReady() > 0 || this.candidates.haveAllDialledUs();
  }

  #outboundReady(): number {
    let count = 0;
    for (const { state, kind } of this.#parts.core.links) {
      if (state === 'ready' && (kind === 'automatic' || kind === 'kept' || kind === 'manual')) count++;
    }
    return count;
  }

  /** The automatic peers that have been there longest; if there are none, those noted before stay. */
  #noteAnchors(): void {
    const { links, state } = this.#parts.core;
    const longest = [...links]
      .filter(({ kind, state: at }) => kind === 'automatic' && at === 'ready')
      .toSorted((a, b) => a.readyAtMs! - b.readyAtMs!)
      .slice(0, ANCHORS)
      .map(({ address }) => formatAddress(address!));
    if (longest.length > 0) state.set(SettingName.anchors, JSON.stringify(longest));
  }

  #anchors(): readonly Endpoint[] {
    const text = this.#parts.core.state.setting(SettingName.anchors) ?? '[]';
    let listed: unknown;
    try {
      listed = JSON.parse(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    const addresses = (Array.isArray(listed) ? listed : []).slice(0, ANCHORS) as unknown[];
    return addresses
      .map((address) => (typeof address === 'string' ? parseAddress(address) : undefined))
      .filter((address) => address !== undefined);
  }
}
