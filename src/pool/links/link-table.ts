import type { Clock } from '../../environment/clock.js';
import { formatAddress } from '../../environment/address.js';
import type { Endpoint } from '../../environment/connection.js';
import type { Peer } from '../../peer/peer.js';
import { clientOf, groupOf } from '../addresses/address-group.js';
import type { ExemptList } from '../addresses/exempt-list.js';
import type { Link, LinkKind } from './link.js';

type MutableLink = { -readonly [K in keyof Link]: Link[K] };

/** What {@link LinkTable} works with. */
export interface LinkTableParts {
  readonly clock: Clock;
  readonly exempt: ExemptList;
}

/**
 * Every connection of the module and every dial of the pool, each once: the one place that knows who is connected. All
 * numbers are derived from it.
 *
 * @internal
 */
export class LinkTable implements Iterable<Link> {
  readonly #parts: LinkTableParts;
  readonly #links = new Set<MutableLink>();
  readonly #byPeer = new Map<Peer, MutableLink>();
  /** Of peers that have closed, for as long as somebody holds them. */
  readonly #closed = new WeakMap<Peer, MutableLink>();
  /** Dials of the pool under way, and outbound links, by `host:port` as dialled. */
  readonly #byAddress = new Map<string, MutableLink>();
  readonly #inboundByClient = new Map<string, number>();
  readonly #inboundByGroup = new Map<string, number>();
  #inbound = 0;

  constructor(parts: LinkTableParts) {
    this.#parts = parts;
  }

  [Symbol.iterator](): IterableIterator<Link> {
    return this.#links.values();
  }

  /** The link of a peer that isn't closed. */
  of(peer: Peer): Link | undefined {
    return this.#byPeer.get(peer);
  }

  /** The link of a peer; if that is closed, as it was at its end. For those who find out later what the peer did. */
  lastOf(peer: Peer): Link | undefined {
    return this.#byPeer.get(peer) ?? this.#closed.get(peer);
  }

  /** The link that was dialled at this address. */
  at(address: Endpoint): Link | undefined {
    return this.#byAddress.get(formatAddress(address));
  }

  /** How many there are of a kind, those under way included. */
  count(kind: LinkKind): number {
    if (kind === 'inbound') return this.#inbound;
    let count = 0;
    for (const link of this.#links) if (link.kind === kind) count++;
    return count;
  }

  /** Ready peers, those that became so first at the front. */
  get ready(): readonly Peer[] {
    return [...this.#links]
      .filter(({ state }) => state === 'ready')
      .toSorted((a, b) => a.readyAtMs! - b.readyAtMs!)
      .map(({ peer }) => peer!);
  }

  /** Inbound links from one address. Exempt ones don't count. */
  inboundFrom(client: string): number {
    return this.#inboundByClient.get(client) ?? 0;
  }

  /** Inbound links from one group. Exempt ones don't count. */
  inboundFromGroup(group: string): number {
    return this.#inboundByGroup.get(group) ?? 0;
  }

  /** A dial of the pool begins. @throws TypeError when that address is dialled or connected already */
  dialling(address: Endpoint, kind: Exclude<LinkKind, 'inbound' | 'manual'>): Link {
    const key = formatAddress(address);
    if (this.#byAddress.has(key)) throw new TypeError(`${key} is dialled or connected already`);
    const link = this.#make(kind, address, undefined);
    this.#byAddress.set(key, link);
    this.#links.add(link);
    return link;
  }

  /**
   * Somebody wants to be connected to this address at all times, from now on.
   *
   * @returns its link, if there is one that is ready and no feeler's, which will end
   */
  keep(address: Endpoint): Link | undefined {
    const link = this.#byAddress.get(formatAddress(address));
    if (link?.peer?.state !== 'ready' || link.kind === 'feeler') return undefined;
    return Object.assign(link, { kind: 'kept' });
  }

  /** A dial came to nothing. Harmless for a link that has gone. */
  gaveUp(link: Link): void {
    if (this.#links.has(link)) this.#remove(link);
  }

  /** A connection stands. @param address as it was dialled; undefined for an inbound one */
  connected(peer: Peer, address: Endpoint | undefined): Link {
    if (peer.direction === 'inbound') {
      const link = this.#make('inbound', undefined, peer);
      this.#countInbound(link, 1);
      return this.#put(link, peer);
    }
    const dialled = address && this.#byAddress.get(formatAddress(address));
    if (dialled === undefined || dialled.peer !== undefined) return this.#put(this.#manual(peer, address), peer);
    Object.assign(dialled, { state: 'negotiating', peer, ...this.#whereIs(peer.remoteAddress.host) });
    return this.#put(dialled, peer);
  }

  /** The version of a peer came. */
  introduced(peer: Peer, nonce: number): void {
    const link = this.#byPeer.get(peer);
    if (link !== undefined) link.nonce = nonce;
  }

  becameReady(peer: Peer): Link | undefined {
    const link = this.#byPeer.get(peer);
    if (link === undefined) return undefined;
    return Object.assign(link, { state: 'ready', readyAtMs: this.#parts.clock.now() });
  }

  /** A peer has closed. @returns its link, as it was */
  gone(peer: Peer): Link | undefined {
    const link = this.#byPeer.get(peer);
    if (link === undefined) return undefined;
    this.#remove(link);
    this.#closed.set(peer, link);
    return link;
  }

  #make(kind: LinkKind, address: Endpoint | undefined, peer: Peer | undefined): MutableLink {
    const host = peer?.remoteAddress.host ?? address!.host;
    return {
      kind,
      state: peer === undefined ? 'dialling' : 'negotiating',
      address,
      peer,
      ...this.#whereIs(host),
      sinceMs: this.#parts.clock.now(),
      readyAtMs: undefined,
      nonce: undefined,
    };
  }

  #manual(peer: Peer, address: Endpoint | undefined): MutableLink {
    const link = this.#make('manual', address ?? peer.remoteAddress, peer);
    const key = formatAddress(link.address!);
    if (!this.#byAddress.has(key)) this.#byAddress.set(key, link);
    return link;
  }

  #put(link: MutableLink, peer: Peer): Link {
    this.#links.add(link);
    this.#byPeer.set(peer, link);
    return link;
  }

  #whereIs(host: string): Pick<Link, 'client' | 'group' | 'isExempt'> {
    return { client: clientOf(host), group: groupOf(host), isExempt: this.#parts.exempt.has(host) };
  }

  #remove(link: MutableLink): void {
    this.#links.delete(link);
    if (link.peer !== undefined) this.#byPeer.delete(link.peer);
    if (link.kind === 'inbound') return this.#countInbound(link, -1);
    const key = formatAddress(link.address!);
    if (this.#byAddress.get(key) === link) this.#byAddress.delete(key);
  }

  #countInbound(link: Link, by: 1 | -1): void {
    this.#inbound += by;
    if (link.isExempt) return;
    addTo(this.#inboundByClient, link.client, by);
    addTo(this.#inboundByGroup, link.group, by);
  }
}

function addTo(counts: Map<string, number>, key: string, by: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
