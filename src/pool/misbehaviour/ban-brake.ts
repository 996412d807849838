import type { Clock } from '../../environment/clock.js';

/**
 * Fewer bans than this, within the window or of peers that we chose, are never too many: of three peers a single one is more
 * than a quarter.
 *
 * @internal
 */
export const FEWEST_TO_FREEZE = 3;

/** Clients that are remembered, for shares so large that nothing ever freezes. */
const MAX_REMEMBERED = 10_000;

/**
 * What a brake says: `yes`, ban; `freeze`, no, and say that bans are frozen from now on; `freeze-chosen`, likewise those of
 * clients that we chose; `frozen`, no, still.
 *
 * @internal
 */
export type BrakeVerdict = 'yes' | 'freeze' | 'freeze-chosen' | 'frozen';

/**
 * The clients that we chose: those of our automatic outbound peers, and those that somebody wants to be connected to.
 *
 * @internal
 */
export interface ChosenClients {
  /** How many are connected, the one asked about included if it still is. */
  readonly connected: number;
  /** How many automatic bans of such clients hold. */
  readonly banned: number;
}

/**
 * Keeps a node from banning its whole world. When many peers misbehave within a short time, the fault is likely ours, or a
 * change of the protocol that we don't know: then automatic bans stop for a while, and an operator has to look. One node that
 * had no brake banned 48 of its 64 peers within a minute, and did not recover.
 *
 * A change that stays would be banned away in instalments all the same, one share a window. So of the clients that we chose
 * no more than the share may be banned at any time, however long ago. Of others, who come to us, as many as like: an attacker has
 * any number of them, but few that we choose. For the same reason a freeze that these few bring about is theirs alone, and
 * shields nobody who dials us.
 *
 * @internal
 */
export class BanBrake {
  /** When each client was banned, monotonic milliseconds; the oldest first. */
  readonly #banned = new Map<string, number>();
  readonly #all = new Freeze();
  readonly #chosen = new Freeze();
  #share = 0;

  /**
   * @param options `share` of peers, 0 to 1, over which bans freeze (1 never freezes); `windowMs` in which they are counted, and for
   *   which they are frozen, milliseconds
   */
  constructor(
    private readonly clock: Clock,
    private readonly options: { readonly share: number; readonly windowMs: number },
  ) {}

  /** The share of peers that {@link allows} counted last, 0 to 1: those that are banned, with the one asked about. */
  get share(): number {
    return this.#share;
  }

  /**
   * When all bans will be allowed again, those of clients that we chose too, milliseconds since 1970; undefined if they are.
   */
  get frozenUntilMs(): number | undefined {
    const now = this.clock.monotonic();
    const ends = [this.#all, this.#chosen].filter((freeze) => freeze.holds(now)).map(({ untilMs }) => untilMs);
    return ends.length === 0 ? undefined : Math.max(...ends);
  }

  /**
   * Whether a client may be banned automatically. If so it counts as banned.
   *
   * @param client as `clientOf` says
   * @param connectedClients distinct clients that are connected, this one included if it still is
   * @param chosen given for a client that we chose
   */
  allows(client: string, connectedClients: number, chosen?: ChosenClients): BrakeVerdict {
    const now = this.clock.monotonic();
    if (this.#all.holds(now) || (chosen !== undefined && this.#chosen.holds(now))) return 'frozen';
    this.#forgetOld(now);
    this.#banned.delete(client);
    if (chosen !== undefined && this.#isTooMany(chosen.banned, chosen.connected)) {
      this.#chosen.begin(this.clock, this.options.windowMs);
      return 'freeze-chosen';
    }
    if (this.#isTooMany(this.#banned.size, connectedClients)) {
      this.#all.begin(this.clock, this.options.windowMs);
      return 'freeze';
    }
    this.#banned.set(client, now);
    return 'yes';
  }

  /** Whether one more would be too many. */
  #isTooMany(banned: number, connected: number): boolean {
    this.#share = (banned + 1) / Math.max(banned + connected, banned + 1);
    return banned + 1 >= FEWEST_TO_FREEZE && this.#share > this.options.share;
  }

  #forgetOld(now: number): void {
    for (const [client, bannedAt] of this.#banned) {
      if (bannedAt + this.options.windowMs > now && this.#banned.size < MAX_REMEMBERED) return;
      this.#banned.delete(client);
    }
  }
}

/** A time in which bans are not made. */
class Freeze {
  /** Monotonic milliseconds. */
  #until = -Infinity;
  #untilMs = 0;

  /** When the last one ends, or has ended, milliseconds since 1970. */
  get untilMs(): number {
    return this.#untilMs;
  }

  /** @param now monotonic milliseconds */
  holds(now: number): boolean {
    return now < this.#until;
  }

  begin(clock: Clock, ms: number): void {
    this.#until = clock.monotonic() + ms;
    this.#untilMs = clock.now() + ms;
  }
}
