import { formatAddress } from '../environment/address.js';
import type { Clock } from '../environment/clock.js';
import type { Endpoint } from '../environment/connection.js';

/**
 * How long an address counts as our own, milliseconds. Addresses change hands (containers, dial-up lines), so it is not for
 * good: after that it may be dialled once more, and is learnt again if it is still ours.
 */
const KNOWN_FOR_MS = 24 * 60 * 60 * 1000;

/** More addresses than a machine has; whoever reflects our connections must not fill the memory. */
const MAX_OWN = 1000;

/**
 * The addresses at which we have met ourselves.
 *
 * @internal
 */
export class OwnAddresses {
  readonly #clock: Clock;
  /** Until when each counts, milliseconds since 1970; oldest first. */
  readonly #known = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(address: Endpoint): void {
    const key = formatAddress(address);
    this.#known.delete(key);
    this.#known.set(key, this.#clock.now() + KNOWN_FOR_MS);
    if (this.#known.size <= MAX_OWN) return;
    const [oldest] = this.#known.keys();
    this.#known.delete(oldest!);
  }

  has(address: Endpoint): boolean {
    const until = this.#known.get(formatAddress(address));
    return until !== undefined && until > this.#clock.now();
  }
}
