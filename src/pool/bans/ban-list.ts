import type { Clock } from '../../environment/clock.js';
import type { Ban } from '../../persistence/ban.js';
import { Subnet } from '../addresses/subnet.js';
import { SubnetTable, type SubnetEntry } from '../addresses/subnet-table.js';
import { hasEnd, isDryRun, outlasts, replaces } from './ban-rules.js';
import { BanSubjectError } from './ban-subject.error.js';
import { PendingBans, type TakenBans } from './pending-bans.js';

/**
 * Bans that are kept, about 6 MB: a remote with many addresses can earn as many. Over it the automatic ban that would end
 * first goes; an operator's never does, not even when there are no others.
 *
 * @internal
 */
export const MAX_BANS = 10_000;

/**
 * Who is banned, by address and subnet, kept in memory; what changes is taken from time to time, to be saved.
 *
 * Times are of the wall clock, since they outlive the process. A ban is over at `untilMs`.
 *
 * @internal
 */
export class BanList {
  readonly #table = new SubnetTable<Ban>();
  readonly #pending = new PendingBans();
  /** Over, or gone for want of room, and not told by {@link sweep} yet. */
  #ended: Ban[] = [];
  /** No ban ends before. */
  #earliestEndMs = Infinity;

  /** @param maximum bans that are kept. Default {@link MAX_BANS} */
  constructor(
    private readonly clock: Clock,
    private readonly maximum: number = MAX_BANS,
  ) {}

  /** How many bans there are, those that are only recorded included. */
  get size(): number {
    this.#endExpired();
    return this.#table.size;
  }

  /**
   * Takes in bans of the store; those that were put meanwhile count as newer. What is over by now is told by the next
   * {@link sweep}. Can be called once for each part of what is stored.
   *
   * @returns how many were left out because their subject can't be read, or they have no end
   */
  restore(bans: Iterable<Ban>): number {
    let unreadable = 0;
    for (const ban of bans) {
      const subnet = Subnet.parse(ban.subject);
      if (subnet === undefined || !hasEnd(ban)) unreadable++;
      else this.#restoreOne(subnet, ban);
      if (this.#table.size >= 2 * this.maximum) this.#makeRoom(); // in large steps, each of which looks at all of them
    }
    this.#makeRoom();
    return unreadable;
  }

  /**
   * Bans an address or subnet. If that has a ban already, an operator's replaces any, an automatic one never an operator's,
   * else the one that is acted upon wins, then the one that ends later.
   *
   * @returns whether it counts from now on: not if it is over already, has no end, another one stands, or there is no room
   * @throws BanSubjectError
   */
  put(ban: Ban): boolean {
    const subnet = Subnet.parse(ban.subject);
    if (subnet === undefined) throw new BanSubjectError(ban.subject);
    this.#endExpired();
    if (!hasEnd(ban) || ban.untilMs <= this.clock.now()) return false;
    const there = this.#table.get(subnet);
    if (there !== undefined && !replaces(ban, there)) return false;
    const kept = this.#keep(subnet, ban);
    this.#pending.put(kept.subject);
    this.#makeRoom();
    return this.#table.get(subnet) === kept;
  }

  /**
   * The ban that applies to a host: of all that cover it and are acted upon the one that ends last, of equal ones the most
   * specific.
   */
  decide(host: string): Ban | undefined {
    let decisive: Ban | undefined;
    for (const entry of this.#table.covering(host)) {
      const ban = entry.value;
      if (ban.untilMs <= this.clock.now()) this.#end(entry);
      else if (!isDryRun(ban) && (decisive === undefined || ban.untilMs > decisive.untilMs)) decisive = ban;
    }
    return decisive;
  }

  /** The ban of exactly this address or subnet, also one that is only recorded; none for text that is neither. */
  find(subject: string): Ban | undefined {
    const subnet = Subnet.parse(subject);
    const ban = subnet && this.#table.get(subnet);
    return ban !== undefined && ban.untilMs > this.clock.now() ? ban : undefined;
  }

  /**
   * Lifts every ban of a subnet, and of no address besides: bans inside go, and wider ones are replaced by what is left of
   * them, with the same reason, evidence, author and times.
   *
   * @returns the bans that went or were cut, as they were, in the order of {@link list}
   */
  lift(subject: Subnet): readonly Ban[] {
    this.#endExpired();
    const inside = this.#table.within(subject);
    const wider = this.#table.covering(subject).filter(({ subnet }) => !subnet.equals(subject));
    for (const entry of [...inside, ...wider]) this.#remove(entry);
    for (const { subnet, value } of wider) {
      for (const left of subnet.minus(subject)) this.#putRest(left, value);
    }
    this.#makeRoom();
    return bansOf([...inside, ...wider]);
  }

  /** All bans, also those that are only recorded: IPv4 first, then by address, the wider before the narrower. */
  list(): readonly Ban[] {
    this.#endExpired();
    return bansOf([...this.#table]);
  }

  /** The bans that are over since the last call, or that had to go for want of room, each once. */
  sweep(): readonly Ban[] {
    this.#endExpired();
    const ended = this.#ended;
    this.#ended = [];
    return ended;
  }

  /** What changed since the last time; from now on it counts as saved. */
  takeChanges(): TakenBans {
    this.#endExpired();
    return this.#pending.take((subject) => this.#banOf(subject));
  }

  /** Changes that were taken could not be saved: they will be taken again, unless there are newer ones by then. */
  giveBack(changes: TakenBans): void {
    this.#pending.giveBack(changes, (subject) => this.#banOf(subject));
  }

  #restoreOne(subnet: Subnet, ban: Ban): void {
    const isOurText = subnet.toString() === ban.subject;
    if (!isOurText) this.#pending.remove(ban.subject); // somebody wrote it into the database by hand
    const there = this.#table.get(subnet);
    if (there !== undefined) {
      const isNewer = this.#pending.isPut(there.subject);
      if (isNewer ? there.author === 'operator' || !replaces(ban, there) : !outlasts(ban, there)) return;
    }
    const kept = this.#keep(subnet, ban);
    if (isOurText) this.#pending.settle(kept.subject);
    else this.#pending.put(kept.subject);
  }

  /** Puts in what is left of a ban; if there is one of that subject already, one of the two must do. */
  #putRest(subnet: Subnet, ban: Ban): void {
    const there = this.#table.get(subnet);
    if (there !== undefined && !outlasts(ban, there)) return;
    this.#pending.put(this.#keep(subnet, ban).subject);
  }

  #keep(subnet: Subnet, ban: Ban): Ban {
    const kept = Object.freeze({ ...ban, subject: subnet.toString() });
    this.#table.set(subnet, kept);
    this.#earliestEndMs = Math.min(this.#earliestEndMs, kept.untilMs);
    return kept;
  }

  #remove({ subnet, value }: SubnetEntry<Ban>): void {
    this.#table.delete(subnet);
    this.#pending.remove(value.subject);
  }

  /** It is over, and {@link sweep} will say so; if nobody asks for long, the oldest are forgotten. */
  #end(entry: SubnetEntry<Ban>): void {
    this.#remove(entry);
    this.#ended.push(entry.value);
    if (this.#ended.length > 2 * this.maximum) this.#ended = this.#ended.slice(-this.maximum);
  }

  #endExpired(): void {
    const nowMs = this.clock.now();
    if (nowMs < this.#earliestEndMs) return;
    const expired: SubnetEntry<Ban>[] = [];
    this.#earliestEndMs = Infinity;
    for (const entry of this.#table) {
      if (entry.value.untilMs <= nowMs) expired.push(entry);
      else this.#earliestEndMs = Math.min(this.#earliestEndMs, entry.value.untilMs);
    }
    for (const entry of expired) this.#end(entry);
  }

  #makeRoom(): void {
    const excess = this.#table.size - this.maximum;
    if (excess <= 0) return;
    const automatic = [...this.#table].filter(({ value }) => value.author === 'automatic');
    for (const entry of soonest(automatic, excess)) this.#end(entry);
  }

  /** None for a subject in another text than ours, which a store may have. */
  #banOf(subject: string): Ban | undefined {
    const subnet = Subnet.parse(subject);
    const ban = subnet && this.#table.get(subnet);
    return ban?.subject === subject ? ban : undefined;
  }
}

/** The entries that end first. One is what is wanted nearly always, and needs no sorting. */
function soonest(entries: readonly SubnetEntry<Ban>[], count: number): readonly SubnetEntry<Ban>[] {
  if (count > 1) return entries.toSorted((a, b) => a.value.untilMs - b.value.untilMs).slice(0, count);
  let first = entries[0];
  for (const entry of entries) {
    if (first === undefined || entry.value.untilMs < first.value.untilMs) first = entry;
  }
  return first === undefined ? [] : [first];
}

function bansOf(entries: readonly SubnetEntry<Ban>[]): readonly Ban[] {
  return entries.toSorted((a, b) => Subnet.compare(a.subnet, b.subnet)).map(({ value }) => value);
}
