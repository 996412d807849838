import type { CallOptions } from '../environment/call-options.js';
import type { Endpoint } from '../environment/connection.js';
import type { DisconnectReason } from '../persistence/disconnect-reason.js';
import type { BlockHeader } from '../wire/common/block-header.js';
import type { Block } from '../wire/common/block.js';
import type { DialectName } from '../wire/common/dialect-name.js';
import type { ChainPosition } from '../wire/common/dialect.js';
import type { NetworkAddress } from '../wire/common/network-address.js';
import type { Transaction } from '../wire/common/transaction.js';
import type { Outgoing, PayloadOf } from '../wire/messages.js';
import type { HashList } from '../wire/primitives/hash-list.js';
import type { UInt256 } from '../wire/primitives/uint256.js';
import type { Disconnection } from './disconnection.js';

/**
 * The answer to a request by hashes. It settles when all came, when the remote said what it lacks, when the time
 * ran out with at least one found, or when 256 MiB came: what had not been asked for by then may be asked again.
 *
 * @publicApi
 */
export interface Found<T> {
  /** In the order they were asked for. */
  readonly found: readonly T[];
  readonly missing: readonly UInt256[];
}

/**
 * How far a connection has come: made, in the handshake, usable, over.
 *
 * @publicApi
 */
export type PeerState = 'connecting' | 'negotiating' | 'ready' | 'closed';

/**
 * Options of {@link Peer.requestHeaders} and {@link Peer.requestBlockHashes}.
 *
 * @publicApi
 */
export interface RangeOptions extends CallOptions {
  /**
   * Give at most this many; 0 asks for nothing. The wire has no such field in Legacy: there, what is over it is cut off. One
   * answer never holds more than the dialect allows.
   */
  readonly count?: number;
  /** End before this hash. The wire has no such field in N3: there, what follows is cut off. */
  readonly stop?: UInt256;
}

/**
 * One connection to one node, well kept. Made by `PeerFactory`.
 *
 * Every asynchronous method settles when the peer closes at the latest, with `PeerClosedError`; `AbortedError` when
 * its signal is aborted.
 *
 * @publicApi
 */
export abstract class Peer {
  /** Counts up from 1 within a module; never used twice. */
  abstract readonly id: number;
  /** Name of the network. */
  abstract readonly network: string;
  abstract readonly dialect: DialectName;
  /** `outbound` if we dialled. */
  abstract readonly direction: 'inbound' | 'outbound';
  abstract readonly state: PeerState;
  /** Resolves when the connection is over, with the reason. Never rejects. */
  abstract readonly closed: Promise<Disconnection>;
  /** The socket's. */
  abstract readonly remoteAddress: Endpoint;
  /** Where others can dial it: the socket's host with the announced port. Undefined until the version came, or if it doesn't listen. */
  abstract readonly dialAddress: Endpoint | undefined;
  /** What it said of itself; undefined until it came. */
  abstract readonly version: PayloadOf<'version'> | undefined;
  /** The last height it told, 0 before any. */
  abstract readonly height: number;
  /** Round trip of the last ping that could be timed, milliseconds. */
  abstract readonly latencyMs: number | undefined;
  /** Milliseconds since 1970. */
  abstract readonly createdAtMs: number;
  /** The last byte received, milliseconds since 1970; {@link createdAtMs} before any. */
  abstract readonly lastSeenAtMs: number;
  /** Whole messages and their bytes since the connection was made. */
  abstract readonly traffic: Readonly<Record<'in' | 'out', { readonly messages: number; readonly bytes: number }>>;

  /**
   * Does the handshake. Resolves once the peer is ready; a second call gives the same promise.
   *
   * @param options `timeoutMs` defaults to `timeouts.handshakeMs`
   * @throws HandshakeError with the reason when it failed; the connection is closed by then
   */
  abstract run(options?: CallOptions): Promise<void>;

  /**
   * Sends a message and resolves when the socket has taken its bytes. Waits while the outbox is full.
   *
   * It goes out as it is, without a place in a queue of requests and without a deadline for an answer; but hashes that
   * stand twice in an inv, getdata or notfound are left out, and more than 500 (Legacy; N3 has no words for so many)
   * become several messages.
   *
   * @param options `timeoutMs` defaults to none
   * @throws PeerNotReadyError, PeerClosedError
   * @throws UnsupportedByDialectError for a message of another dialect
   * @throws UnsupportedByRemoteError, EmptyMessageError for what this remote, or real nodes, close the connection for: a second
   * version or verack among it
   * @throws NotAskedError (N3) for an addr, headers or pong when no request for it is open
   * @throws MailboxFullError when its turn didn't come within `timeoutMs`
   */
  abstract send(message: Outgoing, options?: CallOptions): Promise<void>;

  /**
   * Queues a message without waiting, under the rules of {@link send}. False when the outbox is full, the peer isn't
   * ready, or the message can't be sent.
   */
  abstract post(message: Outgoing): boolean;

  /**
   * Sends a ping and gives the round trip in milliseconds.
   *
   * @param options `timeoutMs` defaults to `timeouts.requestMs`
   * @throws RequestTimeoutError when no pong came (some nodes answer none)
   * @throws UnsupportedByRemoteError, with nothing sent, where the remote is known to close the connection on pings
   */
  abstract ping(options?: CallOptions): Promise<number>;

  /**
   * The headers that follow a place in the chain, as many as one answer holds; of them, those that link up from there.
   * One request at a time: others wait for their turn, which costs them nothing of the default time.
   *
   * @param from `{ after }` on Legacy, `{ index }` on N3: the wire has no words for the other one
   * @throws RequestTimeoutError: real nodes are silent when they have none
   * @throws UnsupportedByDialectError, with nothing sent
   * @throws RangeError for a height or count that can't be one
   */
  abstract requestHeaders(from: ChainPosition, options?: RangeOptions): Promise<readonly BlockHeader[]>;

  /**
   * The hashes of the blocks that follow one, as many as one answer holds. The next inventory of blocks counts as the
   * answer: nothing in it says what it answers. Where more than one block must follow, one hash alone may be the
   * announcement of a new block, and is the answer only if no other inventory comes within three seconds.
   *
   * @throws RequestTimeoutError: real nodes are silent when they don't know the block, or have none after it
   * @throws RangeError for a count that can't be one
   */
  abstract requestBlockHashes(after: UInt256, options?: RangeOptions): Promise<HashList>;

  /**
   * Blocks by hash, any number: each hash is asked for once, 500 in one message, one message after the other. Each block
   * is checked with `verify()` before it counts; one that fails is missing, and isn't waited for. Neither is one that the
   * remote says it lacks: N3 nodes do, those of Legacy are silent.
   *
   * @param options `timeoutMs` is for all of it; by default each message has `timeouts.requestMs`. The answer holds what
   * came by then; what had not been asked for may be asked again
   * @throws AlreadyRequestedError, with nothing sent, when one of the hashes was asked of this connection before: C# nodes
   * serve each only once
   * @throws RequestTimeoutError when none came in time
   */
  abstract requestBlocks(hashes: Iterable<UInt256>, options?: CallOptions): Promise<Found<Block>>;

  /** Transactions by hash; as {@link requestBlocks}. */
  abstract requestTransactions(hashes: Iterable<UInt256>, options?: CallOptions): Promise<Found<Transaction>>;

  /**
   * Blocks by height, any number: 500 in one message, one message after the other. The answer has them in order from
   * `start` on, without a gap; each is checked with `verify()`, and that it follows the one before. It has fewer than
   * `count` when the remote has no more, when one fails the checks, when the time ran out, or when 256 MiB came.
   *
   * A remote that has fewer says nothing of the rest. So it counts for the end when the block of the last height it has told
   * came, and nothing more for three seconds.
   *
   * @param start height of the first block, 0 to 2^32-1
   * @param count 0 asks for nothing
   * @param options `timeoutMs` is for all of it; by default each message has `timeouts.requestMs`
   * @throws RequestTimeoutError when the first didn't come in time
   * @throws UnsupportedByDialectError on Legacy, at once
   * @throws RangeError for a height or count that can't be one
   */
  abstract requestBlocksByIndex(start: number, count: number, options?: CallOptions): Promise<readonly Block[]>;

  /** Addresses the remote knows. @throws RequestTimeoutError: real nodes are silent when they know none */
  abstract requestAddresses(options?: CallOptions): Promise<readonly NetworkAddress[]>;

  /**
   * All headers that follow a place in the chain, up to the height the remote has told: as many requests as it takes. Ends
   * early at an empty answer. Asks for nothing where the place is known to be at that height. A remote whose version told no
   * height (N3, without FullNode) is sent a ping first, whose pong tells it.
   *
   * @param from `{ after }` on Legacy, `{ index }` on N3
   * @param options `timeoutMs` is for each of its requests
   * @throws what {@link requestHeaders} throws, while iterating
   * @throws HeaderVerificationError, while iterating, on N3 when an answer doesn't follow the one before it
   */
  abstract headers(
    from: ChainPosition,
    options?: CallOptions & { readonly count?: number },
  ): AsyncIterable<BlockHeader>;

  /**
   * Ends the connection after what is queued was written (within `timeouts.drainMs`). Idempotent.
   *
   * @param reason default `local`
   */
  abstract disconnect(reason?: DisconnectReason): Promise<void>;
}
