import type { SyncProgress, SyncResult } from '../../node/chain-sync.js';
import type { InboundRefusal } from '../../peer/connection/inbound-refusal.js';
import type { DisconnectReason } from '../../persistence/disconnect-reason.js';
import type { BanFacts } from '../ban-facts.js';
import type { PoolEvent } from './pool-event.js';

/**
 * What `run --json` prints, one object a line. Addresses are `host:port`, times and durations milliseconds; those of a ban are
 * texts, as `bans --json` has them.
 */
export type RunEvent =
  | ListeningEvent
  | { readonly event: 'connected'; readonly address: string; readonly direction: 'inbound' | 'outbound' }
  | ReadyEvent
  | {
      readonly event: 'disconnected';
      readonly address: string;
      readonly reason: DisconnectReason;
      readonly by: 'us' | 'remote';
    }
  | ({ readonly event: 'progress' } & SyncProgress)
  | ({ readonly event: 'synced' } & SyncResult)
  | BlockEvent
  | { readonly event: 'storeFailed'; readonly message: string }
  | { readonly event: 'storeRecovered' }
  | PoolEvent
  | { readonly event: 'starved' }
  | { readonly event: 'healed' }
  | ({ readonly event: 'banned' } & BanFacts)
  | ({ readonly event: 'unbanned' } & BanFacts)
  | { readonly event: 'banBrake'; readonly share: number }
  | { readonly event: 'evicted'; readonly address: string }
  | RefusedEvent
  | SummaryEvent;

/** Somebody of this process accepts connections: an embedded peer, or the node itself with `--listen`. */
export interface ListeningEvent {
  readonly event: 'listening';
  readonly address: string;
  /** The remembered address that was taken, if this one is in its place. */
  readonly replaces?: string;
}

/** A handshake is over. */
export interface ReadyEvent {
  readonly event: 'ready';
  readonly address: string;
  readonly direction: 'inbound' | 'outbound';
  readonly userAgent: string | undefined;
  readonly height: number;
}

/** A block that a peer announced has come and passed its checks. */
export interface BlockEvent {
  readonly event: 'block';
  readonly hash: string;
  readonly index: number;
  readonly size: number;
  readonly transactions: number;
  readonly address: string;
}

/** Somebody who connected was turned away. */
export interface RefusedEvent {
  readonly event: 'refusedInbound';
  readonly host: string;
  readonly reason: InboundRefusal;
}

/** The last line. */
export interface SummaryEvent {
  readonly event: 'summary';
  readonly network: string;
  /** Handshakes that were completed. */
  readonly peers: number;
  /** Null where no chain was synced. */
  readonly height: number | null;
  readonly headers: number;
  readonly blocks: number;
  readonly transactions: number;
  readonly bytes: number;
  /** How long the sync took. */
  readonly syncMs: number | null;
  /** How long the whole run took. */
  readonly ms: number;
  readonly database: string;
}
