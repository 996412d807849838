import type { Command } from '../../wire/messages.js';
import type { Direction } from './command-counter.js';
import type { CommandStatistics } from './peer-statistics.js';

/**
 * One counter for every command and direction that came up, made on first use.
 *
 * @internal
 */
export class CounterTable<T> {
  readonly #in = new Map<string, T>();
  readonly #out = new Map<string, T>();
  readonly #make: (command: Command | 'unknown', direction: Direction) => T;

  constructor(make: (command: Command | 'unknown', direction: Direction) => T) {
    this.#make = make;
  }

  of(command: Command | 'unknown', direction: Direction): T {
    const counters = direction === 'in' ? this.#in : this.#out;
    let counter = counters.get(command);
    if (counter === undefined) {
      counter = this.#make(command, direction);
      counters.set(command, counter);
    }
    return counter;
  }

  *[Symbol.iterator](): Iterator<T> {
    yield* this.#in.values();
    yield* this.#out.values();
  }
}

/** By command, incoming before outgoing: an order that doesn't depend on what came first. */
export function inOrder<T extends CommandStatistics>(statistics: readonly T[]): T[] {
  return statistics.toSorted((a, b) => compare(a.command, b.command) || compare(a.direction, b.direction));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
