import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { formatAddress } from '../environment/address.js';
import { Clock, type Timer } from '../environment/clock.js';
import type { Endpoint } from '../environment/connection.js';
import { RandomSource } from '../environment/random-source.js';
import { PeerFactory } from '../peer/peer-factory.js';
import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/** Before the second dial of an address, milliseconds; doubled each time. */
const FIRST_WAIT_MS = 1000;
/** No wait is longer. */
const LONGEST_WAIT_MS = 5 * 60_000;
/** A connection that lasted so long was a good one: the waits begin anew. */
const GOOD_AFTER_MS = 60_000;
/** Waits vary by this share, so that nodes that fell together don't rise together. */
const JITTER = 0.2;

/** Whom to dial. */
export interface DialPlan {
  /** Connected to at all times, whatever happens. */
  readonly wanted: readonly Endpoint[];
  /** Candidates, best first. */
  readonly known: readonly Endpoint[];
  /** How many of the candidates to be connected to at a time. */
  readonly most: number;
}

interface Target {
  readonly address: Endpoint;
  readonly wanted: boolean;
  state: 'waiting' | 'dialling' | 'connected';
  /** Dials since the last good connection. */
  attempts: number;
  dueAtMs: number;
}

/**
 * Dials addresses and dials them again when they are lost, with growing waits.
 *
 * @internal
 */
@Injectable()
export class Redialler implements OnModuleDestroy {
  readonly #logger = new Logger(Redialler.name);
  readonly #targets = new Map<string, Target>();
  readonly #stop = new AbortController();
  #most = 0;
  #timer: Timer | undefined;
  #firstRoundOver: (() => void) | undefined;

  constructor(
    private readonly factory: PeerFactory,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  /**
   * Begins, once. An address that stands in the plan twice is dialled once.
   *
   * @returns when every address was tried once, or there are as many connections as there may be
   */
  start(plan: DialPlan): Promise<void> {
    this.#most = plan.most;
    for (const address of plan.wanted) this.#add(address, true);
    for (const address of plan.known) this.#add(address, false);
    return new Promise((resolve) => {
      this.#firstRoundOver = resolve;
      this.#fill();
    });
  }

  onModuleDestroy(): void {
    this.#stop.abort();
    this.#timer?.cancel();
    this.#firstRoundOver?.();
  }

  #add(address: Endpoint, wanted: boolean): void {
    const key = formatAddress(address);
    if (this.#targets.has(key)) return;
    this.#targets.set(key, { address, wanted, state: 'waiting', attempts: 0, dueAtMs: 0 });
  }

  /** Dials whoever is due while there is room, and comes back when the next one is. */
  #fill(): void {
    if (this.#stop.signal.aborted) return;
    this.#timer?.cancel();
    const now = this.clock.now();
    let room = this.#most;
    for (const { wanted, state } of this.#targets.values()) if (!wanted && state !== 'waiting') room--;
    const waiting = [...this.#targets.values()]
      .filter(({ state }) => state === 'waiting')
      .toSorted((a, b) => a.dueAtMs - b.dueAtMs);
    let next = Infinity;
    for (const target of waiting) {
      if (!target.wanted && room <= 0) continue;
      if (target.dueAtMs > now) {
        next = Math.min(next, target.dueAtMs);
        continue;
      }
      if (!target.wanted) room--;
      void this.#dial(target);
    }
    if (next < Infinity) this.#timer = this.clock.setTimeout(() => this.#fill(), next - now);
    this.#tellFirstRound();
  }

  #tellFirstRound(): void {
    for (const { state, attempts, wanted } of this.#targets.values()) {
      if (state === 'dialling' && attempts === 1) return;
      if (state === 'waiting' && attempts === 0 && wanted) return;
    }
    this.#firstRoundOver?.();
    this.#firstRoundOver = undefined;
  }

  /** Never rejects. */
  async #dial(target: Target): Promise<void> {
    target.state = 'dialling';
    target.attempts++;
    try {
      const peer = await this.factory.dial(target.address, { signal: this.#stop.signal });
      target.state = 'connected';
      this.#tellFirstRound();
      const since = this.clock.now();
      await peer.closed;
      if (this.clock.now() - since >= GOOD_AFTER_MS) target.attempts = 1;
    } catch (error) {
      this.#logFailure(error, target);
    }
    target.state = 'waiting';
    target.dueAtMs = this.clock.now() + this.#waitMs(target.attempts);
    this.#fill();
  }

  /** Dials fail: peers' records say how often, and the event says why where there was a connection. */
  #logFailure(error: unknown, { wanted, attempts }: Target): void {
    if (!(error instanceof NeoPeerError)) this.#logger.error(error);
    else if (wanted && attempts === 1 && !this.#stop.signal.aborted) {
      this.#logger.warn(`${error.message}; it is dialled again and again`);
    }
  }

  #waitMs(attempts: number): number {
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (attempts - 1), LONGEST_WAIT_MS);
    return Math.round(wait * (1 + JITTER * (this.random.integer(1001) / 500 - 1)));
  }
}
