import { isIP } from 'node:net';
import type { Rate } from '../../config/pool-options.js';
import { plainHost } from '../../environment/address.js';
import type { Clock } from '../../environment/clock.js';
import type { PeerRecords } from '../../peer/records/peer-records.js';
import type { Peer } from '../../peer/peer.js';
import type { PeerRecord } from '../../persistence/peer-record.js';
import type { NetworkAddress } from '../../wire/common/network-address.js';
import { dialectOf } from '../../wire/messages.js';
import { clientOf } from '../addresses/address-group.js';
import type { ExemptList } from '../addresses/exempt-list.js';
import { isRoutable } from '../addresses/routable.js';
import type { BanList } from '../bans/ban-list.js';
import type { AddressBook } from '../book/address-book.js';
import type { BookRecord } from '../book/book-record.js';
import type { LinkTable } from '../links/link-table.js';
import type { OwnAddresses } from '../own-addresses.js';
import { FLOOD_FACTOR } from '../rates/request-rates.js';
import { TokenBucket } from '../rates/token-bucket.js';

/** Sources of gossip whose rate is remembered. */
const MAX_SOURCES = 10_000;
/**
 * How long everybody is given the same answer, milliseconds: whoever asks again and again, from however many addresses, learns
 * no more of the book than whoever asks once.
 */
const SAME_ANSWER_MS = 10 * 60 * 1000;
/** A book that has grown to so many times its size gives another answer at once: that of a node that has just begun helps nobody. */
const GROWTH = 1.5;

/** What {@link Gossip} works with. */
export interface GossipParts {
  readonly rate: Rate;
  readonly clock: Clock;
  readonly exempt: ExemptList;
  readonly bans: BanList;
  readonly links: LinkTable;
  readonly own: OwnAddresses;
  readonly records: PeerRecords;
  readonly book: () => AddressBook;
  /** How often we have asked a peer for addresses. */
  readonly asked: (peer: Peer) => number;
  /** Addresses were learnt. */
  readonly learnt: () => void;
  /** A peer told far more than anybody listens to. */
  readonly flooded: (peer: Peer, evidence: string) => void;
}

/** Addresses that one client has told. */
interface Source {
  readonly bucket: TokenBucket;
  /** Told above the rate since the last flood. */
  excess: number;
}

/**
 * Addresses that peers tell, and those that we tell them.
 *
 * @internal
 */
export class Gossip {
  readonly #parts: GossipParts;
  readonly #sources = new Map<string, Source>();
  /** How many of our questions to each peer are answered, or count as answered. */
  readonly #answered = new WeakMap<Peer, number>();
  #answer: readonly NetworkAddress[] = [];
  #answerUntil = -Infinity;
  #answerSize = 0;

  constructor(parts: GossipParts) {
    this.#parts = parts;
  }

  /**
   * Takes in what a peer told, as far as it isn't too much and may be dialled at all. An answer to a question of ours is never
   * too much: how many of those there are is our own doing.
   */
  hear(peer: Peer, addresses: readonly NetworkAddress[]): void {
    const { rate, clock, flooded, learnt } = this.#parts;
    const teller = plainHost(peer.remoteAddress.host);
    const source = this.#sourceOf(teller);
    const isAnswer = this.#isAnswer(peer);
    let news = 0;
    for (const address of addresses) {
      if (isAnswer || source.bucket.take(clock.monotonic())) news += this.#learn(address, teller) ? 1 : 0;
      else source.excess++;
    }
    if (source.excess > FLOOD_FACTOR * rate.burst) {
      source.excess = 0;
      flooded(peer, `more than ${FLOOD_FACTOR * rate.burst} addresses above the rate`);
    }
    if (news > 0) learnt();
  }

  /** What is told to whoever asks: connected peers first, then others out of the book. At most as many as a message holds. */
  tell(peer: Peer): readonly NetworkAddress[] {
    const { clock, book, links } = this.#parts;
    const now = clock.monotonic();
    const size = book().size + links.ready.length;
    if (now >= this.#answerUntil || size >= this.#answerSize * GROWTH) {
      this.#answer = this.#compose(dialectOf(peer.dialect).limits.addresses);
      this.#answerUntil = now + SAME_ANSWER_MS;
      this.#answerSize = size;
    }
    const asker = peer.dialAddress;
    const isAsker = ({ host, port }: NetworkAddress): boolean => port === asker?.port && host === plainHost(asker.host);
    // Somebody may have been banned since; and nobody needs to hear of themselves.
    return this.#answer.filter((address) => this.#mayTell(address) && !isAsker(address));
  }

  /**
   * Whether a message answers a question of ours. The next question may go out before the answer to the last one is heard, so
   * one more than the last may be open; others count as answered, so that silence saves up nothing.
   */
  #isAnswer(peer: Peer): boolean {
    const asked = this.#parts.asked(peer);
    const answered = this.#answered.get(peer) ?? 0;
    if (asked <= answered) return false;
    this.#answered.set(peer, Math.max(answered + 1, asked - 1));
    return true;
  }

  #learn({ host: told, port }: NetworkAddress, teller: string): boolean {
    const { exempt, own, bans, records, book } = this.#parts;
    const host = plainHost(told);
    const address = { host, port };
    if (port === 0 || isIP(host) === 0 || !(isRoutable(host) || exempt.has(host))) return false;
    if (own.has(address) || bans.decide(host) !== undefined) return false;
    const known = records.find(address);
    if (known === undefined) {
      const { row } = records.learn(address, teller);
      if (book().has(row)) return true;
      records.forget(address);
      return false;
    }
    if (known.learntFrom !== teller) this.#toldAgain(address, teller);
    return false;
  }

  #toldAgain(address: { readonly host: string; readonly port: number }, teller: string): void {
    const { records, book } = this.#parts;
    const row = records.rowOf(address);
    if (row !== undefined && book().add(row, teller) === 'another-place') records.toldAgain(address);
  }

  /**
   * Of those who have only dialled us it has those who are here now: without them a seed has nobody to tell of, and a network that
   * starts takes twice as long to connect. Once they are gone they count for nothing, like all that nobody has reached.
   */
  #compose(most: number): readonly NetworkAddress[] {
    const told = new Map<string, NetworkAddress>();
    for (const peer of this.#parts.links.ready) {
      const address = peer.dialAddress;
      if (address === undefined || !this.#mayTell(address)) continue;
      const { capabilities, services } = dialectOf(peer.dialect).remoteFacts(peer.version!);
      const host = plainHost(address.host);
      const timestamp = unixSeconds(peer.lastSeenAtMs);
      told.set(`${host} ${address.port}`, {
        host,
        port: address.port,
        timestamp,
        services,
        ...(capabilities.length > 0 && { capabilities }),
      });
    }
    const others = this.#parts
      .book()
      .sample(most, (record) => this.#mayTell(record) && record.lastSuccessAtMs !== null);
    for (const record of others) {
      const key = `${record.host} ${record.port}`;
      if (!told.has(key)) told.set(key, addressOf(record, this.#parts.records));
    }
    return [...told.values()].slice(0, most);
  }

  #mayTell({ host, port }: { readonly host: string; readonly port: number }): boolean {
    const { exempt, bans } = this.#parts;
    const plain = plainHost(host);
    if (port === 0 || isIP(plain) === 0) return false;
    return (isRoutable(plain) || exempt.has(plain)) && bans.decide(plain) === undefined;
  }

  #sourceOf(host: string): Source {
    const { rate, clock } = this.#parts;
    const client = clientOf(host);
    const known = this.#sources.get(client);
    if (known !== undefined) return known;
    const source = { bucket: new TokenBucket(rate.perSecond, rate.burst, clock.monotonic()), excess: 0 };
    this.#sources.set(client, source);
    if (this.#sources.size > MAX_SOURCES) {
      const [oldest] = this.#sources.keys();
      this.#sources.delete(oldest!);
    }
    return source;
  }
}

function addressOf(record: BookRecord, records: PeerRecords): NetworkAddress {
  const row: PeerRecord | undefined = records.find(record);
  const timestamp = unixSeconds(record.lastSeenAtMs ?? record.lastSuccessAtMs ?? record.firstSeenAtMs);
  return { host: record.host, port: record.port, timestamp, services: row?.services ?? 1n };
}

function unixSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
