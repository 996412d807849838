import type { DataSourceOptions } from 'typeorm';
import type { DialectName } from '../wire/common/dialect-name.js';
import type { PoolOptions } from './pool-options.js';

/**
 * The networks known by name.
 *
 * `legacy-privnet` and `n3-privnet` have the 4-validator genesis block of their dialect; `legacy-local` and `n3-local` are
 * the recorded networks that `neo-peer run` embeds.
 *
 * @publicApi
 */
export type NetworkName =
  | 'legacy-mainnet'
  | 'legacy-testnet'
  | 'legacy-privnet'
  | 'legacy-local'
  | 'n3-mainnet'
  | 'n3-testnet'
  | 'n3-neofs-mainnet'
  | 'n3-neofs-testnet'
  | 'n3-privnet'
  | 'n3-local';

/**
 * A network: who belongs to it and where to find them.
 *
 * @publicApi
 */
export interface NetworkDefinition {
  /** Names the network in the database and in log lines. */
  name: string;
  /** The protocol its nodes speak: `legacy` is NEO 2.x. */
  dialect: DialectName;
  /** Tells the network from others, 0 to 2^32-1: begins every frame in Legacy, and the version in N3. */
  magic: number;
  /** The TCP port its nodes usually listen on. */
  port: number;
  /** `host:port` of nodes to begin with; names are resolved when dialled. */
  seeds: readonly string[];
  /** Hash of block 0 in display order, `0x` optional. */
  genesis?: string;
}

/**
 * How long a peer waits, in milliseconds.
 *
 * @publicApi
 */
export interface Timeouts {
  /** From connect to ready, the whole handshake. @default 30000 */
  handshakeMs: number;
  /** Nothing received for this long, while we were reading. @default 300000 */
  idleMs: number;
  /** A request without an answer. @default 60000 */
  requestMs: number;
  /** No byte received after a request that the remote could have met. @default 120000 */
  stalledMs: number;
  /** The remote takes no byte while something waits to be sent. @default 60000 */
  writeStalledMs: number;
  /** Between our pings; 0 sends none. C# nodes cut a link 60 s after the last byte they received. @default 25000 */
  keepaliveMs: number;
  /** For inboxes and outboxes to empty at shutdown, in all. @default 5000 */
  drainMs: number;
}

/**
 * How much a peer may hold. A single message over a byte limit is taken when the box is empty.
 *
 * @publicApi
 */
export interface Limits {
  /** Messages waiting for handlers, a peer. @default 100 */
  inboxMessages: number;
  /** Bytes waiting for handlers, a peer. @default 33554432 */
  inboxBytes: number;
  /** Messages waiting to be written, a peer. @default 100 */
  outboxMessages: number;
  /** Bytes waiting to be written, a peer. @default 33554432 */
  outboxBytes: number;
  /** Bytes of frames that have not arrived whole, all peers of the module. @default 268435456 */
  reassemblyBytes: number;
}

/**
 * Where connections are accepted.
 *
 * @publicApi
 */
export interface ListenOptions {
  /** Address of the interface. @default all interfaces */
  host?: string;
  /** TCP port, 0 to 65535; 0 lets the system choose. */
  port: number;
}

/**
 * Where what is learnt about peers is kept.
 *
 * @publicApi
 */
export interface PersistenceOptions {
  /**
   * TypeORM options of a SQLite, better-sqlite3 or Postgres database; our entities and migrations are added,
   * `synchronize` and `dropSchema` are refused. `false` keeps everything in memory.
   *
   * @default { type: 'sqlite', database: './neo-peer.sqlite' }
   */
  dataSource?: DataSourceOptions | false;
  /** Path of the seed file that is read when the database knows nobody. @default the one shipped for the network */
  seedFile?: string;
  /** Between two saves, in milliseconds. @default 30000 */
  saveIntervalMs?: number;
  /**
   * What happens when the database can't be opened: `throw` makes the start fail with `StoreError`; `degrade` goes on
   * in memory from the seed file and tries again at every save.
   *
   * @default 'throw'
   */
  onStoreFailure?: 'throw' | 'degrade';
  /** Begins the name of every table: letters, digits and `_`, at most 30. @default 'neo_peer_' */
  tablePrefix?: string;
}

/**
 * What `PeerModule.forRoot` and the factories of `forRootAsync` take. Only `network` is required.
 *
 * @publicApi
 */
export interface PeerOptions {
  /** Which network to be a peer of: one known by name, or a definition. */
  network: NetworkName | NetworkDefinition;
  /** What we call ourselves, at most 1024 bytes of UTF-8; some old nodes misread more than 252. @default '/nestjs-neo-peer:<version>/' */
  userAgent?: string;
  /** Identifies this node among all others, 0 to 2^32-1. @default a random number each start */
  nonce?: number;
  /** Protocol version we announce, 0 to 2^32-1. Every node says 0. @default 0 */
  protocolVersion?: number;
  /** Legacy only: service bits we announce, 0n to 2^64-1; 1n is a full node, the only one in use. @default 1n */
  services?: bigint;
  /** Whether we want announcements of blocks and transactions. N3: whether we announce the capability FullNode. @default true */
  relay?: boolean;
  /** N3 only: whether we say that we keep every block, by the capability ArchivalNode. @default false */
  archival?: boolean;
  /**
   * N3 only: whether payloads may be compressed. `false` announces the capability DisableCompression, and nothing is sent
   * compressed; what comes compressed is read all the same, since some nodes don't heed it.
   *
   * @default true
   */
  compression?: boolean;
  /** Where to accept connections; `false` only dials. @default false */
  listen?: false | ListenOptions;
  /** TCP port we tell others to dial, 0 to 65535; 0 says that we don't listen. @default the port we listen on, else 0 */
  announcePort?: number;
  /** How long we wait, in milliseconds. @default each as documented there */
  timeouts?: Partial<Timeouts>;
  /** How much a peer may hold. @default each as documented there */
  limits?: Partial<Limits>;
  /** Where what is learnt is kept. @default each as documented there */
  persistence?: PersistenceOptions;
  /** Finds peers and keeps them by itself, holds out against bad ones; `false` leaves that to the application. @default false */
  pool?: false | PoolOptions;
}

/**
 * Makes options for `PeerModule.forRootAsync({ useClass })` and `useExisting`.
 *
 * @publicApi
 */
export interface PeerOptionsFactory {
  createPeerOptions(): PeerOptions | Promise<PeerOptions>;
}
