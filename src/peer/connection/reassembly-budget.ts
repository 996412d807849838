import type { Clock, Timer } from '../../environment/clock.js';

/** One who holds bytes of a frame that has not arrived whole. */
export interface FrameHolder {
  /** Reads no more until {@link resume}. */
  pause(): void;
  resume(): void;
  /** Closes the connection, and so gives its bytes back. */
  evict(): void;
}

/**
 * How long peers may stay paused for want of memory, milliseconds, before the one with the largest partial frame is closed.
 * Whoever sends a frame at all sends it in seconds; who begins many large ones and ends none would hold up everybody else.
 */
export const REASSEMBLY_GRACE_MS = 10_000;

/**
 * Memory for partial frames, shared by all peers of a module.
 *
 * Over the limit, the peer with the largest partial frame among those that read is paused; all go on when there is room.
 * It can't come to a standstill: one of those who hold something always reads on (so a frame larger than the whole
 * budget arrives too, alone), and if even so there is no room for {@link REASSEMBLY_GRACE_MS}, the largest is evicted, and
 * the next, until there is. The memory in use is at most the limit, one frame, and one chunk a peer.
 *
 * @internal
 */
export class ReassemblyBudget {
  readonly #limitBytes: number;
  readonly #clock: Clock;
  readonly #held = new Map<FrameHolder, number>();
  readonly #paused = new Set<FrameHolder>();
  #total = 0;
  #grace: Timer | undefined;

  constructor(limitBytes: number, clock: Clock) {
    this.#limitBytes = limitBytes;
    this.#clock = clock;
  }

  /** Bytes held by all. */
  get total(): number {
    return this.#total;
  }

  /** How many are paused. */
  get paused(): number {
    return this.#paused.size;
  }

  /** Tells how many bytes somebody holds now; 0 when the frame is whole, or given up. */
  hold(holder: FrameHolder, bytes: number): void {
    const before = this.#held.get(holder) ?? 0;
    this.#total += bytes - before;
    if (bytes > 0) this.#held.set(holder, bytes);
    else this.#held.delete(holder);
    if (this.#total > this.#limitBytes) {
      if (bytes > before) this.#pauseLargest();
      else this.#keepOneReading();
    } else if (this.#paused.size > 0) {
      this.#resumeAll();
    }
  }

  /** Forgets somebody who has closed. */
  leave(holder: FrameHolder): void {
    this.#paused.delete(holder);
    this.hold(holder, 0);
    if (this.#paused.size === 0) this.#stopGrace();
  }

  #pauseLargest(): void {
    if (this.#held.size - this.#paused.size <= 1) return;
    const largest = this.#largest((holder) => !this.#paused.has(holder));
    if (largest === undefined) return;
    this.#paused.add(largest);
    this.#grace ??= this.#clock.setTimeout(() => this.#evictLargest(), REASSEMBLY_GRACE_MS);
    largest.pause();
  }

  #keepOneReading(): void {
    if (this.#paused.size === 0 || this.#held.size > this.#paused.size) return;
    let smallest: FrameHolder | undefined;
    for (const holder of this.#paused) {
      if (smallest === undefined || this.#held.get(holder)! < this.#held.get(smallest)!) smallest = holder;
    }
    this.#paused.delete(smallest!);
    if (this.#paused.size === 0) this.#stopGrace();
    smallest!.resume();
  }

  #resumeAll(): void {
    this.#stopGrace();
    const holders = [...this.#paused];
    this.#paused.clear();
    for (const holder of holders) holder.resume();
  }

  #evictLargest(): void {
    this.#grace = undefined;
    const largest = this.#largest(() => true);
    if (this.#paused.size === 0 || largest === undefined) return;
    largest.evict();
    this.leave(largest); // its memory goes with it, whenever it says so itself
    if (this.#paused.size > 0) {
      this.#grace ??= this.#clock.setTimeout(() => this.#evictLargest(), REASSEMBLY_GRACE_MS);
    }
  }

  #largest(counts: (holder: FrameHolder) => boolean): FrameHolder | undefined {
    let largest: FrameHolder | undefined;
    let most = -1;
    for (const [holder, bytes] of this.#held) {
      if (bytes > most && counts(holder)) [largest, most] = [holder, bytes];
    }
    return largest;
  }

  #stopGrace(): void {
    this.#grace?.cancel();
    this.#grace = undefined;
  }
}
