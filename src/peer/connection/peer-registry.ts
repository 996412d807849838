import type { Clock } from '../../environment/clock.js';
import type { DisconnectReason } from '../../persistence/disconnect-reason.js';
import type { Peer } from '../peer.js';

/** A peer as its module sees it. */
export interface LivePeer extends Peer {
  /** Reads no more, and asks for nothing: what has come is handled, and answers still go out. One that isn't ready ends. */
  stopReading(): void;
  /** Resolves when everything that has come was handled. */
  handled(): Promise<void>;
  /** Ends the connection after what is queued was written, or after that many milliseconds. */
  disconnectWithin(reason: DisconnectReason, ms: number): Promise<void>;
}

/**
 * All peers of a module that aren't closed, and whatever makes new ones.
 *
 * @internal
 */
export class PeerRegistry {
  readonly #clock: Clock;
  readonly #peers = new Set<LivePeer>();
  readonly #sources = new Set<() => void | Promise<void>>();
  #lastId = 0;
  #stopped: Promise<void> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The module is stopping, or has stopped: no new peers. */
  get isStopping(): boolean {
    return this.#stopped !== undefined;
  }

  /** Those that are not closed, in the order they were made. */
  get peers(): readonly Peer[] {
    return [...this.#peers];
  }

  nextId(): number {
    return ++this.#lastId;
  }

  add(peer: LivePeer): void {
    this.#peers.add(peer);
  }

  remove(peer: LivePeer): void {
    this.#peers.delete(peer);
  }

  /**
   * Remembers what makes new peers (a listener, a dial under way) until it is done.
   *
   * @param stop ends it, when the module stops
   * @returns to be called when it has ended by itself
   */
  addSource(stop: () => void | Promise<void>): () => void {
    this.#sources.add(stop);
    return () => void this.#sources.delete(stop);
  }

  /**
   * Ends everything, in order: no new peers and no more reading; inboxes are handled, then outboxes written; the
   * connections close with `shutdown`. After `drainMs` milliseconds what is left is dropped. A second call gives the
   * same promise.
   */
  shutdown(drainMs: number): Promise<void> {
    return (this.#stopped ??= Promise.resolve().then(() => this.#shutdown(drainMs)));
  }

  async #shutdown(drainMs: number): Promise<void> {
    const endsAt = this.#clock.monotonic() + drainMs;
    const sources = Promise.all([...this.#sources].map(async (stop) => stop()));
    sources.catch(() => undefined); // thrown below, when all the rest has ended
    for (const peer of this.#peers) peer.stopReading();
    await this.#within(drainMs, Promise.all([...this.#peers].map((peer) => peer.handled())));
    const left = Math.max(0, endsAt - this.#clock.monotonic());
    await Promise.all([...this.#peers].map((peer) => peer.disconnectWithin('shutdown', left)));
    await sources;
  }

  async #within(ms: number, work: Promise<unknown>): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = this.#clock.setTimeout(resolve, ms);
      work.finally(() => timer.cancel()).then(() => resolve(), reject);
    });
  }
}
