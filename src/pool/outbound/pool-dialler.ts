import { Logger } from '@nestjs/common';
import type { ResolvedPoolOptions } from '../../config/pool-options.js';
import { formatAddress } from '../../environment/address.js';
import type { Clock } from '../../environment/clock.js';
import type { Endpoint } from '../../environment/connection.js';
import type { RandomSource } from '../../environment/random-source.js';
import { HandshakeError } from '../../peer/errors/handshake.error.js';
import type { PeerFactory } from '../../peer/peer-factory.js';
import type { Peer } from '../../peer/peer.js';
import type { PeerRecords } from '../../peer/records/peer-records.js';
import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';
import { backoffMs, type BackoffLimits } from '../book/backoff.js';
import type { LinkKind } from '../links/link.js';
import type { LinkTable } from '../links/link-table.js';
import type { OwnAddresses } from '../own-addresses.js';

/** After one failure an address rests for up to 15 s; each further one doubles it, up to 6 h. */
const REST: BackoffLimits = Object.freeze({ baseMs: 15_000, capMs: 6 * 60 * 60 * 1000 });
/** Seeds rest for 5 s and up to a minute: a node that is new, or has lost everybody, has nobody else. */
const REST_OF_SEEDS: BackoffLimits = Object.freeze({ baseMs: 5_000, capMs: 60_000 });
/** An address of another network rests so long, milliseconds. Nothing is for good: it may be given to somebody else. */
const WRONG_NETWORK_REST_MS = 24 * 60 * 60 * 1000;
/** A connection that ended sooner, milliseconds, was no good: its address rests as after a failed dial. */
const SHORT_LIVED_MS = 60_000;
/** Addresses whose short connections are counted. */
const MAX_SHORT_LIVED = 1000;

/** What {@link PoolDialler} works with. */
export interface PoolDiallerParts {
  readonly options: Pick<ResolvedPoolOptions, 'dialTimeoutMs'>;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly factory: PeerFactory;
  readonly records: PeerRecords;
  readonly links: LinkTable;
  readonly own: OwnAddresses;
  readonly signal: AbortSignal;
  /** An address rests until then, milliseconds since 1970. */
  readonly rests: (untilMs: number) => void;
}

/**
 * Dials for the pool, one dial an address at a time, and lets addresses that failed rest before the next.
 *
 * @internal
 */
export class PoolDialler {
  readonly #logger = new Logger('PeerPool');
  readonly #parts: PoolDiallerParts;
  /** Connections in a row that didn't last, by address. */
  readonly #shortLived = new Map<string, number>();

  constructor(parts: PoolDiallerParts) {
    this.#parts = parts;
  }

  /**
   * Dials an address. Never rejects.
   *
   * @param failed is told why there is no peer, unless the pool was stopped
   * @returns the peer, ready; undefined when it failed
   */
  async dial(
    address: Endpoint,
    kind: Exclude<LinkKind, 'inbound' | 'manual'>,
    failed?: (error: NeoPeerError) => void,
  ): Promise<Peer | undefined> {
    const { factory, links, options, signal } = this.#parts;
    const link = links.dialling(address, kind);
    try {
      const peer = await factory.dial(address, { signal, timeoutMs: options.dialTimeoutMs });
      void peer.closed.then(() => this.#restAfterConnection(address, peer, kind));
      return peer;
    } catch (error) {
      if (!(error instanceof NeoPeerError)) this.#logger.error(error);
      else if (!signal.aborted) failed?.(error);
      if (!signal.aborted) this.#restAfterFailure(address, error, kind);
      return undefined;
    } finally {
      if (link.peer === undefined || link.peer.state === 'closed') links.gaveUp(link);
    }
  }

  #restAfterFailure(address: Endpoint, error: unknown, kind: LinkKind): void {
    const { records, own } = this.#parts;
    const reason = error instanceof HandshakeError ? error.reason : undefined;
    if (reason === 'self-connection') {
      // Seeds and wanted addresses stay known: the list is the operator's.
      own.add(address);
      if (kind !== 'kept' && records.rowOf(address)?.source !== 'seed') records.forget(address);
    }
    const failures =
      (records.rowOf(address)?.failuresInARow ?? 0) + (this.#shortLived.get(formatAddress(address)) ?? 0);
    const isForeign = reason === 'wrong-network' && records.rowOf(address)?.source !== 'seed';
    this.#rest(address, isForeign ? WRONG_NETWORK_REST_MS : this.#restMs(address, failures));
  }

  #restAfterConnection(address: Endpoint, peer: Peer, kind: LinkKind): void {
    const { clock, signal } = this.#parts;
    if (signal.aborted || kind === 'feeler') return;
    const key = formatAddress(address);
    const before = this.#shortLived.get(key) ?? 0;
    this.#shortLived.delete(key);
    if (clock.now() - peer.createdAtMs >= SHORT_LIVED_MS) {
      // Others shall have their turn too, so it isn't the very next.
      this.#rest(address, this.#restMs(address, 1));
      return;
    }
    this.#shortLived.set(key, before + 1);
    if (this.#shortLived.size > MAX_SHORT_LIVED) {
      const [oldest] = this.#shortLived.keys();
      this.#shortLived.delete(oldest!);
    }
    this.#rest(address, this.#restMs(address, before + 1));
  }

  #rest(address: Endpoint, ms: number): void {
    const { records, clock, rests } = this.#parts;
    const untilMs = clock.now() + ms;
    records.postpone(address, untilMs);
    rests(untilMs);
  }

  #restMs(address: Endpoint, failures: number): number {
    const { records, random } = this.#parts;
    const isSeed = records.rowOf(address)?.source === 'seed';
    return backoffMs(Math.max(1, failures), random, isSeed ? REST_OF_SEEDS : REST);
  }
}
