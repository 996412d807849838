import type { InboundRefusal } from '../../peer/connection/inbound-refusal.js';
import type { PoolStatus } from '../../pool/peer-pool.js';

/** How the pool is doing: `PoolStatus` on one level, but for the refusals. Times are milliseconds since 1970, or null. */
export interface PoolEvent {
  readonly event: 'pool';
  readonly outboundWanted: number;
  readonly outboundReady: number;
  readonly outboundDialling: number;
  readonly keptWanted: number;
  readonly keptReady: number;
  readonly inboundConnected: number;
  readonly inboundAllowed: number;
  readonly groups: number;
  readonly bookKnown: number;
  readonly bookTried: number;
  readonly bans: number;
  readonly starvedSinceMs: number | null;
  readonly bansFrozenUntilMs: number | null;
  readonly refused: Readonly<Record<InboundRefusal, number>>;
  readonly evicted: number;
}

/** A status as an event. */
export function poolEvent(status: PoolStatus): PoolEvent {
  const { outbound, kept, inbound, groups, book, bans, refused, evicted } = status;
  return {
    event: 'pool',
    outboundWanted: outbound.wanted,
    outboundReady: outbound.ready,
    outboundDialling: outbound.dialling,
    keptWanted: kept.wanted,
    keptReady: kept.ready,
    inboundConnected: inbound.connected,
    inboundAllowed: inbound.allowed,
    groups,
    bookKnown: book.known,
    bookTried: book.tried,
    bans,
    starvedSinceMs: status.starvedSinceMs ?? null,
    bansFrozenUntilMs: status.bansFrozenUntilMs ?? null,
    refused,
    evicted,
  };
}
