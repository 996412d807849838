import { Injectable } from '@nestjs/common';
import { PeerEvents } from '../peer/events/peer-events.js';
import type { Peer } from '../peer/peer.js';

/**
 * The peers that are ready, as events tell of them.
 *
 * @internal
 */
@Injectable()
export class PeerRoster {
  readonly #ready = new Set<Peer>();
  readonly #watchers = new Set<() => void>();

  constructor(events: PeerEvents) {
    events.on('ready', (peer) => {
      this.#ready.add(peer);
      this.#tell();
    });
    events.on('disconnected', (peer) => {
      if (this.#ready.delete(peer)) this.#tell();
    });
  }

  /** Those that are ready now, in the order in which they became so. */
  get ready(): readonly Peer[] {
    return [...this.#ready];
  }

  /** Calls `changed` after a peer became ready or went. Returns the off switch. */
  watch(changed: () => void): () => void {
    const watcher = (): void => changed();
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
