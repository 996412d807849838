import type { HashList } from '../primitives/hash-list.js';
import type { UInt256 } from '../primitives/uint256.js';
import type { BlockHeader } from './block-header.js';
import type { DialectName } from './dialect-name.js';
import type { InventoryKind } from './inventory.js';
import type { NetworkAddress } from './network-address.js';
import type { RemoteProfile } from './remote-profile.js';
import type { View } from './view.js';

/** The least that a message of any dialect has. */
export interface WireMessage {
  readonly dialect: DialectName;
  readonly command: string;
  readonly payload: View;
  /** Bytes of the whole frame on the wire, header included; before compression is undone. */
  readonly size: number;
}

/**
 * A message of the union `M` before it is sized: what is handed to `encode`.
 *
 * @publicApi
 */
export type Sendable<M extends WireMessage> = M extends WireMessage ? Omit<M, 'size'> : never;

/**
 * A whole, checked frame whose command this dialect doesn't know. Real nodes send some; they are counted, no more.
 *
 * @publicApi
 */
export interface UnknownMessage {
  readonly dialect: DialectName;
  readonly command: 'unknown';
  /** The command as it was on the wire. */
  readonly name: string;
  readonly payload: Uint8Array;
  readonly size: number;
}

/**
 * A frame as it was on the wire, its payload not yet looked into.
 *
 * @publicApi
 */
export interface RawFrame {
  /** Network magic. */
  readonly magic: number;
  /** Name on the wire (`tx`, not `transaction`). */
  readonly wireName: string;
  /** Flag byte; always 0 in Legacy, which has none. */
  readonly flags: number;
  /** Bytes of the whole frame on the wire. */
  readonly size: number;
  /** Checksum as the frame carries it; undefined in dialects without one. */
  readonly checksum: number | undefined;
  /** The payload's bytes: a view of the chunk if the frame lay in one. */
  readonly payload: Uint8Array;
}

/**
 * What a frame decoder accepts.
 *
 * @publicApi
 */
export interface FrameDecoderOptions {
  /** The only magic accepted. */
  readonly magic: number;
  /** Largest frame accepted in bytes, header included. Default: what the dialect allows. See {@link FrameDecoder.maxFrameSize}. */
  readonly maxFrameSize?: number;
}

/**
 * Turns a stream of bytes, cut anywhere, into messages. Keeps at most one partial frame.
 *
 * After it has thrown a DecodeError the stream can't be trusted and every further push throws the same error.
 *
 * @publicApi
 */
export interface FrameDecoder<M extends WireMessage> {
  /** Largest frame accepted in bytes, header included; may be raised (after the handshake) while the stream runs. */
  maxFrameSize: number;
  /** Bytes of memory held for the frame that is not yet whole. */
  readonly buffered: number;
  /**
   * Iterate to the end: messages are decoded one by one as the result is consumed, so those before a broken frame come
   * out before the error is thrown. What is not consumed is lost.
   *
   * @throws DecodeError (while iterating)
   */
  push(chunk: Uint8Array): Iterable<M | UnknownMessage>;
  /** The same, frames only, payloads not decoded. */
  pushRaw(chunk: Uint8Array): Iterable<RawFrame>;
}

/**
 * What we say of ourselves in a version message.
 *
 * @publicApi
 */
export interface LocalFacts {
  readonly protocolVersion: number;
  readonly services: bigint;
  readonly nonce: number;
  readonly userAgent: string;
  readonly relay: boolean;
  /** TCP port that others may dial; 0 = none. */
  readonly port: number;
  /** Our block height. */
  readonly height: number;
  /** Now, milliseconds since 1970. */
  readonly nowMs: number;
}

/**
 * What a remote said of itself in its version message, in common terms.
 *
 * @publicApi
 */
export interface RemoteFacts {
  readonly protocolVersion: number;
  readonly services: bigint;
  readonly nonce: number;
  readonly userAgent: string;
  readonly relay: boolean;
  readonly port: number;
  readonly height: number;
}

/**
 * Where a request for headers or hashes begins: `after` is excluded, `index` included.
 *
 * @publicApi
 */
export type ChainPosition = { readonly after: UInt256 } | { readonly index: number };

/**
 * The numbers of one dialect that a peer needs, each with its reason in the dialect's `limits` file.
 *
 * @publicApi
 */
export interface DialectLimits {
  /** Largest frame before a peer is ready, bytes. */
  readonly handshakeFrame: number;
  /** Largest frame, bytes. */
  readonly frame: number;
  /** Most hashes put into one inv or getdata. */
  readonly inventoryHashes: number;
  /** Most headers in one answer. */
  readonly headersPerAnswer: number;
  /** Most block hashes in one answer to getblocks. */
  readonly blockHashesPerAnswer: number;
  /** Most addresses in one addr. */
  readonly addresses: number;
  /** How many requested hashes are remembered so that none is asked twice of one connection. */
  readonly rememberedHashes: number;
  /** Largest transaction that nodes accept, bytes. */
  readonly transaction: number;
}

/**
 * One wire protocol: the codec, and the vocabulary in which a peer asks and answers.
 *
 * The `request…` methods give `undefined` where the dialect has no words for it.
 *
 * @publicApi
 */
export interface Dialect<M extends WireMessage = WireMessage> {
  readonly name: DialectName;
  readonly limits: DialectLimits;
  /** Every command there is, by its common name. */
  readonly commands: readonly M['command'][];

  /** A decoder for one connection: it keeps what is left of a frame between two chunks. */
  createFrameDecoder(options: FrameDecoderOptions): FrameDecoder<M>;
  /** The common name of a wire name (`tx` is `transaction`; common names are accepted too), if it is a command of this dialect. */
  commandOf(name: string): M['command'] | undefined;
  /** Decodes a payload alone. Bytes after it are left: compare `raw.length`. @throws DecodeError */
  decodePayload(command: M['command'], payload: Uint8Array): M['payload'];
  /** A whole frame, ready to be written. `magic` is the network's. @throws DecodeError when the payload is over `limits.frame` */
  encode(message: Sendable<M>, magic: number): Uint8Array;
  /** What is known of the program that calls itself so. */
  remoteProfile(userAgent: string): RemoteProfile;
  /** Whether a node of that profile is known to close the connection when it is sent this. */
  closesOn(profile: RemoteProfile, message: Sendable<M>): boolean;

  /** @throws DecodeError when a fact doesn't fit into its field */
  version(local: LocalFacts): Sendable<M>;
  /** Says that the remote's version is accepted. */
  verack(): Sendable<M>;
  /** What a `version` message says, from its payload. @throws TypeError for any other payload */
  remoteFacts(version: Extract<M, { readonly command: 'version' }>['payload']): RemoteFacts;
  /** `height` is ours, `nowMs` milliseconds since 1970, `nonce` 0 to 2^32-1. */
  ping(height: number, nowMs: number, nonce: number): Sendable<M>;
  /** The answer to that ping, with our height. @throws TypeError for any other message */
  pong(ping: M, height: number, nowMs: number): Sendable<M>;
  /** Height and nonce out of a `ping` or `pong` message. @throws TypeError for any other message */
  pingFacts(message: M): { readonly height: number; readonly nonce: number };

  /** Asks for the headers that follow a place. `count` is left out where the wire has no field for it. */
  requestHeaders(
    from: ChainPosition,
    options: { readonly count?: number; readonly stop?: UInt256 },
  ): Sendable<M> | undefined;
  /** Asks for the hashes of the blocks after one, up to `stop`. */
  requestBlockHashes(
    after: UInt256,
    options: { readonly count?: number; readonly stop?: UInt256 },
  ): Sendable<M> | undefined;
  /** `hashes` has at most `limits.inventoryHashes` items and is never empty. */
  requestObjects(kind: InventoryKind, hashes: HashList): Sendable<M> | undefined;
  /** Asks for blocks by height. */
  requestBlocksByIndex(start: number, count: number): Sendable<M> | undefined;
  /** Asks where other nodes listen. */
  requestAddresses(): Sendable<M>;

  /** @throws DecodeError over `limits.headersPerAnswer` */
  headers(headers: readonly BlockHeader[]): Sendable<M>;
  /** Announces things. Not more than `limits.inventoryHashes`: real nodes close the connection for more. */
  inventory(kind: InventoryKind, hashes: HashList): Sendable<M>;
  /** @throws DecodeError over `limits.addresses`, or for a host that is no IP address */
  addresses(addresses: readonly NetworkAddress[]): Sendable<M>;
  /** The message that carries a block, transaction, or whatever else an inventory names. */
  object(object: View): Sendable<M>;
  /** The answer to that request: as many roots as it asked for and one message holds; undefined if that is none. */
  stateRoots(request: M, roots: Iterable<View>): Sendable<M> | undefined;
}
