import { Logger } from '@nestjs/common';
import type { Clock } from '../../environment/clock.js';
import { PeerEvents, type PeerEventMap } from './peer-events.js';

type Listener<K extends keyof PeerEventMap> = (...args: PeerEventMap[K]) => unknown;

/** One line a minute for each event: `message` comes thousands of times a second. */
const LOG_INTERVAL_MS = 60_000;

/**
 * The emitting side of {@link PeerEvents}.
 *
 * @internal
 */
export class PeerEventBus extends PeerEvents {
  readonly #logger = new Logger(PeerEvents.name);
  readonly #clock: Pick<Clock, 'monotonic'> | undefined;
  readonly #listeners: { [K in keyof PeerEventMap]?: Set<Listener<K>> } = {};
  readonly #silentUntilMs = new Map<keyof PeerEventMap, number>();

  /** @param clock limits how often listeners that throw are logged; without one each is */
  constructor(clock?: Pick<Clock, 'monotonic'>) {
    super();
    this.#clock = clock;
  }

  on<K extends keyof PeerEventMap>(event: K, listener: (...args: PeerEventMap[K]) => void): () => void {
    const listeners = (this.#listeners[event] ??= new Set<never>() as never) as Set<Listener<K>>;
    // One function registered twice is two listeners, so each registration gets a function of its own.
    const registered: Listener<K> = (...args) => listener(...args);
    listeners.add(registered);
    return () => void listeners.delete(registered);
  }

  emit<K extends keyof PeerEventMap>(event: K, ...args: PeerEventMap[K]): void {
    const listeners = this.#listeners[event];
    if (listeners === undefined || listeners.size === 0) return;
    // Whom a listener adds hears the next event, not this one.
    const registered = Array.from(listeners);
    for (const listener of registered) {
      if (!listeners.has(listener)) continue;
      try {
        const result = listener(...args);
        if (result instanceof Promise) result.catch((error: unknown) => this.#failed(event, error));
      } catch (error) {
        this.#failed(event, error);
      }
    }
  }

  #failed(event: keyof PeerEventMap, error: unknown): void {
    const nowMs = this.#clock?.monotonic() ?? Infinity;
    if (nowMs < (this.#silentUntilMs.get(event) ?? 0)) return;
    this.#silentUntilMs.set(event, nowMs + LOG_INTERVAL_MS);
    const text = error instanceof Error ? error.message : String(error);
    this.#logger.error(`a listener of '${event}' threw: ${text}`, error instanceof Error ? error.stack : undefined);
  }
}
