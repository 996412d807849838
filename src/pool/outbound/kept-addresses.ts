import { Logger } from '@nestjs/common';
import { formatAddress } from '../../environment/address.js';
import type { Clock, Timer } from '../../environment/clock.js';
import type { Endpoint } from '../../environment/connection.js';
import type { RandomSource } from '../../environment/random-source.js';
import type { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';
import type { Peer } from '../../peer/peer.js';
import type { BanList } from '../bans/ban-list.js';
import { backoffMs } from '../book/backoff.js';
import type { LinkTable } from '../links/link-table.js';
import type { OwnAddresses } from '../own-addresses.js';
import type { DialBudget } from './dial-budget.js';
import type { PoolDialler } from './pool-dialler.js';

/** After one failure the next dial is up to so long away, milliseconds; each further one doubles it. */
const BASE_WAIT_MS = 5_000;
/** It is never longer away, milliseconds: somebody waits for this node. */
const LONGEST_WAIT_MS = 5 * 60 * 1000;
/** A connection that lasted so long, milliseconds, was a good one: the waits begin anew. */
const GOOD_AFTER_MS = 60_000;

/** What {@link KeptAddresses} works with. */
export interface KeptAddressesParts {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly bans: BanList;
  readonly links: LinkTable;
  readonly own: OwnAddresses;
  readonly budget: DialBudget;
  readonly dialler: PoolDialler;
}

/** An address that is dialled again and again. */
interface Kept {
  readonly address: Endpoint;
  /** Resolves when the first dial is over. */
  firstDial: Promise<void>;
  /** Dials in a row that failed, or whose connection didn't last. */
  setbacks: number;
  timer: Timer | undefined;
  /** Ends a wait for the dial's turn. */
  resume: (() => void) | undefined;
  dropped: boolean;
}

/**
 * Addresses to be connected to at all times: `static` ones and those of `connect()`.
 *
 * @internal
 */
export class KeptAddresses {
  readonly #logger = new Logger('PeerPool');
  readonly #parts: KeptAddressesParts;
  readonly #kept = new Map<string, Kept>();
  #running = false;

  constructor(parts: KeptAddressesParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#kept.size;
  }

  get hosts(): readonly string[] {
    return Array.from(this.#kept.values(), ({ address }) => address.host);
  }

  has(address: Endpoint): boolean {
    return this.#kept.has(formatAddress(address));
  }

  start(addresses: Iterable<Endpoint>): void {
    const early = [...this.#kept.values()];
    this.#running = true;
    for (const kept of early) void this.#dial(kept);
    for (const address of addresses) void this.keep(address);
  }

  stop(): void {
    this.#running = false;
    for (const kept of this.#kept.values()) release(kept);
  }

  /** Keeps an address from now on. Resolves when the first dial is over, whatever came of it; never rejects. */
  keep(address: Endpoint): Promise<void> {
    const key = formatAddress(address);
    const known = this.#kept.get(key);
    if (known !== undefined) return known.firstDial;
    const firstDial = Promise.resolve();
    const kept: Kept = { address, firstDial, setbacks: 0, timer: undefined, resume: undefined, dropped: false };
    this.#kept.set(key, kept);
    return (kept.firstDial = this.#dial(kept));
  }

  /** Keeps it no longer. Its connection, if there is one, is the caller's affair. */
  drop(address: Endpoint): void {
    const kept = this.#kept.get(formatAddress(address));
    if (kept === undefined) return;
    kept.dropped = true;
    release(kept);
    this.#kept.delete(formatAddress(address));
  }

  async #dial(kept: Kept): Promise<void> {
    const { links, budget, dialler } = this.#parts;
    if (!this.#running || kept.dropped) return;
    const connected = links.keep(kept.address);
    if (connected?.peer !== undefined) return this.#has(kept, connected.peer);
    if (this.#isBarred(kept.address)) return this.#wait(kept);
    if (!budget.take()) {
      await this.#pause(kept, Math.max(1, budget.waitMs));
      return this.#dial(kept);
    }
    const peer = await dialler.dial(kept.address, 'kept', (error) => this.#failed(kept, error));
    if (peer === undefined) {
      kept.setbacks++;
      this.#wait(kept);
    } else if (kept.dropped) {
      void peer.disconnect('local');
    } else {
      this.#has(kept, peer);
    }
  }

  /** It is dialled for something else already, or banned, or our own: for now, so it is looked at again. */
  #isBarred(address: Endpoint): boolean {
    const { links, bans, own } = this.#parts;
    return links.at(address) !== undefined || bans.decide(address.host) !== undefined || own.has(address);
  }

  #has(kept: Kept, peer: Peer): void {
    void peer.closed.then(() => this.#lost(kept, peer.createdAtMs));
  }

  /** Somebody wants this node, so the first failure is worth a line; the others are in its record. */
  #failed({ setbacks }: Kept, { message }: NeoPeerError): void {
    if (setbacks === 0) this.#logger.warn(`${message}; it is dialled again and again`);
  }

  #lost(kept: Kept, sinceMs: number): void {
    const lasted = this.#parts.clock.now() - sinceMs >= GOOD_AFTER_MS;
    kept.setbacks = lasted ? 1 : kept.setbacks + 1;
    this.#wait(kept);
  }

  #wait(kept: Kept): void {
    if (!this.#running || kept.dropped) return;
    const limits = { baseMs: BASE_WAIT_MS, capMs: LONGEST_WAIT_MS };
    const ms = backoffMs(Math.max(1, kept.setbacks), this.#parts.random, limits);
    kept.timer?.cancel();
    kept.timer = this.#parts.clock.setTimeout(() => void this.#dial(kept), ms);
  }

  #pause(kept: Kept, ms: number): Promise<void> {
    return new Promise((resolve) => {
      kept.resume = resolve;
      kept.timer = this.#parts.clock.setTimeout(resolve, ms);
    });
  }
}

/** Nothing waits any longer. */
function release({ timer, resume }: Kept): void {
  timer?.cancel();
  resume?.();
}
