import { type StopWatching, watchLimits } from '../../environment/call-limits.js';
import type { CallOptions } from '../../environment/call-options.js';
import type { Timer } from '../../environment/clock.js';
import type { BlockHeader } from '../../wire/common/block-header.js';
import type { Block } from '../../wire/common/block.js';
import type { ChainPosition, Dialect } from '../../wire/common/dialect.js';
import type { InventoryKind } from '../../wire/common/inventory.js';
import type { NetworkAddress } from '../../wire/common/network-address.js';
import type { Transaction } from '../../wire/common/transaction.js';
import type { Message, Outgoing } from '../../wire/messages.js';
import { HashList } from '../../wire/primitives/hash-list.js';
import type { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';
import type { UInt256 } from '../../wire/primitives/uint256.js';
import type { PeerRuntime } from '../connection/peer-runtime.js';
import type { RemoteIdentity } from '../connection/remote-identity.js';
import { RequestTimeoutError } from '../errors/request-timeout.error.js';
import { UnsupportedByDialectError } from '../errors/unsupported-by-dialect.error.js';
import type { Found, RangeOptions } from '../peer.js';
import { AddressesRequest } from './addresses-request.js';
import { AnnouncedHashes } from './announced-hashes.js';
import { BlockHashesRequest } from './block-hashes-request.js';
import { BlocksByIndexRequest } from './blocks-by-index-request.js';
import { HeadersRequest, type RangeRequest } from './headers-request.js';
import { ObjectFetch } from './object-fetch.js';
import { ObjectsRequest } from './objects-request.js';
import type { OpenRequest, PeerRequest } from './peer-request.js';
import { RequestLane } from './request-lane.js';
import { RequestedHashes } from './requested-hashes.js';
import type { StallWatch } from './stall-watch.js';

/** What {@link PeerRequests} needs from its peer. */
export interface RequestLine {
  /**
   * Sends a request, unless the signal comes first; `handedOver` is called when its bytes go to the connection. Rejects
   * when the peer closes.
   */
  send(message: Outgoing, signal: AbortSignal, handedOver: () => void): Promise<void>;
  /** Whether requests are under way changed. */
  pending(pending: boolean): void;
}

type Kind = 'headers' | 'hashes' | 'objects' | 'addresses' | 'byIndex';

/**
 * What is asked of one remote: one request of a kind at a time, each settled by its answer, its deadline, its signal, or the
 * end of the peer.
 *
 * @internal
 */
export class PeerRequests {
  readonly #runtime: PeerRuntime;
  readonly #dialect: Dialect<Message>;
  readonly #remote: RemoteIdentity;
  readonly #line: RequestLine;
  readonly #stall: StallWatch;
  readonly #lanes: Readonly<Record<Kind, RequestLane>>;
  readonly #requested: RequestedHashes;
  readonly #announced = new AnnouncedHashes();
  #closed: NeoPeerError | undefined;

  constructor(runtime: PeerRuntime, remote: RemoteIdentity, line: RequestLine, stall: StallWatch) {
    this.#runtime = runtime;
    this.#dialect = runtime.dialect;
    this.#remote = remote;
    this.#line = line;
    this.#stall = stall;
    this.#requested = new RequestedHashes(runtime.dialect.limits.rememberedHashes);
    const lane = (): RequestLane => new RequestLane((request) => this.#start(request));
    this.#lanes = { headers: lane(), hashes: lane(), objects: lane(), addresses: lane(), byIndex: lane() };
  }

  async headers(from: ChainPosition, options: RangeOptions = {}): Promise<readonly BlockHeader[]> {
    const message = this.#supported(this.#dialect.requestHeaders(from, options), `requestHeaders(${kindOf(from)})`);
    const range = this.#rangeOf(from, options);
    const headers = await this.#ask('headers', new HeadersRequest(message, range, () => this.#remote.height), options);
    const last = headers.at(-1);
    if (last === undefined) return headers;
    this.#runtime.headerHeights.learn(last);
    this.#announced.add(HashList.ofKeys(headers.map(({ hash }) => hash.key)));
    return headers;
  }

  async blockHashes(after: UInt256, options: RangeOptions = {}): Promise<HashList> {
    const message = this.#supported(this.#dialect.requestBlockHashes(after, options), 'requestBlockHashes');
    const range = this.#rangeOf({ after }, options);
    const request = new BlockHashesRequest(message, range, this.#remote, this.#runtime.clock);
    try {
      return await this.#ask('hashes', request, options);
    } finally {
      request.stopWaiting();
    }
  }

  async blocks(hashes: Iterable<UInt256>, options: CallOptions = {}): Promise<Found<Block>> {
    return this.#fetch('block', blockIn).run(hashes, options);
  }

  async transactions(hashes: Iterable<UInt256>, options: CallOptions = {}): Promise<Found<Transaction>> {
    return this.#fetch('transaction', transactionIn).run(hashes, options);
  }

  async blocksByIndex(start: number, count: number, options: CallOptions = {}): Promise<readonly Block[]> {
    const message = this.#supported(this.#dialect.requestBlocksByIndex(start, count), 'requestBlocksByIndex');
    if (count === 0) return [];
    return this.#ask('byIndex', new BlocksByIndexRequest(message, start, count, () => this.#remote.height), options);
  }

  async addresses(options: CallOptions = {}): Promise<readonly NetworkAddress[]> {
    return this.#ask('addresses', new AddressesRequest(this.#dialect.requestAddresses()), options);
  }

  /** Takes a message that may answer a request. @returns whether it does */
  accept(message: Message): boolean {
    const { headers, hashes, addresses, objects, byIndex } = this.#lanes;
    const { command } = message;
    if (command === 'block') return objects.accept(message) || byIndex.accept(message);
    if (command === 'transaction') return objects.accept(message);
    if (command === 'headers') return headers.accept(message);
    if (command === 'addr') return addresses.accept(message);
    if (command !== 'inv') return false;
    if (message.payload.kind !== 'consensus') this.#announced.add(message.payload.hashes);
    return hashes.accept(message);
  }

  /** Takes note of hashes that were asked for by a message of the application's own. */
  remember(hashes: HashList): void {
    for (let i = 0; i < hashes.length; i++) this.#requested.add(hashes.keyAt(i));
  }

  /** Rejects what is under way and what is asked from now on. */
  close(error: NeoPeerError): void {
    if (this.#closed !== undefined) return;
    this.#closed = error;
    for (const lane of Object.values(this.#lanes)) lane.close(error);
    this.#stall.stop();
    this.#requested.clear();
    this.#announced.clear();
  }

  #fetch<T extends Block | Transaction>(kind: InventoryKind, objectIn: (message: Message) => T | undefined) {
    return new ObjectFetch<T>({
      requested: this.#requested,
      batchSize: this.#dialect.limits.inventoryHashes,
      now: () => this.#runtime.clock.monotonic(),
      request: (keys, room) => {
        const message = this.#dialect.requestObjects(kind, HashList.ofKeys(keys));
        const supported = this.#supported(message, `a request for a ${kind}`);
        return new ObjectsRequest(supported, keys, objectIn, this.#announced, room);
      },
      ask: (request, options) => this.#ask('objects', request, options),
    });
  }

  #ask<T>(kind: Kind, request: PeerRequest<T>, options: CallOptions): Promise<T> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    const lane = this.#lanes[kind];
    const { signal, timeoutMs } = options;
    const limitMs = timeoutMs ?? this.#runtime.timeouts.requestMs;
    const expire = (): void => this.#expire(request, limitMs);
    const giveUp = (error: Error): void => {
      if (error instanceof RequestTimeoutError) {
        expire();
      } else {
        request.reject(error);
        this.#stall.withdrawn(request);
      }
    };
    let timer: Timer | undefined;
    let stopWatching: StopWatching | undefined;
    request.settled = (answered) => {
      stopWatching?.();
      timer?.cancel();
      if (!request.isSent) request.unsent.abort();
      if (answered) this.#stall.answered(request);
      lane.leave(request);
      this.#tellPending();
    };
    request.sent = () => {
      this.#stall.sent(request);
      // A caller's own limit runs from the call; ours from here on, so that waiting for its turn costs a request nothing.
      if (timeoutMs === undefined) timer = this.#runtime.clock.setTimeout(expire, limitMs);
    };
    stopWatching = watchLimits(
      this.#runtime.clock,
      { ...(signal && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) },
      () => new RequestTimeoutError(request.command, limitMs),
      giveUp,
    );
    if (!request.isSettled) lane.submit(request);
    this.#tellPending();
    return request.promise;
  }

  #start(request: OpenRequest): void {
    const handedOver = (): void => {
      request.isSent = true;
      request.handedOver();
      if (!request.isSettled) request.sent();
    };
    this.#line.send(request.message, request.unsent.signal, handedOver).catch((error: Error) => request.reject(error));
  }

  #expire(request: OpenRequest, limitMs: number): void {
    if (request.expire(limitMs)) this.#stall.expired(request);
  }

  #tellPending(): void {
    this.#line.pending(Object.values(this.#lanes).some((lane) => lane.isBusy));
  }

  #rangeOf(from: ChainPosition, { count, stop }: RangeOptions): RangeRequest {
    const after = 'after' in from ? this.#runtime.headerHeights.of(from.after) : from.index - 1;
    return { from, firstIndex: after === undefined ? undefined : after + 1, count, stop };
  }

  #supported(message: Outgoing | undefined, request: string): Outgoing {
    if (message === undefined) throw new UnsupportedByDialectError(this.#dialect.name, request);
    return message;
  }
}

function blockIn(message: Message): Block | undefined {
  return message.command === 'block' ? message.payload : undefined;
}

function transactionIn(message: Message): Transaction | undefined {
  return message.command === 'transaction' ? message.payload : undefined;
}

function kindOf(from: ChainPosition): string {
  return 'after' in from ? '{ after }' : '{ index }';
}
