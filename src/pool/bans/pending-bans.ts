import type { Ban } from '../../persistence/ban.js';

/**
 * Removals that are remembered until they are saved. Remotes make bans, and all of them end, so a store that is away for
 * long must not fill the memory. Over it the oldest is forgotten: most likely its ban is over, and nobody misses it.
 *
 * @internal
 */
export const MAX_REMOVALS = 20_000;

/**
 * What there is to save of bans.
 *
 * @internal
 */
export interface TakenBans {
  readonly put: readonly Ban[];
  /** Subjects. */
  readonly removed: readonly string[];
}

/**
 * Subjects whose bans changed since the last save. It holds no bans: what is saved is what a subject has when it is taken,
 * so a change that comes back from a failed save can't undo a newer one.
 *
 * @internal
 */
export class PendingBans {
  #put = new Set<string>();
  #removed = new Set<string>();

  /** The subject has a new ban. */
  put(subject: string): void {
    this.#removed.delete(subject);
    this.#put.add(subject);
  }

  /** The subject has no ban any more. */
  remove(subject: string): void {
    this.#put.delete(subject);
    this.#removed.add(subject);
    const [oldest] = this.#removed;
    if (this.#removed.size > MAX_REMOVALS) this.#removed.delete(oldest!);
  }

  /** What the store has of the subject is what there is. */
  settle(subject: string): void {
    this.#put.delete(subject);
    this.#removed.delete(subject);
  }

  /** Whether the subject has a ban that is not saved. */
  isPut(subject: string): boolean {
    return this.#put.has(subject);
  }

  /** All changes, which count as saved from now on. */
  take(banOf: (subject: string) => Ban | undefined): TakenBans {
    const put = [...this.#put].map(banOf).filter((ban) => ban !== undefined);
    const removed = [...this.#removed];
    this.#put = new Set();
    this.#removed = new Set();
    return { put, removed };
  }

  /** They could not be saved: their subjects have changed again, to whatever they have now. */
  giveBack(taken: TakenBans, banOf: (subject: string) => Ban | undefined): void {
    for (const subject of [...taken.removed, ...taken.put.map((ban) => ban.subject)]) {
      if (banOf(subject) === undefined) this.remove(subject);
      else this.put(subject);
    }
  }
}
