import { plainHost } from '../../environment/address.js';
import type { Clock } from '../../environment/clock.js';
import type { Endpoint } from '../../environment/connection.js';
import type { RandomSource } from '../../environment/random-source.js';
import { groupOf } from '../addresses/address-group.js';
import type { ExemptList } from '../addresses/exempt-list.js';
import { isRoutable } from '../addresses/routable.js';
import type { BanList } from '../bans/ban-list.js';
import type { AddressBook } from '../book/address-book.js';
import type { BookRecord } from '../book/book-record.js';
import type { Link } from '../links/link.js';
import type { LinkTable } from '../links/link-table.js';
import type { OwnAddresses } from '../own-addresses.js';

/** What keeps an address from being dialled now. */
export type Obstacle = 'does-not-listen' | 'connected' | 'own' | 'banned' | 'resting' | 'group';

/** What has to be known of an address. */
export type Dialable = Pick<BookRecord, 'host' | 'port' | 'nextDialAtMs'>;

/** What {@link Candidates} works with. */
export interface CandidatesParts {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly exempt: ExemptList;
  readonly bans: BanList;
  readonly links: LinkTable;
  readonly own: OwnAddresses;
  readonly book: () => AddressBook;
}

/**
 * Whom to dial next.
 *
 * @internal
 */
export class Candidates {
  readonly #parts: CandidatesParts;

  constructor(parts: CandidatesParts) {
    this.#parts = parts;
  }

  /** Somebody for an outbound slot, half of the time somebody who was reached before. */
  next(): BookRecord | undefined {
    const { book } = this.#parts;
    const taken = this.#takenGroups();
    const connected = this.#connectedAddresses();
    return book().pick('any', (record) => this.#obstacle(record, taken, connected) === undefined);
  }

  /**
   * Somebody for the slot of a peer that leaves. Only one who was reached before: there an attacker has fewer than among those
   * whom anybody may have told of.
   */
  instead(leaving: Link): BookRecord | undefined {
    const { book } = this.#parts;
    const taken = this.#takenGroups(leaving);
    const connected = this.#connectedAddresses();
    return book().pick('tried', (record) => this.#obstacle(record, taken, connected) === undefined);
  }

  /** Somebody to be tried: the one whose place in the book another one waits for, or else one who was only heard of. */
  toTry(): BookRecord | undefined {
    const { book } = this.#parts;
    const connected = this.#connectedAddresses();
    const mayTry = (record: BookRecord): boolean => this.#obstacle(record, new Set(), connected) === undefined;
    for (let contested = book().contested(); contested !== undefined; contested = book().contested()) {
      if (!connected.has(keyOf(contested))) {
        if (mayTry(contested)) return contested;
        break;
      }
      book().settle(contested, true); // it answers: we are talking with it
    }
    return book().pick('new', mayTry);
  }

  /**
   * Whether every address of the book, but for our own, has dialled us and is ready: then nobody is left who could be dialled. An
   * attacker brings it about only where the book has nobody else. False if there is none. It looks at no more addresses than
   * there are links, and ours.
   */
  haveAllDialledUs(): boolean {
    const { book, links, own } = this.#parts;
    const here = new Set<string>();
    for (const { kind, state, peer } of links) {
      const listening = kind === 'inbound' && state === 'ready' ? peer?.dialAddress : undefined;
      if (listening !== undefined) here.add(keyOf(listening));
    }
    let others = 0;
    for (const record of book()) {
      if (own.has(record)) continue;
      if (!here.has(keyOf(record))) return false;
      others++;
    }
    return others > 0;
  }

  /** Why an address isn't dialled for a slot now. */
  obstacle(record: Dialable): Obstacle | undefined {
    return this.#obstacle(record, this.#takenGroups(), this.#connectedAddresses());
  }

  #obstacle(record: Dialable, taken: ReadonlySet<string>, connected: ReadonlySet<string>): Obstacle | undefined {
    const { clock, own, bans, links } = this.#parts;
    if (record.port === 0) return 'does-not-listen';
    if ((record.nextDialAtMs ?? 0) > clock.now()) return 'resting';
    if (links.at(record) !== undefined || connected.has(keyOf(record))) return 'connected';
    if (taken.has(this.diversityGroup(record))) return 'group';
    if (own.has(record)) return 'own';
    if (bans.decide(record.host) !== undefined) return 'banned';
    return undefined;
  }

  /**
   * No two automatic peers are of the same. Where everybody is, groups say nothing of who is whose: in private networks, on
   * this machine and in exempt ranges each address is one of its own.
   */
  diversityGroup({ host, port }: Endpoint): string {
    const { exempt } = this.#parts;
    return isRoutable(host) && !exempt.has(host) ? groupOf(host) : keyOf({ host, port });
  }

  /** Groups of automatic peers, and of dials that may become such, but of one that leaves. */
  #takenGroups(leaving?: Link): ReadonlySet<string> {
    const taken = new Set<string>();
    for (const link of this.#parts.links) {
      const { kind, address, peer } = link;
      if (kind !== 'automatic' || address === undefined || link === leaving) continue;
      const host = peer?.remoteAddress.host ?? address.host;
      taken.add(this.diversityGroup({ host, port: address.port }));
    }
    return taken;
  }

  /** Where those listen who are connected to us, whoever dialled. */
  #connectedAddresses(): ReadonlySet<string> {
    const connected = new Set<string>();
    for (const { peer, address } of this.#parts.links) {
      const listening = peer?.dialAddress;
      if (listening !== undefined) connected.add(keyOf(listening));
      if (peer !== undefined && address !== undefined) {
        connected.add(keyOf({ host: peer.remoteAddress.host, port: address.port }));
      }
    }
    return connected;
  }
}

function keyOf({ host, port }: Endpoint): string {
  return `${plainHost(host)} ${port}`;
}
