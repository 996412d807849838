import { plainHost } from '../../environment/address.js';
import type { Clock, Timer } from '../../environment/clock.js';
import type { Endpoint } from '../../environment/connection.js';
import type { RandomSource } from '../../environment/random-source.js';
import type { Peer } from '../../peer/peer.js';
import type { Link } from '../links/link.js';
import type { LinkTable } from '../links/link-table.js';
import type { Candidates } from './candidates.js';
import type { DialBudget } from './dial-budget.js';
import type { PoolDialler } from './pool-dialler.js';

/**
 * While slots are free and nobody is there to be dialled, it looks again after so long, milliseconds, doubled each time; and when
 * somebody has rested who was dialled before.
 */
const FIRST_LOOK_MS = 1000;
/** How soon it looks when something has changed, milliseconds: a message may bring 200 addresses, a store thousands. */
const WAKE_MS = 1;
/** It looks at least so often. */
const LONGEST_LOOK_MS = 30_000;

/**
 * With fewer slots none changes hands: the two that have been there longest are the anchors, which are to outlive a restart, so there
 * has to be a third.
 */
const FEWEST_FOR_EXCHANGE = 3;

/** What {@link OutboundSlots} works with. */
export interface OutboundSlotsParts {
  readonly outbound: number;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly links: LinkTable;
  readonly candidates: Candidates;
  readonly budget: DialBudget;
  readonly dialler: PoolDialler;
  /** Those to be dialled first when it starts: the peers of the last run. */
  readonly anchors: () => readonly Endpoint[];
  /** There is nobody to be dialled. */
  readonly lacking: () => void;
}

/**
 * Keeps as many automatic outbound peers as there are slots: dials in parallel, as many as are lacking.
 *
 * @internal
 */
export class OutboundSlots {
  readonly #parts: OutboundSlotsParts;
  /** To be dialled before any other. */
  #first: Endpoint[] = [];
  #timer: Timer | undefined;
  #lookMs = FIRST_LOOK_MS;
  #running = false;
  #isWaking = false;
  /** When somebody has rested, milliseconds since 1970. */
  #restedAtMs = Infinity;

  constructor(parts: OutboundSlotsParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#running = true;
    this.prefer(this.#parts.anchors());
    this.#fill();
  }

  /** Has these dialled before any other, once each, also those that rest. Those of an earlier call are forgotten. */
  prefer(addresses: readonly Endpoint[]): void {
    this.#first = [...addresses];
  }

  stop(): void {
    this.#running = false;
    this.#timer?.cancel();
  }

  /** Something has changed: an address was learnt, a peer has gone. Looks soon, once for all that changes meanwhile. */
  wake(): void {
    this.#lookMs = FIRST_LOOK_MS;
    if (!this.#running || this.#isWaking) return;
    this.#isWaking = true;
    this.#timer?.cancel();
    this.#timer = this.#parts.clock.setTimeout(() => this.#fill(), WAKE_MS);
  }

  /** Somebody may be dialled again from that time on, milliseconds since 1970. */
  rests(untilMs: number): void {
    const isOver = this.#restedAtMs <= this.#parts.clock.now();
    this.#restedAtMs = isOver ? untilMs : Math.min(this.#restedAtMs, untilMs);
  }

  /**
   * Dials somebody who was reached before, and gives them the slot of the youngest peer once they are ready. Otherwise two parts
   * of a network that were cut apart, each large enough to fill all slots, would stay apart for ever. An attacker gets no
   * more than one slot by it, however long it waits: those who have been there longest keep theirs.
   *
   * @returns whether somebody is dialled; nobody is while a slot is free, or there are fewer than three
   */
  exchange(): boolean {
    const { outbound, links, candidates, budget } = this.#parts;
    const slots = [...links].filter(({ kind }) => kind === 'automatic');
    const youngest = slots.toSorted((a, b) => (a.readyAtMs ?? 0) - (b.readyAtMs ?? 0)).at(-1);
    if (youngest === undefined || outbound < FEWEST_FOR_EXCHANGE || slots.length !== outbound) return false;
    if (slots.some(({ state }) => state !== 'ready')) return false;
    const newcomer = candidates.instead(youngest);
    if (newcomer === undefined || !budget.take()) return false;
    void this.#dial(newcomer, youngest);
    return true;
  }

  #fill(): void {
    const { outbound, links, budget } = this.#parts;
    this.#isWaking = false;
    this.#timer?.cancel();
    while (links.count('automatic') < outbound) {
      const address = this.#next();
      if (address === undefined) return this.#lookLater();
      if (!budget.take()) return this.#lookIn(Math.max(1, budget.waitMs));
      if (address === this.#first[0]) this.#first.shift();
      void this.#dial(address);
    }
  }

  #next(): Endpoint | undefined {
    const { candidates } = this.#parts;
    for (let first = this.#first[0]; first !== undefined; first = this.#first[0]) {
      if (candidates.obstacle({ host: first.host, port: first.port }) === undefined) return first;
      this.#first.shift();
    }
    return candidates.next();
  }

  /** Nodes that lost everybody at the same moment shall not come back at the same moment. */
  #lookLater(): void {
    const { clock, random, lacking } = this.#parts;
    const jitteredMs = this.#lookMs / 2 + random.integer(this.#lookMs / 2 + 1);
    const restedMs = this.#restedAtMs - clock.now();
    if (restedMs <= 0) this.#restedAtMs = Infinity;
    const lookMs = restedMs > 0 ? Math.min(jitteredMs, restedMs) : jitteredMs;
    this.#lookIn(lookMs);
    this.#lookMs = Math.min(this.#lookMs * 2, LONGEST_LOOK_MS);
    lacking();
  }

  /** Unless it looks sooner: a dial may bring an address into the book, which wakes it while it looks. */
  #lookIn(ms: number): void {
    if (this.#isWaking) return;
    this.#timer?.cancel();
    this.#timer = this.#parts.clock.setTimeout(() => this.#fill(), ms);
  }

  /** @param leaving has to go for the one that is dialled, unless a slot has become free by then */
  async #dial(address: Endpoint, leaving?: Link): Promise<void> {
    const { outbound, links, dialler } = this.#parts;
    const peer = await dialler.dial({ host: address.host, port: address.port }, 'automatic');
    if (peer !== undefined) {
      const goes = links.count('automatic') > outbound ? leaving?.peer : undefined;
      const isOneTooMany = this.#isOneTooMany(peer, address.port, goes);
      void (isOneTooMany ? peer.disconnect('local') : goes?.disconnect('evicted'));
    }
    if (this.#running) this.wake();
  }

  /** Where a name leads is known only now: there may be another peer in that group. One that isn't ready may never be. */
  #isOneTooMany(newcomer: Peer, port: number, goes: Peer | undefined): boolean {
    const { candidates, links } = this.#parts;
    if (links.of(newcomer)?.kind !== 'automatic') return false;
    const groupOf = (peer: Peer, dialled: number): string =>
      candidates.diversityGroup({ host: plainHost(peer.remoteAddress.host), port: dialled });
    const group = groupOf(newcomer, port);
    for (const { kind, peer, address } of links) {
      if (kind !== 'automatic' || peer === newcomer || peer === goes || peer?.state !== 'ready') continue;
      if (groupOf(peer, address?.port ?? 0) === group) return true;
    }
    return false;
  }
}
