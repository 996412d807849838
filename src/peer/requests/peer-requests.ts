import { type StopWatching, watchLimits } from '../../environment/call-limits.js';
import type { CallOptions } from '../../environment/call-options.js';
import type { Timer } from '../../environment/clock.js';
import type { BlockHeader } from '../../wire/common/block-header.js';
import type { Block } from '../../wire/common/block.js';
import type { ChainPosition, Dialect } from '../../wire/common/dialect.js';
import type { InventoryKind } from '../../wire/common/inventory.js';
import type { NetworkAddress } from '../../wire/common/network-address.js';
import type { Transaction } from '../../wire/common/transaction.js';
import type { Command, Message, Outgoing } from '../../wire/messages.js';
import type { DecodeError } from '../../wire/primitives/decode.error.js';
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
import { BlockRangeFetch } from './block-range-fetch.js';
import { BlocksByIndexRequest, type BlockRange } from './blocks-by-index-request.js';
import { HeadersRequest, type RangeRequest } from './headers-request.js';
import { ObjectFetch } from './object-fetch.js';
import { ObjectsRequest } from './objects-request.js';
import type { OpenRequest, PeerRequest } from './peer-request.js';
import { RequestLane, type RequestLaneOwner } from './request-lane.js';
import { checkCount, checkHeight } from './request-arguments.js';
import { RequestedHashes } from './requested-hashes.js';
import { type ReadingTime, StallWatch } from './stall-watch.js';

/** Who asks through {@link PeerRequests}. */
export interface PeerRequestsOwner {
  /**
   * Sends a request, unless the signal comes first; `handedOver` is called when its bytes go to the connection. Rejects
   * when the peer closes.
   */
  sendRequest(message: Outgoing, signal: AbortSignal, handedOver: () => void): Promise<void>;
  /** Whether requests are under way changed. */
  pending(pending: boolean): void;
  /** A block was given that isn't what its header promises. */
  unsound(error: DecodeError): void;
  /** The remote has stopped answering. */
  stalled(command: Command): void;
}

type Kind = 'headers' | 'hashes' | 'objects' | 'addresses' | 'byIndex';

/**
 * What is asked of one remote: one request of a kind at a time, each settled by its answer, its deadline, its signal, or the
 * end of the peer.
 *
 * @internal
 */
export class PeerRequests implements RequestLaneOwner {
  readonly #runtime: PeerRuntime;
  readonly #dialect: Dialect<Message>;
  readonly #remote: RemoteIdentity;
  readonly #time: ReadingTime;
  readonly #owner: PeerRequestsOwner;
  /** Made for the first request of their kind. */
  readonly #lanes: Partial<Record<Kind, RequestLane>> = {};
  readonly #announced = new AnnouncedHashes();
  /** Both made for the first request: many peers announce, and are asked nothing. */
  #requested: RequestedHashes | undefined;
  #stall: StallWatch | undefined;
  #closed: NeoPeerError | undefined;

  constructor(runtime: PeerRuntime, remote: RemoteIdentity, time: ReadingTime, owner: PeerRequestsOwner) {
    this.#runtime = runtime;
    this.#dialect = runtime.dialect;
    this.#remote = remote;
    this.#time = time;
    this.#owner = owner;
  }

  async headers(from: ChainPosition, options: RangeOptions = {}): Promise<readonly BlockHeader[]> {
    const { count } = options;
    checkCount(count);
    if ('index' in from) checkHeight(from.index);
    const asked = this.#dialect.requestHeaders(from, askedFor(options, 1));
    const message = this.#supported(asked, `requestHeaders(${kindOf(from)})`);
    if (count === 0) return [];
    const range = this.#rangeOf(from, options);
    const headers = await this.#ask('headers', new HeadersRequest(message, range, () => this.#remote.height), options);
    const last = headers.at(-1);
    if (last === undefined) return headers;
    this.#runtime.headerHeights.learn(last);
    this.#announced.add(HashList.ofKeys(headers.map(({ hash }) => hash.key)));
    return headers;
  }

  async blockHashes(after: UInt256, options: RangeOptions = {}): Promise<HashList> {
    const { count } = options;
    checkCount(count);
    // Of one hash alone nobody could tell whether it is the answer or announces a new block.
    const asked = this.#dialect.requestBlockHashes(after, askedFor(options, 2));
    const message = this.#supported(asked, 'requestBlockHashes');
    if (count === 0) return HashList.EMPTY;
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
    const { blocksPerRequest } = this.#dialect.limits;
    if (blocksPerRequest === 0) throw new UnsupportedByDialectError(this.#dialect.name, 'requestBlocksByIndex');
    checkHeight(start);
    checkCount(count);
    const fetch = new BlockRangeFetch({
      batchSize: blocksPerRequest,
      height: () => this.#remote.height,
      now: () => this.#runtime.clock.monotonic(),
      request: (range) => this.#blocksByIndex(range),
      ask: (request, limits) => this.#ask('byIndex', request, limits).finally(() => request.stopWaiting()),
    });
    return fetch.run(start, count, options);
  }

  async addresses(options: CallOptions = {}): Promise<readonly NetworkAddress[]> {
    return this.#ask('addresses', new AddressesRequest(this.#dialect.requestAddresses()), options);
  }

  /** Takes a message that may answer a request. @returns whether it does */
  accept(message: Message): boolean {
    const { headers, hashes, addresses, objects, byIndex } = this.#lanes;
    const { command } = message;
    if (command === 'block') {
      const isObject = objects?.accept(message) === true;
      return byIndex?.accept(message) === true || isObject; // a node that has sent a block for one of them may not send it for the other
    }
    if (command === 'transaction' || command === 'notfound') return objects?.accept(message) === true;
    if (command === 'headers') return headers?.accept(message) === true;
    if (command === 'addr') return addresses?.accept(message) === true;
    if (command !== 'inv') return false;
    const { kind, hashes: announced } = message.payload;
    if (kind === 'block' || kind === 'transaction') this.#announced.add(announced);
    return hashes?.accept(message) === true;
  }

  /** Takes note of hashes that were asked for by a message of the application's own. */
  remember(hashes: HashList): void {
    const requested = this.#rememberedHashes;
    for (let i = 0; i < hashes.length; i++) requested.add(hashes.keyAt(i));
  }

  byteCame(): void {
    this.#stall?.byteCame();
  }

  /** We read again after a pause. */
  resumed(): void {
    this.#stall?.resumed();
  }

  /** Rejects what is under way and what is asked from now on. */
  close(error: NeoPeerError): void {
    if (this.#closed !== undefined) return;
    this.#closed = error;
    for (const lane of Object.values(this.#lanes)) lane.close(error);
    this.#stall?.stop();
    this.#requested?.clear();
    this.#announced.clear();
  }

  #fetch<T extends Block | Transaction>(kind: InventoryKind, objectIn: (message: Message) => T | undefined) {
    return new ObjectFetch<T>({
      requested: this.#rememberedHashes,
      batchSize: this.#dialect.limits.inventoryHashes,
      now: () => this.#runtime.clock.monotonic(),
      request: (keys, room) => {
        const message = this.#dialect.requestObjects(kind, HashList.ofKeys(keys));
        const supported = this.#supported(message, `a request for a ${kind}`);
        return new ObjectsRequest(supported, keys, objectIn, this.#announced, room, this.#unsound);
      },
      ask: (request, options) => this.#ask('objects', request, options),
    });
  }

  #blocksByIndex(range: BlockRange): BlocksByIndexRequest {
    const message = this.#dialect.requestBlocksByIndex(range.start, range.count);
    const supported = this.#supported(message, 'requestBlocksByIndex');
    const { clock } = this.#runtime;
    return new BlocksByIndexRequest(supported, range, () => this.#remote.height, clock, this.#unsound);
  }

  #ask<T>(kind: Kind, request: PeerRequest<T>, options: CallOptions): Promise<T> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    const lane = (this.#lanes[kind] ??= new RequestLane(this));
    const stall = this.#stallWatch;
    const { signal, timeoutMs } = options;
    const limitMs = timeoutMs ?? this.#runtime.timeouts.requestMs;
    const expire = (): void => this.#expire(request, limitMs);
    const giveUp = (error: Error): void => {
      if (error instanceof RequestTimeoutError) {
        expire();
      } else {
        request.reject(error);
        stall.withdrawn(request);
      }
    };
    let timer: Timer | undefined;
    let stopWatching: StopWatching | undefined;
    request.settled = (answered) => {
      stopWatching?.();
      timer?.cancel();
      if (!request.isSent) request.unsent.abort();
      if (answered) stall.answered(request);
      lane.leave(request);
      this.#tellPending();
    };
    request.sent = () => {
      stall.sent(request);
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

  start(request: OpenRequest): void {
    const handedOver = (): void => {
      request.isSent = true;
      request.handedOver();
      if (!request.isSettled) request.sent();
    };
    const { message, unsent } = request;
    this.#owner.sendRequest(message, unsent.signal, handedOver).catch((error: Error) => request.reject(error));
  }

  #expire(request: OpenRequest, limitMs: number): void {
    if (request.expire(limitMs)) this.#stallWatch.expired(request);
  }

  #tellPending(): void {
    this.#owner.pending(Object.values(this.#lanes).some((lane) => lane.isBusy));
  }

  get #rememberedHashes(): RequestedHashes {
    return (this.#requested ??= new RequestedHashes(this.#dialect.limits.rememberedHashes));
  }

  get #stallWatch(): StallWatch {
    const { clock, timeouts } = this.#runtime;
    return (this.#stall ??= new StallWatch(clock, timeouts.stalledMs, this.#time, this.#owner));
  }

  get #unsound(): (error: DecodeError) => void {
    return (error) => this.#owner.unsound(error);
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

/** What the wire is told: there is no message that asks for nothing. */
function askedFor({ count, stop }: RangeOptions, least: number): Pick<RangeOptions, 'count' | 'stop'> {
  return { ...(count !== undefined && { count: Math.max(count, least) }), ...(stop && { stop }) };
}
