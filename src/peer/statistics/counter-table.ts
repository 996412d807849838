import type { Command } from '../../wire/messages.js';
import { CommandCounter, type Direction } from './command-counter.js';
import type { CommandStatistics } from './peer-statistics.js';

/**
 * The sums over all peers: one counter for every command and direction that came up, made on first use.
 *
 * @internal
 */
export class CounterTable {
  readonly #in = new Map<string, CommandCounter>();
  readonly #out = new Map<string, CommandCounter>();
  readonly #beganAtMs: number;

  /** @param nowMs milliseconds since 1970 */
  constructor(nowMs: number) {
    this.#beganAtMs = nowMs;
  }

  of(command: Command | 'unknown', direction: Direction): CommandCounter {
    const counters = direction === 'in' ? this.#in : this.#out;
    let counter = counters.get(command);
    if (counter === undefined) {
      counter = new CommandCounter(command, direction, this.#beganAtMs);
      counters.set(command, counter);
    }
    return counter;
  }

  *[Symbol.iterator](): Iterator<CommandCounter> {
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
