/** Places at the front that are free again are given back once there are so many, and they are half of all. */
const COMPACT_AT = 64;

/**
 * First in, first out. Takes memory only while something is in it, because every peer has several and most are idle.
 *
 * @internal
 */
export class Fifo<T> {
  #items: (T | undefined)[] | undefined;
  #first = 0;

  get length(): number {
    return this.#items === undefined ? 0 : this.#items.length - this.#first;
  }

  /** What comes out next, if there is anything. */
  get next(): T | undefined {
    return this.#items?.[this.#first];
  }

  push(item: T): void {
    if (this.#items === undefined) this.#items = [item];
    else this.#items.push(item);
  }

  /** Takes what came first. */
  shift(): T | undefined {
    const items = this.#items;
    if (items === undefined) return undefined;
    const item = items[this.#first];
    items[this.#first++] = undefined;
    if (this.#first === items.length) {
      this.#items = undefined;
      this.#first = 0;
    } else if (this.#first >= COMPACT_AT && this.#first * 2 >= items.length) {
      items.splice(0, this.#first);
      this.#first = 0;
    }
    return item;
  }

  /** Takes one out of its turn. @returns whether it was in */
  remove(item: T): boolean {
    if (this.length > 0 && this.next === item) {
      this.shift();
      return true;
    }
    const place = this.#items?.indexOf(item, this.#first) ?? -1;
    if (place < 0) return false;
    this.#items!.splice(place, 1); // it wasn't the first, so something is left
    return true;
  }

  /** Takes everything, in order. */
  takeAll(): T[] {
    const items = (this.#items?.slice(this.#first) ?? []) as T[];
    this.#items = undefined;
    this.#first = 0;
    return items;
  }
}
