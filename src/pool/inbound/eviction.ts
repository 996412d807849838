import type { Link } from '../links/link.js';

/** How many inbound peers of distinct groups are protected for each merit, as Bitcoin does it. */
const PROTECTED_BY_MERIT = 4;
/** Of those whom no merit protects, the half that has been there longest stays, as in Bitcoin. */
const PROTECTED_BY_AGE = 0.5;
/** Newcomers are spared for so long, milliseconds, where others can go: time enough to ask for addresses. */
const GRACE_MS = 10_000;

/** What counts when somebody has to go. */
export interface Merits {
  /** Points of misbehaviour. */
  readonly score: number;
  /** Blocks, transactions and headers it has given. */
  readonly served: number;
}

/**
 * Which inbound peer has to go for a newcomer: of those that nothing protects, one with the worst conduct, or else the
 * youngest of the group that has the most. Protected are the longest-lived, those with the lowest latency and those that
 * served best, each of distinct groups, and half of all others by age: an attacker would have to beat honest peers in all of it
 * from many networks. Exempt ones stay.
 *
 * @returns undefined where everybody is protected
 * @internal
 */
export function whomToEvict(links: Iterable<Link>, meritsOf: (link: Link) => Merits, nowMs: number): Link | undefined {
  const inbound = [...links].filter(({ kind, isExempt }) => kind === 'inbound' && !isExempt);
  const merits = new Map(inbound.map((link) => [link, meritsOf(link)]));
  const score = (link: Link): number => merits.get(link)!.score;
  const open = unprotected(inbound, (link) => merits.get(link)!.served);
  const worst = open.reduce((most, link) => Math.max(most, score(link)), 0);
  if (worst > 0) return youngest(open.filter((link) => score(link) === worst));
  const young = open.toSorted((a, b) => a.sinceMs - b.sinceMs).slice(Math.floor(open.length * PROTECTED_BY_AGE));
  const settled = young.filter(({ sinceMs }) => nowMs - sinceMs >= GRACE_MS);
  return youngest(largestGroup(settled.length > 0 ? settled : young));
}

/** Those without a merit. */
function unprotected(inbound: readonly Link[], served: (link: Link) => number): readonly Link[] {
  const timed = inbound.filter(({ peer }) => peer?.latencyMs !== undefined);
  const giving = inbound.filter((link) => served(link) > 0);
  const shielded = new Set([
    ...firstOfGroups(inbound, (a, b) => a.sinceMs - b.sinceMs),
    ...firstOfGroups(timed, (a, b) => a.peer!.latencyMs! - b.peer!.latencyMs!),
    ...firstOfGroups(giving, (a, b) => served(b) - served(a)),
  ]);
  return inbound.filter((link) => !shielded.has(link));
}

function firstOfGroups(links: readonly Link[], better: (a: Link, b: Link) => number): readonly Link[] {
  const groups = new Set<string>();
  const first: Link[] = [];
  for (const link of links.toSorted(better)) {
    if (groups.has(link.group)) continue;
    groups.add(link.group);
    first.push(link);
    if (first.length === PROTECTED_BY_MERIT) break;
  }
  return first;
}

/** Of equally large ones that of the youngest member. */
function largestGroup(links: readonly Link[]): readonly Link[] {
  const groups = new Map<string, Link[]>();
  let largest: readonly Link[] = [];
  for (const link of links.toSorted((a, b) => a.sinceMs - b.sinceMs)) {
    const members = groups.get(link.group) ?? [];
    members.push(link);
    groups.set(link.group, members);
    if (members.length >= largest.length) largest = members;
  }
  return largest;
}

function youngest(links: readonly Link[]): Link | undefined {
  let last = links[0];
  for (const link of links) if (link.sinceMs >= last!.sinceMs) last = link;
  return last;
}
