import type { LinkConditions } from './memory-network-options.js';
import { SeededRandom } from './seeded-random.js';

/** FNV-1a, 32 bits (RFC 9923): spreads names over seeds. */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * How long things travel between any two hosts, and how often they are lost.
 *
 * @internal
 */
export class LinkWeather {
  readonly #usual: LinkConditions;
  readonly #seed: number;
  readonly #special = new Map<string, LinkConditions>();
  #longestMs = 0;

  constructor(seed: number, usual: LinkConditions) {
    this.#seed = seed;
    this.#usual = usual;
  }

  /** The longest that anything has travelled so far, milliseconds. */
  get longestMs(): number {
    return this.#longestMs;
  }

  /** Other conditions between two hosts from now on, in both directions. */
  set(one: string, other: string, conditions: LinkConditions): void {
    this.#special.set(pairOf(one, other), conditions);
  }

  /** How long the next chunk travels, milliseconds. @param random decides the jitter */
  travelMs(one: string, other: string, random: SeededRandom): number {
    const { latencyMs = 0, latencySpreadMs = 0, jitterMs = 0 } = this.#between(one, other);
    const usualMs = latencyMs + (latencySpreadMs > 0 ? this.#own(latencySpreadMs, pairOf(one, other)) : 0);
    const ms = jitterMs > 0 ? usualMs + random.integer(Math.floor(jitterMs) + 1) : usualMs;
    this.#longestMs = Math.max(this.#longestMs, ms);
    return ms;
  }

  /** Whether the next thing is lost. @param random decides it */
  loses(one: string, other: string, random: SeededRandom): boolean {
    const { loss = 0 } = this.#between(one, other);
    return loss > 0 && random.integer(2 ** 32) < loss * 2 ** 32;
  }

  #between(one: string, other: string): LinkConditions {
    const special = this.#special.size === 0 ? undefined : this.#special.get(pairOf(one, other));
    return special === undefined ? this.#usual : { ...this.#usual, ...special };
  }

  /** Whatever connects first: it follows from the names alone. */
  #own(atMostMs: number, pair: string): number {
    let hash = FNV_OFFSET ^ this.#seed;
    for (let i = 0; i < pair.length; i++) hash = Math.imul(hash ^ pair.charCodeAt(i), FNV_PRIME);
    return new SeededRandom(hash).integer(Math.floor(atMostMs) + 1);
  }
}

function pairOf(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}
