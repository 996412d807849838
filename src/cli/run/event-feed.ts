import { formatAddress } from '../../environment/address.js';
import type { AnnouncementFollower } from '../../node/announcement-follower.js';
import type { PeerEvents } from '../../peer/events/peer-events.js';
import type { Peer } from '../../peer/peer.js';
import { banFacts } from '../ban-facts.js';
import type { RunEvent } from './run-event.js';
import type { RunReporter } from './run-reporter.js';

/**
 * Makes the node's events those of a run. It has to hear the node from its first moment on, before anything is known that
 * ought to be reported first; so what happens is held until somebody lets it go.
 *
 * @internal
 */
export class EventFeed {
  #held: RunEvent[] | undefined = [];
  #handshakes = 0;

  constructor(private readonly reporter: Pick<RunReporter, 'report'>) {}

  /** Handshakes that were completed so far. */
  get handshakes(): number {
    return this.#handshakes;
  }

  /** Reports what was held, and from now on everything as it happens. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const event of held) this.reporter.report(event);
  }

  /** Reports what happens to peers and to the pool. */
  listen(events: PeerEvents): void {
    events.on('connected', (peer) => this.#report({ event: 'connected', ...whoOf(peer) }));
    events.on('ready', (peer) => {
      this.#handshakes++;
      this.#report({ event: 'ready', ...whoOf(peer), userAgent: peer.version?.userAgent, height: peer.height });
    });
    events.on('disconnected', (peer, { reason, by }) => {
      this.#report({ event: 'disconnected', address: formatAddress(peer.remoteAddress), reason, by });
    });
    events.on('storeFailed', ({ message }) => this.#report({ event: 'storeFailed', message }));
    events.on('storeRecovered', () => this.#report({ event: 'storeRecovered' }));
    this.#listenToPool(events);
  }

  /** Reports the blocks that peers announce. */
  follow(follower: AnnouncementFollower): void {
    follower.onBlock(({ hash, index, raw, transactions }, peer) => {
      this.#report({
        event: 'block',
        hash: hash.toString(),
        index,
        size: raw.length,
        transactions: transactions.length,
        address: formatAddress(peer.remoteAddress),
      });
    });
  }

  #listenToPool(events: PeerEvents): void {
    events.on('starved', () => this.#report({ event: 'starved' }));
    events.on('healed', () => this.#report({ event: 'healed' }));
    events.on('banned', (ban) => this.#report({ event: 'banned', ...banFacts(ban) }));
    events.on('unbanned', (ban) => this.#report({ event: 'unbanned', ...banFacts(ban) }));
    events.on('banBrake', ({ share }) => this.#report({ event: 'banBrake', share }));
    events.on('evicted', (peer) => this.#report({ event: 'evicted', address: formatAddress(peer.remoteAddress) }));
    events.on('refusedInbound', ({ host, reason }) => this.#report({ event: 'refusedInbound', host, reason }));
  }

  #report(event: RunEvent): void {
    if (this.#held === undefined) this.reporter.report(event);
    else this.#held.push(event);
  }
}

function whoOf(peer: Peer): { address: string; direction: 'inbound' | 'outbound' } {
  return { address: formatAddress(peer.remoteAddress), direction: peer.direction };
}
