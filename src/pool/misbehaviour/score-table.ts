import type { Clock } from '../../environment/clock.js';
import type { Misbehaviour } from './misbehaviour.js';

/**
 * How fast scores halve, milliseconds. A fault of this morning should not count against a node tonight: after seven hours a
 * hundred points are forgotten.
 *
 * @internal
 */
export const SCORE_HALF_LIFE_MS = 3_600_000;

/**
 * Clients whose score is kept, about 5 MB. Whoever has many addresses must not fill the memory with them: over it the lowest go.
 *
 * @internal
 */
export const MAX_SCORES = 10_000;

/**
 * How often one kind of fault counts against a client, milliseconds: one cause may bring it many times within a moment, as
 * frames that were sent together do.
 *
 * @internal
 */
export const PENALTY_INTERVAL_MS = 1000;

/** Points under which a score is not worth its memory. */
const FORGOTTEN_UNDER = 1;

/** The part that goes when there are too many, so that the work of finding the lowest is shared by many additions. */
const PART_DROPPED = 1 / 16;

interface Entry {
  /** Points, with fractions, at the time beside it. */
  points: number;
  /** Monotonic milliseconds. */
  atMs: number;
  /** When each kind was counted last, monotonic milliseconds. */
  readonly countedAt: Map<Misbehaviour, number>;
}

/**
 * Points for misbehaviour by client (see `clientOf`), which halve again and again. They belong to the address and not to the
 * connection: nobody gets rid of them by connecting anew. Durations are monotonic, so setting the clock forgives nothing.
 *
 * A score is told in whole points, rounded: two faults of fifty that come within a minute make a hundred, although the first
 * has decayed a little.
 *
 * @internal
 */
export class ScoreTable {
  readonly #entries = new Map<string, Entry>();
  readonly #halfLifeMs: number;
  readonly #maximum: number;

  /** @param options `halfLifeMs`: default {@link SCORE_HALF_LIFE_MS}; `maximum` clients: default {@link MAX_SCORES} */
  constructor(
    private readonly clock: Clock,
    options: { readonly halfLifeMs?: number; readonly maximum?: number } = {},
  ) {
    this.#halfLifeMs = options.halfLifeMs ?? SCORE_HALF_LIFE_MS;
    this.#maximum = options.maximum ?? MAX_SCORES;
  }

  /** How many clients have a score, those included whose score has decayed and was not asked for since. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Adds points for one kind of misbehaviour, unless that kind was counted within the last {@link PENALTY_INTERVAL_MS}.
   *
   * @returns the score now
   */
  add(client: string, points: number, kind: Misbehaviour): number {
    const nowMs = this.clock.monotonic();
    const entry = this.#entries.get(client) ?? { points: 0, atMs: nowMs, countedAt: new Map() };
    const countedAt = entry.countedAt.get(kind) ?? -Infinity;
    if (nowMs - countedAt < PENALTY_INTERVAL_MS) return Math.round(this.#scoreOf(entry, nowMs));
    entry.countedAt.set(kind, nowMs);
    entry.points = this.#scoreOf(entry, nowMs) + points;
    entry.atMs = nowMs;
    this.#entries.set(client, entry);
    if (this.#entries.size > this.#maximum) this.#dropLowest(nowMs);
    return Math.round(entry.points);
  }

  /** The score now, 0 for those that have none. */
  of(client: string): number {
    const entry = this.#entries.get(client);
    if (entry === undefined) return 0;
    const score = this.#scoreOf(entry, this.clock.monotonic());
    if (score >= FORGOTTEN_UNDER) return Math.round(score);
    this.#entries.delete(client);
    return 0;
  }

  /** Begins anew with a client: it was banned, or its ban was lifted. */
  forget(client: string): void {
    this.#entries.delete(client);
  }

  #scoreOf({ points, atMs }: Entry, nowMs: number): number {
    return points * 2 ** ((atMs - nowMs) / this.#halfLifeMs);
  }

  /** Drops what has decayed, and the lowest until a part of the table is free again. */
  #dropLowest(nowMs: number): void {
    const scores = Float64Array.from(this.#entries.values(), (entry) => this.#scoreOf(entry, nowMs)).toSorted();
    let toDrop = Math.max(1, Math.floor(this.#maximum * PART_DROPPED));
    const highest = scores[toDrop - 1]!;
    for (const [client, entry] of this.#entries) {
      const score = this.#scoreOf(entry, nowMs);
      if (score >= FORGOTTEN_UNDER && (score > highest || toDrop <= 0)) continue;
      this.#entries.delete(client);
      toDrop--;
    }
  }
}
