import type { Command } from '../../wire/messages.js';
import type { Peer } from '../peer.js';
import type { Direction } from './command-counter.js';
import type { CounterTable } from './counter-table.js';
import { PeerCounter } from './peer-counter.js';
import type { TrafficRecorder } from './traffic-recorder.js';

/** Who keeps {@link PeerCounters}. */
export interface PeerCountersOwner {
  readonly totals: CounterTable;
  /** Now, milliseconds since 1970. */
  now(): number;
  /** Something was counted for the first time since it was last taken. */
  changed(counters: PeerCounters): void;
}

/**
 * Everything counted of one peer.
 *
 * @internal
 */
export class PeerCounters implements TrafficRecorder {
  /** Whether anything was counted since it was last taken. */
  isChanged = false;
  readonly #owner: PeerCountersOwner;
  /** Few, and each new one seldom: a list takes a fifth of what a map does, and finds them as fast. */
  #counters: readonly PeerCounter[] = [];

  constructor(
    readonly peer: Peer,
    owner: PeerCountersOwner,
  ) {
    this.#owner = owner;
  }

  get traffic(): Peer['traffic'] {
    return { in: this.#sumsOf('in'), out: this.#sumsOf('out') };
  }

  received(command: Command | 'unknown', bytes: number): void {
    this.of(command, 'in').count(bytes, this.#owner.now());
  }

  sent(command: Command, bytes: number): void {
    this.of(command, 'out').count(bytes, this.#owner.now());
  }

  /** The counter to count something in. */
  of(command: Command | 'unknown', direction: Direction): PeerCounter {
    if (!this.isChanged) {
      this.isChanged = true;
      this.#owner.changed(this);
    }
    for (const counter of this.#counters) {
      if (counter.total.command === command && counter.total.direction === direction) return counter;
    }
    const added = new PeerCounter(this.#owner.totals.of(command, direction));
    this.#counters = [...this.#counters, added]; // exactly as long as it has to be
    return added;
  }

  [Symbol.iterator](): Iterator<PeerCounter> {
    return this.#counters[Symbol.iterator]();
  }

  #sumsOf(direction: Direction): Peer['traffic']['in'] {
    const sums = { messages: 0, bytes: 0 };
    for (const { total, messages, bytes } of this.#counters) {
      if (total.direction !== direction) continue;
      sums.messages += messages;
      sums.bytes += bytes;
    }
    return sums;
  }
}
