import type { HashList } from '../primitives/hash-list.js';
import type { UInt256 } from '../primitives/uint256.js';
import type { BlockHeader } from './block-header.js';
import type { Capability } from './capability.js';
import type { DialectName } from './dialect-name.js';
import type { HeaderTrust, HeaderVerification } from './header-verification.js';
import type { InventoryKind } from './inventory.js';
import type { NetworkAddress } from './network-address.js';
import type { CapabilityFacts, LocalFacts, RemoteFacts } from './node-facts.js';
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
  /** Network magic; undefined in N3, whose frames carry none. */
  readonly magic: number | undefined;
  /** Name on the wire (`tx`, not `transaction`). N3 has numbers: the command's name, or `0x` and two digits if it isn't known. */
  readonly wireName: string;
  /** Flag byte as it came; always 0 in Legacy, which has none. In N3, bit 0 says that the payload came compressed. */
  readonly flags: number;
  /** Bytes of the whole frame on the wire. */
  readonly size: number;
  /** Checksum as the frame carries it; undefined in dialects without one. */
  readonly checksum: number | undefined;
  /** The payload's bytes, decompressed: a view of the chunk if the frame lay in one and wasn't compressed. */
  readonly payload: Uint8Array;
}

/**
 * What a frame decoder accepts.
 *
 * @publicApi
 */
export interface FrameDecoderOptions {
  /** The only magic accepted: in every frame of Legacy, in the version message of N3. */
  readonly magic: number;
  /** Largest frame accepted in bytes, header included; the same holds for what a compressed payload becomes. Default: what the dialect allows. See {@link FrameDecoder.maxFrameSize}. */
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
  /** Most blocks in one request by height; 0 where there is no such request. */
  readonly blocksPerRequest: number;
  /** Most addresses in one addr. */
  readonly addresses: number;
  /** How many requested hashes are remembered so that none is asked twice of one connection. */
  readonly rememberedHashes: number;
  /** Largest transaction that nodes accept, bytes. */
  readonly transaction: number;
  /** Most blocks by which one ping or pong may raise a remote's height; more is taken for something else in its place. */
  readonly heightJump: number;
}

/**
 * How a message is encoded.
 *
 * @publicApi
 */
export interface EncodeOptions {
  /** Compress the payload, if the dialect can, reference nodes would, and it gets smaller. @default false */
  readonly compress?: boolean;
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
  /**
   * A whole frame. `magic` is the network's: it goes into every frame of Legacy, and into the version message of N3.
   *
   * @throws DecodeError when the payload is over `limits.frame`
   */
  encode(message: Sendable<M>, magic: number, options?: EncodeOptions): Uint8Array;
  /** What is known of the program that calls itself so. */
  remoteProfile(userAgent: string): RemoteProfile;
  /** Whether a node of that profile on the network of that magic is known to close the connection when it is sent this. */
  closesOn(profile: RemoteProfile, message: Sendable<M>, magic: number): boolean;
  /**
   * The request to which alone that command may be sent, because real nodes close the connection on an unasked one;
   * undefined where it may be sent at any time.
   */
  requestFor(command: M['command']): M['command'] | undefined;

  /** What we announce of ourselves, in the order of the C# node; empty where the dialect has no capabilities. */
  capabilities(local: CapabilityFacts): readonly Capability[];
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

  /**
   * How many items an answer to that request may have: what it asks for, and no more than real nodes take. Items are headers,
   * block hashes, blocks, addresses, state roots, hashes of objects.
   *
   * @throws TypeError for a message that isn't a request
   */
  answerSize(request: M): number;
  /** @throws DecodeError over `limits.headersPerAnswer` */
  headers(headers: readonly BlockHeader[]): Sendable<M>;
  /** Says which of the things asked for aren't there; undefined where the dialect has no words for it. */
  notFound(kind: InventoryKind, hashes: HashList): Sendable<M> | undefined;
  /**
   * Announces things. Not more than `limits.inventoryHashes`: real nodes close the connection for more.
   *
   * @throws DecodeError for a kind that the dialect lacks
   */
  inventory(kind: InventoryKind, hashes: HashList): Sendable<M>;
  /** @throws DecodeError over `limits.addresses`, or for a host that is no IP address */
  addresses(addresses: readonly NetworkAddress[]): Sendable<M>;
  /** The message that carries a block, transaction, or whatever else an inventory names. */
  object(object: View): Sendable<M>;
  /** The answer to that request: as many roots as it asked for and one message holds; undefined if that is none. */
  stateRoots(request: M, roots: Iterable<View>): Sendable<M> | undefined;
  /** Carries nodes of the state trie; undefined where the dialect has no words for it, or there are none. */
  trieNodes(nodes: Iterable<Uint8Array>): Sendable<M> | undefined;

  /**
   * Checks that a header follows another one, or was signed by those who may, and that its signatures are theirs. One of
   * index 0 must be the network's genesis block.
   *
   * @throws HeaderVerificationError
   */
  verifyHeader(header: BlockHeader, by: HeaderTrust, verification: HeaderVerification): void;
}
