// The module.
export { PeerModule } from './peer.module.js';
export type { PeerModuleAsyncOptions, PeerModuleExtras } from './peer-module.options.js';
export { getPeerToken, InjectPeer } from './peer/tokens.js';

// Options.
export { NETWORKS, networkOf } from './config/networks.js';
export { OptionsError } from './config/options.error.js';
export type {
  Limits,
  ListenOptions,
  NetworkDefinition,
  NetworkName,
  PeerOptions,
  PeerOptionsFactory,
  PersistenceOptions,
  Timeouts,
} from './config/options.js';
export type { PoolOptions, Rate } from './config/pool-options.js';

// Peers.
export { InboundRefusal } from './peer/connection/inbound-refusal.js';
export type { Disconnection } from './peer/disconnection.js';
export { HeaderVerifier } from './peer/header-verifier.js';
export { PeerFactory, type Address } from './peer/peer-factory.js';
export { Peer, type Found, type PeerState, type RangeOptions } from './peer/peer.js';
export { AlreadyRequestedError } from './peer/errors/already-requested.error.js';
export { BehaviourError, type BehaviourProblem } from './peer/errors/behaviour.error.js';
export { BehaviourFailedError } from './peer/errors/behaviour-failed.error.js';
export { EmptyMessageError } from './peer/errors/empty-message.error.js';
export { HandshakeError } from './peer/errors/handshake.error.js';
export { MailboxFullError } from './peer/errors/mailbox-full.error.js';
export { NotAskedError } from './peer/errors/not-asked.error.js';
export { PeerClosedError } from './peer/errors/peer-closed.error.js';
export { PeerNotReadyError } from './peer/errors/peer-not-ready.error.js';
export { RequestTimeoutError } from './peer/errors/request-timeout.error.js';
export { SocketError } from './peer/errors/socket.error.js';
export { UnsupportedByDialectError } from './peer/errors/unsupported-by-dialect.error.js';
export { UnsupportedByRemoteError } from './peer/errors/unsupported-by-remote.error.js';

// The pool.
export { BannedError } from './pool/bans/banned.error.js';
export { BanSubjectError } from './pool/bans/ban-subject.error.js';
export { Misbehaviour, MISBEHAVIOUR_WEIGHTS } from './pool/misbehaviour/misbehaviour.js';
export { NoPeerError } from './pool/no-peer.error.js';
export { PeerPool, type DialExplanation, type PoolStatus } from './pool/peer-pool.js';

// Behaviours.
export * from './peer/behaviours/announcement-handlers.js';
export * from './peer/behaviours/connection-handlers.js';
export * from './peer/behaviours/request-handlers.js';
export { provideBehaviour, type Behaviour, type BehaviourSource } from './peer/behaviours/behaviour.js';
export { CommandHandler } from './peer/behaviours/command-handler.js';
export { HeightProvider } from './peer/behaviours/height-provider.js';
export type { InventoryObject } from './peer/behaviours/inventory-object.js';
export { LocalConfig } from './peer/behaviours/local-config.js';
export { OnCommand } from './peer/behaviours/on-command.decorator.js';
export { MessagePayload, peerContext, RemotePeer, WireMessage } from './peer/behaviours/parameters.decorator.js';
export { PeerAdmission } from './peer/behaviours/peer-admission.js';

// Events and statistics.
export { PeerEvents, type PeerEventMap } from './peer/events/peer-events.js';
export { PeerStatistics, type CommandStatistics } from './peer/statistics/peer-statistics.js';

// Persistence.
export { BanEntity, type BanRow } from './persistence/ban.entity.js';
export type { Ban, BanAuthor } from './persistence/ban.js';
export { CommandStatisticEntity } from './persistence/command-statistic.entity.js';
export type { CommandStatistic } from './persistence/command-statistic.js';
export { dataSourceName } from './persistence/data-source.provider.js';
export { DisconnectReason } from './persistence/disconnect-reason.js';
export { peerEntities, peerMigrations } from './persistence/entities.js';
export { MemoryPeerStore } from './persistence/memory-peer-store.js';
export { PeerRecordEntity } from './persistence/peer-record.entity.js';
export type { PeerKey, PeerRecord, PeerSource } from './persistence/peer-record.js';
export { PeerStore, type BanChanges, type StoreChanges } from './persistence/peer-store.js';
export { SeedFileError } from './persistence/seed-file.error.js';
export { SettingEntity, type SettingRow } from './persistence/setting.entity.js';
export { StoreError, type StoreProblem } from './persistence/store.error.js';
export { TypeOrmPeerStore, type TypeOrmPeerStoreSurroundings } from './persistence/typeorm-peer-store.js';

// Surroundings, each a token that can be overridden.
export { AbortedError } from './environment/aborted.error.js';
export type { CallOptions } from './environment/call-options.js';
export { Clock, type Timer } from './environment/clock.js';
export { ConnectionClosedError } from './environment/connection-closed.error.js';
export type { Connection, Endpoint, PeerListener } from './environment/connection.js';
export { DialError } from './environment/dial.error.js';
export { ListenError } from './environment/listen.error.js';
export { RandomSource } from './environment/random-source.js';
export { Resolver } from './environment/resolver.js';
export { Transport } from './environment/transport.js';

// Wire.
export * as legacy from './wire/legacy/index.js';
export * as n3 from './wire/n3/index.js';
export { fromAddress, toAddress } from './wire/common/address.js';
export type { BlockHeader } from './wire/common/block-header.js';
export type { Block } from './wire/common/block.js';
export type {
  ArchivalNodeCapability,
  Capability,
  DisableCompressionCapability,
  FullNodeCapability,
  TcpServerCapability,
  UnknownCapability,
  WsServerCapability,
} from './wire/common/capability.js';
export type { DialectName } from './wire/common/dialect-name.js';
export type {
  ChainPosition,
  Dialect,
  DialectLimits,
  EncodeOptions,
  FrameDecoder,
  FrameDecoderOptions,
  RawFrame,
  Sendable,
  UnknownMessage,
} from './wire/common/dialect.js';
export type { CapabilityFacts, LocalFacts, RemoteFacts } from './wire/common/node-facts.js';
export { HeaderVerificationError, type HeaderRule } from './wire/common/header-verification.error.js';
export type { HeaderTrust, HeaderVerification } from './wire/common/header-verification.js';
export type { Inventory, InventoryKind } from './wire/common/inventory.js';
export type { NetworkAddress } from './wire/common/network-address.js';
export { PublicKeys } from './wire/common/public-keys.js';
export type { RemoteProfile } from './wire/common/remote-profile.js';
export type { Transaction } from './wire/common/transaction.js';
export type { View } from './wire/common/view.js';
export type { Witness } from './wire/common/witness.js';
export {
  dialectOf,
  type Command,
  type Message,
  type Outgoing,
  type PayloadMap,
  type PayloadOf,
  type Received,
} from './wire/messages.js';
export { BloomFilter } from './wire/primitives/bloom-filter.js';
export { DecodeError, type DecodeProblem } from './wire/primitives/decode.error.js';
export { HashList } from './wire/primitives/hash-list.js';
export { NeoPeerError } from './wire/primitives/neo-peer.error.js';
export { UInt160 } from './wire/primitives/uint160.js';
export { UInt256 } from './wire/primitives/uint256.js';
