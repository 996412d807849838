import type { BlockHeader } from '../common/block-header.js';
import type { ChainPosition, Dialect, Sendable } from '../common/dialect.js';
import type { LocalFacts, RemoteFacts } from '../common/node-facts.js';
import type { InventoryKind } from '../common/inventory.js';
import type { NetworkAddress } from '../common/network-address.js';
import { unixSeconds } from '../common/unix-seconds.js';
import type { View } from '../common/view.js';
import { ByteReader } from '../primitives/byte-reader.js';
import type { HashList } from '../primitives/hash-list.js';
import type { UInt256 } from '../primitives/uint256.js';
import { AddrPayload } from './addr.payload.js';
import { answerSize } from './answer-size.js';
import { commandOfObject, firstRoots } from './answered-objects.js';
import { asLegacyHeader } from './block-header.js';
import { closesOn } from './closes-on.js';
import { EmptyPayload } from './empty.payload.js';
import { LegacyFrameDecoder } from './frame-decoder.js';
import { encodeFrame } from './frame.js';
import { HashRangePayload } from './hash-range.payload.js';
import { HeadersPayload } from './headers.payload.js';
import { verifyHeader } from './header-verification.js';
import { InventoryPayload, isLegacyKind } from './inventory.payload.js';
import * as bounds from './limits.js';
import {
  codecOf,
  commandNamed,
  legacyCommands,
  type LegacyCommand,
  type LegacyMessage,
  type LegacyPayloads,
} from './payloads.js';
import { PingPayload } from './ping.payload.js';
import { remoteProfile } from './remote-profile.js';
import { RootsPayload } from './roots.payloads.js';
import { VersionPayload } from './version.payload.js';

const limits = Object.freeze({
  handshakeFrame: bounds.MAX_HANDSHAKE_FRAME_SIZE,
  frame: bounds.MAX_FRAME_SIZE,
  inventoryHashes: bounds.MAX_SENT_INVENTORY_HASHES,
  headersPerAnswer: bounds.MAX_HEADERS,
  blockHashesPerAnswer: bounds.MAX_BLOCK_HASHES,
  blocksPerRequest: 0,
  addresses: bounds.MAX_ADDRESSES,
  rememberedHashes: bounds.REMEMBERED_HASHES,
  transaction: bounds.MAX_TRANSACTION_SIZE,
  heightJump: bounds.MAX_HEIGHT_JUMP,
});

/**
 * NEO 2.x.
 *
 * @internal
 */
export const legacyDialect: Dialect<LegacyMessage> = Object.freeze({
  name: 'legacy',
  limits,
  commands: legacyCommands,
  createFrameDecoder: (options) => new LegacyFrameDecoder(options),
  commandOf: commandNamed,
  decodePayload: (command, payload) => codecOf(command).payload.decode(new ByteReader(payload, command)),
  encode: ({ command, payload }, magic) => encodeFrame(magic, codecOf(command).field, payload.raw),
  remoteProfile,
  closesOn,
  requestFor: () => undefined,
  capabilities: () => [],
  version,
  verack: () => sendable('verack', EmptyPayload.from()),
  remoteFacts,
  ping: (height, nowMs, nonce) => sendable('ping', pingAt(height, nowMs, nonce)),
  pong: (ping, height, nowMs) => sendable('pong', pingAt(height, nowMs, pingOf(ping).nonce)),
  pingFacts: (message) => {
    const { lastBlockIndex, nonce } = pingOf(message);
    return { height: lastBlockIndex, nonce };
  },
  requestHeaders: (from: ChainPosition, { stop }) =>
    'after' in from ? sendable('getheaders', hashRange(from.after, stop)) : undefined,
  requestBlockHashes: (after, { stop }) => sendable('getblocks', hashRange(after, stop)),
  requestObjects: (kind, hashes) =>
    isLegacyKind(kind) ? sendable('getdata', InventoryPayload.from({ kind, hashes })) : undefined,
  requestBlocksByIndex: () => undefined,
  requestAddresses: () => sendable('getaddr', EmptyPayload.from()),
  answerSize,
  headers: (headers: readonly BlockHeader[]) =>
    sendable('headers', HeadersPayload.from({ headers: headers.map(asLegacyHeader) })),
  notFound: () => undefined, // there is a command of that name, but none of its nodes sends or reads it
  inventory: (kind: InventoryKind, hashes: HashList) => sendable('inv', InventoryPayload.from({ kind, hashes })),
  addresses: (addresses: readonly NetworkAddress[]) => sendable('addr', AddrPayload.from({ addresses })),
  object: (object: View) => sendable(commandOfObject(object), object as LegacyPayloads[LegacyCommand]),
  stateRoots: (request, given: Iterable<View>) => {
    const roots = firstRoots(request.payload, given);
    return roots.length === 0 ? undefined : sendable('roots', RootsPayload.from({ roots }));
  },
  trieNodes: () => undefined,
  verifyHeader,
} satisfies Dialect<LegacyMessage>);

function version(local: LocalFacts): Sendable<LegacyMessage> {
  const payload = VersionPayload.from({
    version: local.protocolVersion,
    services: local.services,
    timestamp: unixSeconds(local.nowMs),
    port: local.port,
    nonce: local.nonce,
    userAgent: local.userAgent,
    startHeight: local.height,
    relay: local.relay,
  });
  return sendable('version', payload);
}

function remoteFacts(payload: LegacyPayloads['version']): RemoteFacts {
  if (!(payload instanceof VersionPayload)) throw new TypeError('the payload of a version message is wanted');
  const { services, nonce, userAgent, relay, port } = payload;
  return {
    protocolVersion: payload.version,
    services,
    capabilities: [],
    acceptsCompression: false,
    nonce,
    userAgent,
    relay,
    port,
    height: payload.startHeight,
    tellsHeight: true,
  };
}

function pingAt(height: number, nowMs: number, nonce: number): PingPayload {
  return PingPayload.from({ lastBlockIndex: height, timestamp: unixSeconds(nowMs), nonce });
}

function hashRange(after: UInt256, stop: UInt256 | undefined): HashRangePayload {
  return HashRangePayload.from(stop === undefined ? { starts: [after] } : { starts: [after], stop });
}

function sendable<K extends LegacyCommand>(command: K, payload: LegacyPayloads[K]): Sendable<LegacyMessage> {
  return { dialect: 'legacy', command, payload } as unknown as Sendable<LegacyMessage>;
}

function pingOf(message: LegacyMessage): PingPayload {
  if (message.command !== 'ping' && message.command !== 'pong') {
    throw new TypeError(`a ping or pong message is wanted, not ${message.command}`);
  }
  return message.payload;
}
