import { OptionsError } from '../config/options.error.js';
import { formatAddress, parseAddress } from '../environment/address.js';
import type { CallOptions } from '../environment/call-options.js';
import type { Clock } from '../environment/clock.js';
import type { Endpoint } from '../environment/connection.js';
import type { Ban } from '../persistence/ban.js';
import type { Address } from '../peer/peer-factory.js';
import type { PeerEventBus } from '../peer/events/peer-event-bus.js';
import type { Peer } from '../peer/peer.js';
import type { PeerRecords } from '../peer/records/peer-records.js';
import type { Outgoing } from '../wire/messages.js';
import { Subnet } from './addresses/subnet.js';
import { askAny } from './ask-any.js';
import { BannedError } from './bans/banned.error.js';
import { BanSubjectError } from './bans/ban-subject.error.js';
import { explainDial } from './explain-dial.js';
import { Misbehaviour } from './misbehaviour/misbehaviour.js';
import { PeerPool, type DialExplanation, type PoolStatus } from './peer-pool.js';
import type { PoolCore } from './pool-core.js';
import type { PoolKeeper } from './pool-keeper.js';

/** What {@link NetworkPool} works with. */
export interface NetworkPoolParts {
  readonly core: PoolCore;
  readonly keeper: PoolKeeper;
  readonly clock: Clock;
  readonly events: PeerEventBus;
  readonly records: PeerRecords;
  /** `timeouts.requestMs`. */
  readonly requestMs: number;
}

/**
 * What applications see of the pool.
 *
 * @internal
 */
export class NetworkPool extends PeerPool {
  readonly #parts: NetworkPoolParts;

  constructor(parts: NetworkPoolParts) {
    super();
    this.#parts = parts;
  }

  override peers(): readonly Peer[] {
    return this.#parts.core.links.ready;
  }

  override async connect(address: Address): Promise<void> {
    const endpoint = endpointOf(address);
    const ban = this.#parts.core.state.bans.decide(endpoint.host);
    if (ban !== undefined) throw new BannedError(formatAddress(endpoint), ban);
    await this.#parts.keeper.kept.keep(endpoint);
  }

  override async disconnect(address: Address): Promise<void> {
    const endpoint = endpointOf(address);
    const { core, keeper } = this.#parts;
    keeper.kept.drop(endpoint);
    await core.links.at(endpoint)?.peer?.disconnect('local');
  }

  override async ban(
    subject: string,
    { reason, forMs }: { readonly reason: string; readonly forMs: number },
  ): Promise<void> {
    const { core, clock, events } = this.#parts;
    const sinceMs = clock.now();
    const ban: Ban = {
      subject: subnetOf(subject).toString(),
      reason,
      author: 'operator',
      sinceMs,
      untilMs: sinceMs + forMs,
    };
    if (!core.state.bans.put(ban)) throw new OptionsError('forMs', forMs, 'a time that isn’t over yet');
    events.emit('banned', ban);
    core.conduct.enforce(ban);
  }

  override async unban(subject: string): Promise<void> {
    const { core, events, keeper } = this.#parts;
    for (const ban of core.state.bans.lift(subnetOf(subject))) {
      core.conduct.forgive(ban);
      events.emit('unbanned', ban);
    }
    keeper.wake();
  }

  override bans(): readonly Ban[] {
    return this.#parts.core.state.bans.list();
  }

  override explain(address: Address): DialExplanation {
    const { core, keeper, records, clock } = this.#parts;
    return explainDial(endpointOf(address), { core, keeper, records, clock });
  }

  override broadcast(message: Outgoing, { to }: { readonly to?: (peer: Peer) => boolean } = {}): number {
    let count = 0;
    for (const peer of this.peers()) if ((to === undefined || to(peer)) && peer.post(message)) count++;
    return count;
  }

  override requestFromAny<T>(
    request: (peer: Peer, options: CallOptions) => Promise<T>,
    { signal, timeoutMs = this.#parts.requestMs }: CallOptions = {},
  ): Promise<T> {
    const { clock, events } = this.#parts;
    return askAny(request, { signal, timeoutMs }, { clock, events, peers: () => this.peers() });
  }

  override report(peer: Peer, misbehaviour: Misbehaviour, evidence = 'reported by the application'): void {
    const { conduct, links } = this.#parts.core;
    if (!Object.hasOwn(Misbehaviour, misbehaviour)) {
      throw new OptionsError('misbehaviour', misbehaviour, Object.keys(Misbehaviour).join(', '));
    }
    conduct.report(peer, links.lastOf(peer), misbehaviour, evidence);
  }

  override status(): PoolStatus {
    const { core, keeper } = this.#parts;
    const { links, options, gate, conduct, state } = core;
    const all = [...links];
    const ready = all.filter((link) => link.state === 'ready');
    return {
      outbound: {
        wanted: options.outbound,
        ready: ready.filter(({ kind }) => kind === 'automatic').length,
        dialling: all.filter(({ kind, state: at }) => kind === 'automatic' && at !== 'ready').length,
      },
      kept: { wanted: keeper.kept.size, ready: ready.filter(({ kind }) => kind === 'kept').length },
      inbound: { connected: links.count('inbound'), allowed: options.maxInbound },
      groups: new Set(ready.map(({ group }) => group)).size,
      book: { known: core.book.size, tried: core.book.counts.tried },
      bans: state.bans.size,
      starvedSinceMs: keeper.starvedSinceMs,
      bansFrozenUntilMs: conduct.frozenUntilMs,
      refused: gate.refused,
      evicted: gate.evicted,
    };
  }
}

function endpointOf(address: Address): Endpoint {
  const endpoint = parseAddress(address);
  if (endpoint === undefined) throw new OptionsError('address', address, 'host:port with a port from 1 to 65535');
  return endpoint;
}

function subnetOf(subject: string): Subnet {
  const subnet = Subnet.parse(subject);
  if (subnet === undefined) throw new BanSubjectError(subject);
  return subnet;
}
