import { Logger } from '@nestjs/common';
import { plainHost } from '../../environment/address.js';
import type { Clock } from '../../environment/clock.js';
import type { ResolvedPoolOptions } from '../../config/pool-options.js';
import type { Ban } from '../../persistence/ban.js';
import type { PeerEventBus } from '../../peer/events/peer-event-bus.js';
import type { Peer } from '../../peer/peer.js';
import { clientOf } from '../addresses/address-group.js';
import { Subnet } from '../addresses/subnet.js';
import type { BanList } from '../bans/ban-list.js';
import { EVENT_LOG } from '../event-log.js';
import type { Link } from '../links/link.js';
import type { LinkTable } from '../links/link-table.js';
import { BanBrake } from '../misbehaviour/ban-brake.js';
import { MISBEHAVIOUR_WEIGHTS, type Misbehaviour } from '../misbehaviour/misbehaviour.js';
import { ScoreTable } from '../misbehaviour/score-table.js';

/** Longest evidence that is kept, characters: remotes choose parts of it. */
const LONGEST_EVIDENCE = 300;

/** What {@link Conduct} works with. */
export interface ConductParts {
  readonly options: Pick<ResolvedPoolOptions, 'banScore' | 'banMs' | 'dryRun' | 'brake' | 'exempt'>;
  readonly clock: Clock;
  readonly bans: BanList;
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

  constructor(parts: ConductParts) {
    this.#parts = parts;
    this.#scores = new ScoreTable(parts.clock);
    this.#brake = new BanBrake(parts.clock, parts.options.brake);
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
   * @param link its link; undefined if it has gone already
   */
  report(peer: Peer, link: Link | undefined, kind: Misbehaviour, evidence: string): void {
    const host = plainHost(peer.remoteAddress.host);
    // By address too: a node that we keep may be the one that dialled.
    const spared = link?.isExempt === true || link?.kind === 'kept' || this.#parts.keptHosts().includes(host);
    this.#logger.debug(`peer ${peer.id} ${host}: ${kind}, ${evidence}${spared ? ' (spared)' : ''}`);
    if (spared) return;
    const score = this.#scores.add(clientOf(host), MISBEHAVIOUR_WEIGHTS[kind], kind);
    if (score >= this.#parts.options.banScore) this.#ban(host, kind, evidence);
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

  #ban(host: string, reason: Misbehaviour, evidence: string): void {
    const { clock, options, bans, events } = this.#parts;
    const client = clientOf(host);
    if (!options.dryRun && !this.#brakeAllows(client)) return;
    const sinceMs = clock.now();
    const ban: Ban = {
      subject: this.#subjectOf(host, client),
      reason,
      evidence: evidence.slice(0, LONGEST_EVIDENCE),
      author: 'automatic',
      sinceMs,
      untilMs: sinceMs + options.banMs,
      ...(options.dryRun && { dryRun: true }),
    };
    this.#scores.forget(client);
    if (!bans.put(ban)) return;
    this.#logger.warn(
      `${ban.subject} is banned${options.dryRun ? ' (dry run: nothing follows)' : ''}: ${reason}, ${evidence}`,
    );
    events.emit('banned', ban);
    this.enforce(ban);
  }

  /** All that counts as one address; but the host alone where somebody is in there who is to be spared. */
  #subjectOf(host: string, client: string): string {
    const { options, keptHosts } = this.#parts;
    const all = Subnet.parse(client);
    const spared = [...options.exempt, ...keptHosts()].map((text) => Subnet.parse(text));
    return spared.some((other) => other !== undefined && all?.contains(other) === true) ? host : client;
  }

  #brakeAllows(client: string): boolean {
    const clients = new Set<string>();
    for (const { state, client: connected } of this.#parts.links) if (state === 'ready') clients.add(connected);
    const verdict = this.#brake.allows(client, clients.size);
    if (verdict === 'freeze') {
      const { share } = this.#brake;
      const percent = Math.round(share * 100);
      this.#logger.error(
        `${percent} % of all peers would be banned: the fault may be ours. Automatic bans are frozen; look into it`,
      );
      this.#parts.events.emit('banBrake', { share });
    }
    return verdict === 'yes';
  }
}
