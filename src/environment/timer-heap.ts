/** What a {@link TimerHeap} keeps in order. */
export interface HeapTimer {
  /** When it is due. */
  dueMs: number;
  /** Among those due at the same time: the lower comes first. */
  order: number;
  /** Where it stands; -1 for nowhere. The heap's own. */
  place: number;
}

/**
 * Timers, the next one at hand. A binary heap that knows where each stands: a network of hundreds of nodes sets and cancels
 * tens of thousands, and a sorted list would move half of them each time.
 *
 * @internal
 */
export class TimerHeap<T extends HeapTimer> {
  readonly #timers: T[] = [];

  get size(): number {
    return this.#timers.length;
  }

  /** The one that is due first. */
  get first(): T | undefined {
    return this.#timers[0];
  }

  add(timer: T): void {
    this.#timers.push(timer);
    this.#rise(timer, this.#timers.length - 1);
  }

  /** Takes a timer out. @returns whether it was in */
  remove(timer: T): boolean {
    const { place } = timer;
    if (place < 0 || this.#timers[place] !== timer) return false;
    const last = this.#timers.pop()!;
    timer.place = -1;
    if (last === timer) return true;
    this.#rise(last, place);
    this.#sink(last, last.place);
    return true;
  }

  #rise(timer: T, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#timers[above]!;
      if (!isBefore(timer, parent)) break;
      this.#put(parent, place);
      place = above;
    }
    this.#put(timer, place);
  }

  #sink(timer: T, from: number): void {
    let place = from;
    for (let below = this.#childOf(place); below > 0; below = this.#childOf(place)) {
      const child = this.#timers[below]!;
      if (!isBefore(child, timer)) break;
      this.#put(child, place);
      place = below;
    }
    this.#put(timer, place);
  }

  /** The earlier of the two below that place; 0 where there is none. */
  #childOf(place: number): number {
    const left = 2 * place + 1;
    if (left >= this.#timers.length) return 0;
    const right = left + 1;
    return right < this.#timers.length && isBefore(this.#timers[right]!, this.#timers[left]!) ? right : left;
  }

  #put(timer: T, place: number): void {
    this.#timers[place] = timer;
    timer.place = place;
  }
}

function isBefore(a: HeapTimer, b: HeapTimer): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}
