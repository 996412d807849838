import type { Rate } from '../../config/pool-options.js';
import type { Command } from '../../wire/messages.js';
import { TokenBucket } from './token-bucket.js';

/**
 * Debt, in bursts, that makes requests a flood. Honest nodes that catch up exceed a rate for a moment, and are made to wait;
 * with this much debt they ignored that they are.
 */
export const FLOOD_FACTOR = 3;

/**
 * What follows from a request.
 *
 * @internal
 */
export interface RateVerdict {
  /** Milliseconds it has to wait before it is served; 0 within the rate; undefined when it is one too many, and isn't served. */
  readonly waitMs: number | undefined;
  /** Whether it makes a flood of it. */
  readonly flood: boolean;
}

/** A command's tokens, and how many requests came that were too many. */
interface Account {
  readonly bucket: TokenBucket;
  excess: number;
}

/**
 * How often one peer may ask for what. Whoever is above a rate waits until it is paid for. With a debt of {@link FLOOD_FACTOR} bursts
 * there is no more credit: what comes then isn't served, so nobody waits longer than that debt, and no more requests wait than
 * it stands for. Each burst of those is a flood, the first one at once, until the debt is paid.
 *
 * @internal
 */
export class RequestRates {
  readonly #accounts = new Map<Command, Account>();

  /** @param rates by command; one that has none is not limited */
  constructor(private readonly rates: Readonly<Partial<Record<Command, Rate>>>) {}

  /**
   * Counts a request.
   *
   * @param nowMs milliseconds, best those of a clock that never goes back
   * @returns undefined if the command has no rate
   */
  arrived(command: Command, nowMs: number): RateVerdict | undefined {
    const rate = this.rates[command];
    if (rate === undefined) return undefined;
    const account = this.#accountOf(command, rate, nowMs);
    const available = account.bucket.available(nowMs);
    if (available >= 0) account.excess = 0;
    if (available - 1 >= -FLOOD_FACTOR * rate.burst) return { waitMs: account.bucket.spend(nowMs), flood: false };
    return { waitMs: undefined, flood: account.excess++ % rate.burst === 0 };
  }

  #accountOf(command: Command, rate: Rate, nowMs: number): Account {
    let account = this.#accounts.get(command);
    if (account === undefined) {
      account = { bucket: new TokenBucket(rate.perSecond, rate.burst, nowMs), excess: 0 };
      this.#accounts.set(command, account);
    }
    return account;
  }
}
