import { plainHost } from '../../environment/address.js';
import type { Clock } from '../../environment/clock.js';
import type { Endpoint } from '../../environment/connection.js';
import type { ResolvedPoolOptions } from '../../config/pool-options.js';
import { InboundRefusal } from '../../peer/connection/inbound-refusal.js';
import type { PeerEventBus } from '../../peer/events/peer-event-bus.js';
import { clientOf, groupOf } from '../addresses/address-group.js';
import type { ExemptList } from '../addresses/exempt-list.js';
import type { BanList } from '../bans/ban-list.js';
import type { Link } from '../links/link.js';
import type { LinkTable } from '../links/link-table.js';
import { GroupRates } from '../rates/group-rates.js';
import { TokenBucket } from '../rates/token-bucket.js';
import { whomToEvict, type Merits } from './eviction.js';

/** How many connections may be accepted at once, in seconds of the rate. */
const BURST_SECONDS = 2;

/** The part of the rate that one group may use. */
const GROUP_SHARE = 0.25;

/** What {@link InboundGate} works with. */
export interface InboundGateParts {
  readonly options: Pick<ResolvedPoolOptions, 'maxInbound' | 'maxPerAddress' | 'maxPerGroup' | 'acceptPerSecond'>;
  readonly clock: Clock;
  readonly exempt: ExemptList;
  readonly bans: BanList;
  readonly links: LinkTable;
  readonly events: PeerEventBus;
  readonly meritsOf: (link: Link) => Merits;
}

/**
 * Who may connect to us.
 *
 * @internal
 */
export class InboundGate {
  readonly #parts: InboundGateParts;
  readonly #rate: TokenBucket;
  readonly #groupRates: GroupRates;
  readonly #refused = new Map<InboundRefusal, number>();
  /** Told to go, but still counted: their connections are closing. */
  readonly #leaving = new Set<Link>();
  #evicted = 0;

  constructor(parts: InboundGateParts) {
    const { acceptPerSecond } = parts.options;
    this.#parts = parts;
    const burst = Math.max(1, acceptPerSecond * BURST_SECONDS);
    this.#rate = new TokenBucket(acceptPerSecond, burst, parts.clock.monotonic());
    this.#groupRates = new GroupRates(acceptPerSecond * GROUP_SHARE, Math.max(1, burst * GROUP_SHARE));
    parts.events.on('refusedInbound', ({ reason }) => this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + 1));
  }

  /** Connections turned away so far, by reason, also while the module stops. */
  get refused(): Readonly<Record<InboundRefusal, number>> {
    const counts = Object.values(InboundRefusal).map((reason) => [reason, this.#refused.get(reason) ?? 0]);
    return Object.fromEntries(counts) as Record<InboundRefusal, number>;
  }

  /** Peers that had to go for newcomers so far. */
  get evicted(): number {
    return this.#evicted;
  }

  /** Why somebody who has connected is turned away; if nothing speaks against it, a place is free then. */
  refusal(remote: Endpoint): Exclude<InboundRefusal, 'shutdown'> | undefined {
    return this.#refusal(plainHost(remote.host));
  }

  /** A link has gone. */
  gone(link: Link): void {
    this.#leaving.delete(link);
  }

  #refusal(host: string): Exclude<InboundRefusal, 'shutdown'> | undefined {
    const { options, bans, exempt, links, clock } = this.#parts;
    if (bans.decide(host) !== undefined) return 'banned';
    if (!exempt.has(host)) {
      if (links.inboundFrom(clientOf(host)) >= options.maxPerAddress) return 'address-limit';
      if (links.inboundFromGroup(groupOf(host)) >= options.maxPerGroup) return 'group-limit';
      // Last, so that somebody who may not come anyway doesn't use up what others need.
      if (!this.#groupRates.take(groupOf(host), clock.monotonic())) return 'rate';
      if (!this.#rate.take(clock.monotonic())) return 'rate';
    }
    if (links.count('inbound') - this.#leaving.size < options.maxInbound) return undefined;
    return this.#makeRoom() ? undefined : 'full';
  }

  #makeRoom(): boolean {
    const { links, meritsOf, events, clock } = this.#parts;
    const staying = [...links].filter((link) => !this.#leaving.has(link));
    const evicted = whomToEvict(staying, meritsOf, clock.now());
    if (evicted?.peer === undefined) return false;
    this.#evicted++;
    this.#leaving.add(evicted);
    void evicted.peer.disconnect('evicted');
    events.emit('evicted', evicted.peer);
    return true;
  }
}
