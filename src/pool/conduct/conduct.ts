import { Logger } from '@nestjs/common';
import { plainHost } from '../../environment/address.js';
import type { Clock } from '../../environment/clock.js';
import type { ResolvedPoolOptions } from '../../config/pool-options.js';
import type { Ban } from '../../persistence/ban.js';
import type { PeerEventBus } from '../../peer/events/peer-event-bus.js';
import type { Peer } from '../../peer/peer.js';
import { clientOf } from '../addresses/address-group.js';
import { Subnet } from '../addresses/subnet.js';
import { ChosenBans } from '../bans/chosen-bans.js';
import { EVENT_LOG } from '../event-log.js';
import type { Link, LinkKind } from '../links/link.js';
import type { LinkTable } from '../links/link-table.js';
import { BanBrake, type ChosenClients } from '../misbehaviour/ban-brake.js';
import { MISBEHAVIOUR_WEIGHTS, type Misbehaviour } from '../misbehaviour/misbehaviour.js';
import { ScoreTable } from '../misbehaviour/score-table.js';
import type { PoolState } from '../pool-state.js';

/** Longest evidence that is kept, characters: remotes choose parts of it. */
const LONGEST_EVIDENCE = 300;

/** Links to whom we chose: an attacker can't be many of them, because no two automatic peers are of one group. */
const CHOSEN: ReadonlySet<LinkKind> = new Set(['automatic', 'kept']);

/** What {@link Conduct} works with. */
export interface ConductParts {
  readonly options: Pick<ResolvedPoolOptions, 'banScore' | 'banMs' | 'dryRun' | 'brake' | 'exempt'>;
  readonly clock: Clock;
  readonly state: PoolState;
  readonly links: LinkTable;
  readonly events: PeerEventBus;
  /** Hosts to be connected to at all times, names among them. */
  readonly keptHosts: () => readonly string[];
}

/**
 * What peers do wrong, and what follows: points for their address, and at last a ban. Nothing follows for exempt addresses
 * and for those that somebody wants to be connected to at all times.
 *
 * @internal
 */
export class Conduct {
  readonly #logger = new Logger(EVENT_LOG);
  readonly #parts: ConductParts;
  readonly #scores: ScoreTable;
  readonly #brake: BanBrake;
  readonly #chosenBans: ChosenBans;

  constructor(parts: ConductParts) {
    this.#parts = parts;
    this.#scores = new ScoreTable(parts.clock);
    this.#brake = new BanBrake(parts.clock, parts.options.brake);
    this.#chosenBans = new ChosenBans(parts.state);
  }

  /** When automatic bans will be made again, milliseconds since 1970; undefined while they are. */
  get frozenUntilMs(): number | undefined {
    return this.#brake.frozenUntilMs;
  }

  /** Points now. @param client as `clientOf` says */
  scoreOf(client: string): number {
    return this.#scores.of(client);
  }

  /**
   * A peer has misbehaved.
   *
   * @param link its link, as it was at its end if it has gone; undefined if it never had one
   */
  report(peer: Peer, link: Link | undefined, kind: Misbehaviour, evidence: string): void {
    const host = plainHost(peer.remoteAddress.host);
    // By address too: a node that we keep may be the one that dialled.
    const spared = link?.isExempt === true || link?.kind === 'kept' || this.#parts.keptHosts().includes(host);
    this.#logger.debug(`peer ${peer.id} ${host}: ${kind}, ${evidence}${spared ? ' (spared)' : ''}`);
    if (spared) return;
    const score = this.#scores.add(clientOf(host), MISBEHAVIOUR_WEIGHTS[kind], kind);
    if (score >= this.#parts.options.banScore) this.#ban(host, link, { reason: kind, evidence });
  }

  /** Cuts off whom a ban means. */
  enforce(ban: Ban): void {
    const subject = Subnet.parse(ban.subject);
    if (subject === undefined || ban.dryRun === true) return;
    for (const { peer } of this.#parts.links) {
      const remote = peer && Subnet.parse(plainHost(peer.remoteAddress.host));
      if (remote !== undefined && subject.contains(remote)) void peer?.disconnect('banned');
    }
  }

  /** A ban was lifted: what led to it counts no more. */
  forgive(ban: Ban): void {
    this.#scores.forget(ban.subject);
  }

  #ban(host: string, link: Link | undefined, why: { readonly reason: Misbehaviour; readonly evidence: string }): void {
    const { clock, options, state } = this.#parts;
    const client = clientOf(host);
    const chosen = this.#chosen(client, link);
    if (!options.dryRun && !this.#brakeAllows(client, chosen)) return;
    const sinceMs = clock.now();
    const ban: Ban = {
      subject: this.#subjectOf(host, client),
      reason: why.reason,
      evidence: why.evidence.slice(0, LONGEST_EVIDENCE),
      author: 'automatic',
      sinceMs,
      untilMs: sinceMs + options.banMs,
      ...(options.dryRun && { dryRun: true }),
    };
    this.#scores.forget(client);
    if (!state.bans.put(ban)) return;
    if (chosen !== undefined && !options.dryRun) this.#chosenBans.add(ban);
    this.#tell(ban, why.evidence);
    this.enforce(ban);
  }

  #tell(ban: Ban, evidence: string): void {
    const dryRun = ban.dryRun === true ? ' (dry run: nothing follows)' : '';
    this.#logger.warn(`${ban.subject} is banned${dryRun}: ${ban.reason}, ${evidence}`);
    this.#parts.events.emit('banned', ban);
  }

  /** All that counts as one address; but the host alone where somebody is in there who is to be spared. */
  #subjectOf(host: string, client: string): string {
    const { options, keptHosts } = this.#parts;
    const all = Subnet.parse(client);
    const spared = [...options.exempt, ...keptHosts()].map((text) => Subnet.parse(text));
    return spared.some((other) => other !== undefined && all?.contains(other) === true) ? host : client;
  }

  /** How things are among those whom we chose; undefined for a client that isn't one of them, by any of its links. */
  #chosen(client: string, link: Link | undefined): ChosenClients | undefined {
    const chosen = [...this.#parts.links].filter(({ kind }) => CHOSEN.has(kind));
    const isOne = (link !== undefined && CHOSEN.has(link.kind)) || chosen.some((other) => other.client === client);
    return isOne ? { connected: clientsOf(chosen), banned: this.#chosenBans.count } : undefined;
  }

  #brakeAllows(client: string, chosen: ChosenClients | undefined): boolean {
    const verdict = this.#brake.allows(client, clientsOf(this.#parts.links), chosen);
    if (verdict === 'freeze' || verdict === 'freeze-chosen') {
      const { share } = this.#brake;
      const percent = Math.round(share * 100);
      const [whose, which] = verdict === 'freeze' ? ['all peers', 'bans'] : ['the peers that we chose', 'bans of such'];
      this.#logger.error(
        `${percent} % of ${whose} would be banned: the fault may be ours. Automatic ${which} are frozen; look into it`,
      );
      this.#parts.events.emit('banBrake', { share });
    }
    return verdict === 'yes';
  }
}

/** How many distinct clients are ready. */
function clientsOf(links: Iterable<Link>): number {
  const clients = new Set<string>();
  for (const { state, client } of links) if (state === 'ready') clients.add(client);
  return clients.size;
}
