/**
 * Takes one out of a list whose order doesn't matter: the last one fills the gap, and no other moves.
 *
 * @returns who stands there now; undefined if nobody had to move
 * @internal
 */
export function removeAt<T>(list: T[], index: number): T | undefined {
  const last = list.pop();
  if (last === undefined || index >= list.length) return undefined;
  list[index] = last;
  return last;
}

/**
 * Up to `most` different indexes below `size`, in random order. Takes time and memory for those that are asked for.
 *
 * @param draw a random whole number from 0 up to, not including, its argument
 * @internal
 */
export function* distinctIndexes(size: number, most: number, draw: (below: number) => number): Generator<number> {
  const moved = new Map<number, number>(); // a list of all indexes that is shuffled from the front; only what moved is kept
  for (let i = 0; i < Math.min(size, most); i++) {
    const drawn = i + draw(size - i);
    yield moved.get(drawn) ?? drawn;
    moved.set(drawn, moved.get(i) ?? i);
  }
}
