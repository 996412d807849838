import { plainHost } from '../environment/address.js';
import type { Clock } from '../environment/clock.js';
import type { Endpoint } from '../environment/connection.js';
import type { DisconnectReason } from '../persistence/disconnect-reason.js';
import { ConnectionPolicy, type FalseAnswer, type RequestMeter } from '../peer/connection/connection-policy.js';
import type { InboundRefusal } from '../peer/connection/inbound-refusal.js';
import type { Peer } from '../peer/peer.js';
import type { RemoteFacts } from '../wire/common/node-facts.js';
import type { NeoPeerError } from '../wire/primitives/neo-peer.error.js';
import type { ExemptList } from './addresses/exempt-list.js';
import type { BanList } from './bans/ban-list.js';
import type { Conduct } from './conduct/conduct.js';
import type { InboundGate } from './inbound/inbound-gate.js';
import { duplicateOf } from './links/duplicate-links.js';
import type { LinkTable } from './links/link-table.js';
import type { Misbehaviour } from './misbehaviour/misbehaviour.js';
import { RequestRates } from './rates/request-rates.js';
import type { ResolvedPoolOptions } from '../config/pool-options.js';

/** What {@link PoolPolicy} works with. */
export interface PoolPolicyParts {
  readonly rates: ResolvedPoolOptions['rates'];
  readonly clock: Clock;
  /** Ours. */
  readonly nonce: () => number;
  readonly exempt: ExemptList;
  readonly bans: BanList;
  readonly links: LinkTable;
  readonly gate: InboundGate;
  readonly conduct: Conduct;
}

const FALSE_ANSWERS = { block: 'invalid-block', headers: 'invalid-headers' } as const satisfies Record<
  FalseAnswer,
  Misbehaviour
>;

/**
 * The pool's say in every connection.
 *
 * @internal
 */
export class PoolPolicy extends ConnectionPolicy {
  readonly #parts: PoolPolicyParts;

  constructor(parts: PoolPolicyParts) {
    super();
    this.#parts = parts;
  }

  override refusal(remote: Endpoint): Exclude<InboundRefusal, 'shutdown'> | undefined {
    return this.#parts.gate.refusal(remote);
  }

  override objection(peer: Peer, facts: RemoteFacts): DisconnectReason | undefined {
    const { bans, links, nonce } = this.#parts;
    if (bans.decide(plainHost(peer.remoteAddress.host)) !== undefined) return 'banned';
    const duplicate = duplicateOf(peer, facts, links, nonce());
    if (duplicate !== undefined && !duplicate.otherGoes) return 'duplicate-connection';
    void duplicate?.other.peer?.disconnect('duplicate-connection');
    links.introduced(peer, facts.nonce);
    return undefined;
  }

  override meterOf(peer: Peer): RequestMeter | undefined {
    const { rates, clock, exempt, conduct, links } = this.#parts;
    if (exempt.has(plainHost(peer.remoteAddress.host))) return undefined;
    const limits = new RequestRates(rates);
    return {
      arrived: (command) => {
        const verdict = limits.arrived(command, clock.monotonic());
        if (verdict === undefined) return 0;
        if (verdict.flood) conduct.report(peer, links.lastOf(peer), 'request-flood', `${command} far above its rate`);
        return verdict.waitMs;
      },
    };
  }

  override answeredFalsely(peer: Peer, what: FalseAnswer, evidence: NeoPeerError): void {
    const { conduct, links } = this.#parts;
    conduct.report(peer, links.lastOf(peer), FALSE_ANSWERS[what], evidence.message);
  }
}
