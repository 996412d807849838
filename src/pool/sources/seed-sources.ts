import { Logger } from '@nestjs/common';
import { isIP } from 'node:net';
import type { Clock } from '../../environment/clock.js';
import type { Endpoint } from '../../environment/connection.js';
import type { RandomSource } from '../../environment/random-source.js';
import type { Resolver } from '../../environment/resolver.js';
import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';
import { backoffMs } from '../book/backoff.js';
import { SettingName, type PoolState } from '../pool-state.js';

/** Between two looks at one source: after the first up to so long, milliseconds; doubled each time. */
const BASE_WAIT_MS = 10_000;
/** It is never longer, milliseconds: a node that has nobody does little else. */
const LONGEST_WAIT_MS = 5 * 60 * 1000;
/** How long a name may take, milliseconds. */
const RESOLVE_WITHIN_MS = 10_000;

/** Where addresses come from when the book has none that answers, in the order in which they are asked. */
export type SeedSource = 'file' | 'names';

/** How often a source was asked in vain, and when it may be asked again, milliseconds since 1970. */
interface Backoff {
  failures: number;
  nextAtMs: number;
}

/** What {@link SeedSources} works with. */
export interface SeedSourcesParts {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly resolver: Resolver;
  readonly state: PoolState;
  readonly signal: AbortSignal;
  /** Reads the seeds anew. */
  readonly readSeeds: () => Promise<readonly Endpoint[]>;
  /** Takes addresses in. @param source what they were found by */
  readonly found: (addresses: readonly Endpoint[], source: SeedSource) => void;
}

/**
 * Gets a node back that has lost everybody: reads the seed file again, then asks DNS for what its names mean. Each has a
 * backoff of its own, kept in the store, so that restarts don't hammer them.
 *
 * @internal
 */
export class SeedSources {
  readonly #logger = new Logger('PeerPool');
  readonly #parts: SeedSourcesParts;
  #backoffs: Record<SeedSource, Backoff> | undefined;
  #asking = false;

  constructor(parts: SeedSourcesParts) {
    this.#parts = parts;
  }

  /** Asks the first source that may be asked, if there is one. Never throws; what is found comes later. */
  ask(): void {
    if (this.#asking) return;
    const now = this.#parts.clock.now();
    const backoffs = this.#load();
    const source = (['file', 'names'] as const).find((name) => backoffs[name].nextAtMs <= now);
    if (source === undefined) return;
    this.#rest(source);
    this.#asking = true;
    void this.#askSource(source).finally(() => (this.#asking = false));
  }

  /** Somebody answers: the next time begins anew. */
  healed(): void {
    const { file, names } = this.#load();
    if (file.failures + names.failures === 0) return;
    this.#backoffs = unasked();
    this.#save();
  }

  async #askSource(source: SeedSource): Promise<void> {
    const { readSeeds, found, signal } = this.#parts;
    try {
      const seeds = await readSeeds();
      const addresses = source === 'file' ? seeds : await this.#resolve(seeds);
      if (!signal.aborted && addresses.length > 0) found(addresses, source);
    } catch (error) {
      if (error instanceof NeoPeerError) this.#logger.warn(`seeds can't be read: ${error.message}`);
      else this.#logger.error(error);
    }
  }

  async #resolve(seeds: readonly Endpoint[]): Promise<readonly Endpoint[]> {
    const names = seeds.filter(({ host }) => isIP(host) === 0);
    const answers = await Promise.all(names.map((seed) => this.#addressesOf(seed)));
    return answers.flat();
  }

  /** None where the name has none now. */
  async #addressesOf({ host, port }: Endpoint): Promise<readonly Endpoint[]> {
    const { resolver, signal } = this.#parts;
    try {
      const hosts = await resolver.resolve(host, { signal, timeoutMs: RESOLVE_WITHIN_MS });
      return hosts.map((address) => ({ host: address, port }));
    } catch (error) {
      if (!(error instanceof NeoPeerError)) this.#logger.error(error);
      return [];
    }
  }

  #rest(source: SeedSource): void {
    const { clock, random } = this.#parts;
    const backoff = this.#load()[source];
    backoff.failures++;
    const waitMs = backoffMs(backoff.failures, random, { baseMs: BASE_WAIT_MS, capMs: LONGEST_WAIT_MS });
    backoff.nextAtMs = clock.now() + waitMs;
    this.#save();
  }

  /** A time far ahead is of a clock that was wrong: no wait is longer than the longest. */
  #load(): Record<SeedSource, Backoff> {
    if (this.#backoffs !== undefined) return this.#backoffs;
    const backoffs = parsed(this.#parts.state.setting(SettingName.seedBackoff)) ?? unasked();
    const latest = this.#parts.clock.now() + LONGEST_WAIT_MS;
    for (const backoff of Object.values(backoffs)) backoff.nextAtMs = Math.min(backoff.nextAtMs, latest);
    return (this.#backoffs = backoffs);
  }

  #save(): void {
    this.#parts.state.set(SettingName.seedBackoff, JSON.stringify(this.#backoffs));
  }
}

function unasked(): Record<SeedSource, Backoff> {
  return { file: { failures: 0, nextAtMs: 0 }, names: { failures: 0, nextAtMs: 0 } };
}

/** Undefined for what isn't ours. */
function parsed(text: string | undefined): Record<SeedSource, Backoff> | undefined {
  if (text === undefined) return undefined;
  try {
    const { file, names } = (JSON.parse(text) ?? {}) as Partial<Record<SeedSource, Partial<Backoff>>>;
    const backoffs = [file, names].map((given) => ({ failures: given?.failures, nextAtMs: given?.nextAtMs }));
    const [a, b] = backoffs;
    if (!isBackoff(a) || !isBackoff(b)) return undefined;
    return { file: a, names: b };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isBackoff(given: Partial<Record<keyof Backoff, unknown>> | undefined): given is Backoff {
  return Number.isSafeInteger(given?.failures) && Number.isSafeInteger(given?.nextAtMs);
}
