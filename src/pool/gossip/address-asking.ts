import type { Clock } from '../../environment/clock.js';
import type { RandomSource } from '../../environment/random-source.js';
import type { Peer } from '../../peer/peer.js';
import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';

/** Between two questions to whoever is there, milliseconds, where addresses are lacking. C# nodes ask everybody every 5 s. */
const AGAIN_AFTER_MS = 15_000;

/**
 * Asks peers whom they know: each one once it is there, and somebody again when there is nobody left to be dialled. The answers
 * come to the handler of `addr`.
 *
 * @internal
 */
export class AddressAsking {
  #nextAtMs = -Infinity;

  constructor(
    private readonly clock: Clock,
    private readonly random: RandomSource,
    private readonly signal: AbortSignal,
  ) {}

  /** Many have nobody to tell of, and are silent. Never rejects. */
  async ask(peer: Peer): Promise<void> {
    try {
      await peer.requestAddresses({ signal: this.signal });
    } catch (error) {
      if (!(error instanceof NeoPeerError)) throw error;
    }
  }

  /** Asks one of these, if that isn't too soon. */
  askOneOf(peers: readonly Peer[]): void {
    const now = this.clock.monotonic();
    const peer = now < this.#nextAtMs || peers.length === 0 ? undefined : peers[this.random.integer(peers.length)];
    if (peer === undefined) return;
    this.#nextAtMs = now + AGAIN_AFTER_MS;
    void this.ask(peer);
  }
}
