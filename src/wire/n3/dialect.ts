import type { BlockHeader } from '../common/block-header.js';
import type { Capability } from '../common/capability.js';
import type { ChainPosition, Dialect, EncodeOptions, Sendable } from '../common/dialect.js';
import type { CapabilityFacts, LocalFacts, RemoteFacts } from '../common/node-facts.js';
import type { InventoryKind } from '../common/inventory.js';
import type { NetworkAddress } from '../common/network-address.js';
import { unixSeconds } from '../common/unix-seconds.js';
import type { View } from '../common/view.js';
import { ByteReader } from '../primitives/byte-reader.js';
import type { HashList } from '../primitives/hash-list.js';
import { AddrPayload } from './addr.payload.js';
import { answerSize } from './answer-size.js';
import { asN3Header } from './block-header.js';
import { capabilityNamed } from './capability-codec.js';
import { closesOn } from './closes-on.js';
import { EmptyPayload } from './empty.payload.js';
import { N3FrameDecoder } from './frame-decoder.js';
import { encodeFrame } from './frame.js';
import { HashRangePayload } from './hash-range.payload.js';
import { verifyHeader } from './header-verification.js';
import { HeadersPayload } from './headers.payload.js';
import { IndexRangePayload } from './index-range.payload.js';
import { InventoryPayload, isN3Kind } from './inventory.payload.js';
import * as bounds from './limits.js';
import { MptDataPayload } from './mpt-data.payloads.js';
import { codecOf, commandNamed, n3Commands, type N3Command, type N3Message, type N3Payloads } from './payloads.js';
import { PingPayload } from './ping.payload.js';
import { remoteProfile } from './remote-profile.js';
import { commandOfObject, firstNodes } from './sent-objects.js';
import { VersionPayload } from './version.payload.js';

const limits = Object.freeze({
  handshakeFrame: bounds.MAX_HANDSHAKE_FRAME_SIZE,
  frame: bounds.MAX_FRAME_SIZE,
  inventoryHashes: bounds.MAX_INVENTORY_HASHES,
  headersPerAnswer: bounds.MAX_HEADERS,
  blockHashesPerAnswer: bounds.MAX_BLOCK_HASHES,
  blocksPerRequest: bounds.MAX_BLOCKS,
  addresses: bounds.MAX_ADDRESSES,
  rememberedHashes: bounds.REMEMBERED_HASHES,
  transaction: bounds.MAX_TRANSACTION_SIZE,
  heightJump: Infinity, // pings and pongs of all nodes carry what they should
});

/** What the C# node compresses; the rest is small, or is nothing but hashes and signatures. */
const COMPRESSED_COMMANDS: ReadonlySet<N3Command> = new Set<N3Command>([
  'block',
  'extensible',
  'transaction',
  'headers',
  'addr',
  'merkleblock',
  'filterload',
  'filteradd',
]);

/** The answers on which neo-go closes the connection when it didn't ask for them, with what asks. */
const ANSWERS_ONLY: Readonly<Partial<Record<N3Command, N3Command>>> = Object.freeze({
  addr: 'getaddr',
  headers: 'getheaders',
  pong: 'ping',
});

/**
 * NEO N3.
 *
 * @internal
 */
export const n3Dialect: Dialect<N3Message> = Object.freeze({
  name: 'n3',
  limits,
  commands: n3Commands,
  createFrameDecoder: (options) => new N3FrameDecoder(options),
  commandOf: commandNamed,
  decodePayload: (command, payload) => codecOf(command).payload.decode(new ByteReader(payload, command)),
  encode,
  remoteProfile,
  closesOn,
  requestFor: (command) => ANSWERS_ONLY[command],
  capabilities,
  version,
  verack: () => sendable('verack', EmptyPayload.from()),
  remoteFacts,
  ping: (height, nowMs, nonce) => sendable('ping', pingAt(height, nowMs, nonce)),
  pong: (ping, height, nowMs) => sendable('pong', pingAt(height, nowMs, pingOf(ping).nonce)),
  pingFacts: (message) => {
    const { lastBlockIndex, nonce } = pingOf(message);
    return { height: lastBlockIndex, nonce };
  },
  requestHeaders: (from: ChainPosition, { count }) =>
    'index' in from ? rangeMessage('getheaders', from.index, count, bounds.MAX_HEADERS) : undefined,
  requestBlockHashes: (hashStart, { count }) =>
    sendable('getblocks', HashRangePayload.from({ hashStart, count: asked(count, bounds.MAX_BLOCK_HASHES) })),
  requestObjects: (kind, hashes) => (isN3Kind(kind) ? inventoryMessage('getdata', kind, hashes) : undefined),
  requestBlocksByIndex: (start, count) => rangeMessage('getblockbyindex', start, count, bounds.MAX_BLOCKS),
  requestAddresses: () => sendable('getaddr', EmptyPayload.from()),
  answerSize,
  headers: (headers: readonly BlockHeader[]) =>
    sendable('headers', HeadersPayload.from({ headers: headers.map(asN3Header) })),
  notFound: (kind, hashes) => (isN3Kind(kind) ? inventoryMessage('notfound', kind, hashes) : undefined),
  inventory: (kind, hashes) => inventoryMessage('inv', kind, hashes),
  addresses: (addresses: readonly NetworkAddress[]) => sendable('addr', AddrPayload.from({ addresses })),
  object: (object: View) => sendable(commandOfObject(object), object as N3Payloads[N3Command]),
  stateRoots: () => undefined,
  trieNodes: (given: Iterable<Uint8Array>) => {
    const nodes = firstNodes(given);
    return nodes.length === 0 ? undefined : sendable('mptdata', MptDataPayload.from({ nodes }));
  },
  verifyHeader,
} satisfies Dialect<N3Message>);

function capabilities({ relay, archival, compression, port, height }: CapabilityFacts): readonly Capability[] {
  const list: Capability[] = [];
  if (relay) list.push({ type: 0x10, name: 'FullNode', startHeight: height });
  if (archival) list.push({ type: 0x11, name: 'ArchivalNode' });
  if (!compression) list.push({ type: 0x03, name: 'DisableCompression' });
  if (port > 0) list.push({ type: 0x01, name: 'TcpServer', port });
  return list;
}

/** The version's magic is 0: it is the network's, which `encode` knows. */
function version(local: LocalFacts): Sendable<N3Message> {
  const payload = VersionPayload.from({
    magic: 0,
    version: local.protocolVersion,
    timestamp: unixSeconds(local.nowMs),
    nonce: local.nonce,
    userAgent: local.userAgent,
    capabilities: local.capabilities,
  });
  return sendable('version', payload);
}

function encode({ command, payload }: Sendable<N3Message>, magic: number, options: EncodeOptions = {}): Uint8Array {
  const { byte } = codecOf(command);
  if (command === 'version') return encodeFrame(byte, versionOn(magic, payload.raw), false);
  return encodeFrame(byte, payload.raw, options.compress === true && COMPRESSED_COMMANDS.has(command));
}

/** What Legacy has in every frame, N3 has in its version messages only. */
function versionOn(magic: number, raw: Uint8Array): Uint8Array {
  const bytes = Buffer.from(raw);
  bytes.writeUInt32LE(magic, 0);
  return bytes;
}

function remoteFacts(payload: N3Payloads['version']): RemoteFacts {
  if (!(payload instanceof VersionPayload)) throw new TypeError('the payload of a version message is wanted');
  const fullNode = capabilityNamed('FullNode', payload.capabilities);
  return {
    protocolVersion: payload.version,
    services: fullNode === undefined ? 0n : 1n,
    capabilities: payload.capabilities,
    acceptsCompression: capabilityNamed('DisableCompression', payload.capabilities) === undefined,
    nonce: payload.nonce,
    userAgent: payload.userAgent,
    relay: fullNode !== undefined,
    port: capabilityNamed('TcpServer', payload.capabilities)?.port ?? 0,
    height: fullNode?.startHeight ?? 0,
    tellsHeight: fullNode !== undefined,
  };
}

function pingAt(height: number, nowMs: number, nonce: number): PingPayload {
  return PingPayload.from({ lastBlockIndex: height, timestamp: unixSeconds(nowMs), nonce });
}

function rangeMessage(
  command: 'getheaders' | 'getblockbyindex',
  indexStart: number,
  count: number | undefined,
  max: number,
): Sendable<N3Message> {
  return sendable(command, IndexRangePayload.from({ indexStart, count: asked(count, max) }, command));
}

function inventoryMessage(
  command: 'inv' | 'getdata' | 'notfound',
  kind: InventoryKind,
  hashes: HashList,
): Sendable<N3Message> {
  return sendable(command, InventoryPayload.from({ kind, hashes }, command));
}

/** The count to send: no more than anybody answers with. */
function asked(count: number | undefined, max: number): number {
  return count === undefined ? bounds.ANY_COUNT : Math.min(count, max);
}

function pingOf(message: N3Message): PingPayload {
  if (message.command !== 'ping' && message.command !== 'pong') {
    throw new TypeError(`a ping or pong message is wanted, not ${message.command}`);
  }
  return message.payload;
}

function sendable<K extends N3Command>(command: K, payload: N3Payloads[K]): Sendable<N3Message> {
  return { dialect: 'n3', command, payload } as unknown as Sendable<N3Message>;
}
