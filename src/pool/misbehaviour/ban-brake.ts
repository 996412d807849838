import type { Clock } from '../../environment/clock.js';

/**
 * Fewer bans than this within the window are never too many: of three peers a single one is more than a quarter.
 *
 * @internal
 */
export const FEWEST_TO_FREEZE = 3;

/** Clients that are remembered, for shares so large that nothing ever freezes. */
const MAX_REMEMBERED = 10_000;

/**
 * What a brake says: `yes`, ban; `freeze`, no, and say that bans are frozen from now on; `frozen`, no, still.
 *
 * @internal
 */
export type BrakeVerdict = 'yes' | 'freeze' | 'frozen';

/**
 * Keeps a node from banning its whole world. When many peers misbehave within a short time, the fault is likely ours, or a
 * change of the protocol that we don't know: then automatic bans stop for a while, and an operator has to look. One node that
 * had no brake banned 48 of its 64 peers within a minute, and did not recover.
 *
 * @internal
 */
export class BanBrake {
  /** When each client was banned, monotonic milliseconds; the oldest first. */
  readonly #banned = new Map<string, number>();
  /** Monotonic milliseconds. */
  #frozenUntil = -Infinity;
  #frozenUntilMs = 0;
  #share = 0;

  /**
   * @param options `share` of peers, 0 to 1, over which bans freeze (1 never freezes); `windowMs` in which they are counted, and for
   *   which they are frozen, milliseconds
   */
  constructor(
    private readonly clock: Clock,
    private readonly options: { readonly share: number; readonly windowMs: number },
  ) {}

  /** The share of peers that {@link allows} counted last, 0 to 1: those banned within the window, with the one asked about. */
  get share(): number {
    return this.#share;
  }

  /** When bans will be allowed again, milliseconds since 1970; undefined if they are. */
  get frozenUntilMs(): number | undefined {
    return this.clock.monotonic() < this.#frozenUntil ? this.#frozenUntilMs : undefined;
  }

  /**
   * Whether a client may be banned automatically. If so it counts as banned.
   *
   * @param client as `clientOf` says
   * @param connectedClients distinct clients that are connected, this one included if it still is
   */
  allows(client: string, connectedClients: number): BrakeVerdict {
    const now = this.clock.monotonic();
    if (now < this.#frozenUntil) return 'frozen';
    this.#forgetOld(now);
    this.#banned.delete(client);
    const before = this.#banned.size;
    this.#share = (before + 1) / Math.max(before + connectedClients, before + 1);
    if (before + 1 >= FEWEST_TO_FREEZE && this.#share > this.options.share) {
      this.#frozenUntil = now + this.options.windowMs;
      this.#frozenUntilMs = this.clock.now() + this.options.windowMs;
      return 'freeze';
    }
    this.#banned.set(client, now);
    return 'yes';
  }

  #forgetOld(now: number): void {
    for (const [client, bannedAt] of this.#banned) {
      if (bannedAt + this.options.windowMs > now && this.#banned.size < MAX_REMEMBERED) return;
      this.#banned.delete(client);
    }
  }
}
