import type { CallOptions } from '../../environment/call-options.js';
import type { Connection, Endpoint } from '../../environment/connection.js';
import type { DisconnectReason } from '../../persistence/disconnect-reason.js';
import type { BlockHeader } from '../../wire/common/block-header.js';
import type { Block } from '../../wire/common/block.js';
import type { DialectName } from '../../wire/common/dialect-name.js';
import type { ChainPosition } from '../../wire/common/dialect.js';
import type { HeaderVerificationError } from '../../wire/common/header-verification.error.js';
import type { NetworkAddress } from '../../wire/common/network-address.js';
import type { Transaction } from '../../wire/common/transaction.js';
import type { Outgoing, PayloadOf } from '../../wire/messages.js';
import type { HashList } from '../../wire/primitives/hash-list.js';
import type { UInt256 } from '../../wire/primitives/uint256.js';
import type { Disconnection } from '../disconnection.js';
import { RequestTimeoutError } from '../errors/request-timeout.error.js';
import { UnsupportedByRemoteError } from '../errors/unsupported-by-remote.error.js';
import { Peer, type Found, type PeerState, type RangeOptions } from '../peer.js';
import { HeaderWalk } from '../requests/header-walk.js';
import type { LivePeer } from './peer-registry.js';
import type { PeerRuntime } from './peer-runtime.js';
import { PeerSession } from './peer-session.js';

/**
 * A peer on a connection: what applications see of a `PeerSession`.
 *
 * @internal
 */
export class ConnectedPeer extends Peer implements LivePeer {
  readonly id: number;
  readonly direction: 'inbound' | 'outbound';
  readonly remoteAddress: Endpoint;
  readonly createdAtMs: number;
  readonly #runtime: PeerRuntime;
  readonly #session: PeerSession;

  constructor(runtime: PeerRuntime, connection: Connection, direction: 'inbound' | 'outbound') {
    super();
    this.id = runtime.registry.nextId();
    this.direction = direction;
    this.remoteAddress = connection.remoteAddress;
    this.createdAtMs = runtime.clock.now();
    this.#runtime = runtime;
    this.#session = new PeerSession(runtime, connection, this);
  }

  get network(): string {
    return this.#runtime.local.network.name;
  }

  get dialect(): DialectName {
    return this.#runtime.dialect.name;
  }

  get closed(): Promise<Disconnection> {
    return this.#session.closed;
  }

  get state(): PeerState {
    return this.#session.state;
  }

  get dialAddress(): Endpoint | undefined {
    return this.#session.remote.dialAddress;
  }

  get version(): PayloadOf<'version'> | undefined {
    return this.#session.remote.version;
  }

  get height(): number {
    return this.#session.remote.height;
  }

  get latencyMs(): number | undefined {
    return this.#session.heartbeat.latencyMs;
  }

  get lastSeenAtMs(): number {
    return this.#session.lastSeenAtMs;
  }

  get traffic(): Peer['traffic'] {
    return this.#session.recorder.traffic;
  }

  run(options?: CallOptions): Promise<void> {
    return this.#session.run(options);
  }

  send(message: Outgoing, options?: CallOptions): Promise<void> {
    return this.#session.send(message, options);
  }

  post(message: Outgoing): boolean {
    return this.#session.post(message);
  }

  async ping(options?: CallOptions): Promise<number> {
    this.#session.checkReady();
    return this.#session.heartbeat.ping(options);
  }

  async requestHeaders(from: ChainPosition, options?: RangeOptions): Promise<readonly BlockHeader[]> {
    this.#session.checkReady();
    return this.#session.requests.headers(from, options);
  }

  async requestBlockHashes(after: UInt256, options?: RangeOptions): Promise<HashList> {
    this.#session.checkReady();
    return this.#session.requests.blockHashes(after, options);
  }

  async requestBlocks(hashes: Iterable<UInt256>, options?: CallOptions): Promise<Found<Block>> {
    this.#session.checkReady();
    return this.#session.requests.blocks(hashes, options);
  }

  async requestTransactions(hashes: Iterable<UInt256>, options?: CallOptions): Promise<Found<Transaction>> {
    this.#session.checkReady();
    return this.#session.requests.transactions(hashes, options);
  }

  async requestBlocksByIndex(start: number, count: number, options?: CallOptions): Promise<readonly Block[]> {
    this.#session.checkReady();
    return this.#session.requests.blocksByIndex(start, count, options);
  }

  async requestAddresses(options?: CallOptions): Promise<readonly NetworkAddress[]> {
    this.#session.checkReady();
    return this.#session.requests.addresses(options);
  }

  headers(from: ChainPosition, options: CallOptions & { readonly count?: number } = {}): AsyncIterable<BlockHeader> {
    const source = {
      request: (position: ChainPosition, limits: RangeOptions) => this.requestHeaders(position, limits),
      height: () => (this.#session.remote.toldHeight ? this.height : undefined),
      askHeight: (limits: CallOptions) => this.#askHeight(limits),
      withholdsTip: () => this.#session.remote.profile.withholdsTip,
      heightOf: (hash: UInt256) => this.#runtime.headerHeights.of(hash),
      misled: (error: HeaderVerificationError) => this.#runtime.policy.answeredFalsely(this, 'headers', error),
    };
    return new HeaderWalk(source, from, options);
  }

  /** Some answer no pings, or are known to hang up on them: then the height stays unknown. */
  async #askHeight(limits: CallOptions): Promise<void> {
    try {
      await this.ping(limits);
    } catch (error) {
      if (!(error instanceof RequestTimeoutError || error instanceof UnsupportedByRemoteError)) throw error;
    }
  }

  disconnect(reason: DisconnectReason = 'local'): Promise<void> {
    return this.disconnectWithin(reason, this.#runtime.timeouts.drainMs);
  }

  disconnectWithin(reason: DisconnectReason, ms: number): Promise<void> {
    return this.#session.disconnectWithin(reason, ms);
  }

  stopReading(): void {
    this.#session.stopReading();
  }

  handled(): Promise<void> {
    return this.#session.handled();
  }
}
