import type { DataSourceOptions } from 'typeorm';
import type { Limits, Timeouts } from './options.js';
import type { ResolvedPoolOptions } from './pool-options.js';

const timeouts: Timeouts = {
  handshakeMs: 30_000,
  idleMs: 300_000,
  requestMs: 60_000,
  stalledMs: 120_000,
  writeStalledMs: 60_000,
  keepaliveMs: 25_000,
  drainMs: 5000,
};

const limits: Limits = {
  inboxMessages: 100,
  inboxBytes: 32 * 1024 * 1024,
  outboxMessages: 100,
  outboxBytes: 32 * 1024 * 1024,
  reassemblyBytes: 256 * 1024 * 1024,
};

const dataSource: DataSourceOptions = { type: 'sqlite', database: './neo-peer.sqlite' };

/**
 * What an option is when it is not given: the one place for code and docs. `nonce` has no entry, because it is random,
 * nor have `announcePort` and `seedFile`, which follow the listener and the network.
 *
 * @internal
 */
export const DEFAULTS = Object.freeze({
  /** The version is that of package.json; a test compares them. */
  userAgent: '/nestjs-neo-peer:0.1.0/',
  protocolVersion: 0,
  services: 1n,
  relay: true,
  archival: false,
  compression: true,
  listen: false,
  timeouts: Object.freeze(timeouts),
  limits: Object.freeze(limits),
  persistence: Object.freeze({
    dataSource: Object.freeze(dataSource),
    saveIntervalMs: 30_000,
    onStoreFailure: 'throw',
    tablePrefix: 'neo_peer_',
  }),
  pool: false,
} as const);

/**
 * What each peer may ask us, by command; what isn't here costs next to nothing. Answers to the first four may be megabytes:
 * the rates leave room for a node that syncs from us alone as fast as a good link allows. C# nodes that are short of peers
 * send `getaddr` to everybody every 5 s; neo-go pings every 30 s and asks for the same blocks every 2 s.
 */
const rates: ResolvedPoolOptions['rates'] = Object.freeze({
  getdata: Object.freeze({ perSecond: 20, burst: 200 }),
  getheaders: Object.freeze({ perSecond: 10, burst: 100 }),
  getblocks: Object.freeze({ perSecond: 10, burst: 100 }),
  getblockbyindex: Object.freeze({ perSecond: 10, burst: 100 }),
  getaddr: Object.freeze({ perSecond: 0.5, burst: 10 }),
  mempool: Object.freeze({ perSecond: 0.1, burst: 5 }),
  ping: Object.freeze({ perSecond: 1, burst: 20 }),
  getroots: Object.freeze({ perSecond: 5, burst: 50 }),
  getmptdata: Object.freeze({ perSecond: 5, burst: 50 }),
});

const pool: ResolvedPoolOptions = {
  outbound: 8,
  maxInbound: 100,
  maxPerAddress: 3,
  maxPerGroup: 12,
  acceptPerSecond: 10,
  dialsPerSecond: 5,
  dialTimeoutMs: 10_000,
  feelerMs: 120_000,
  exempt: Object.freeze([]),
  static: Object.freeze([]),
  bookRows: 20_000,
  gossip: Object.freeze({ perSecond: 0.1, burst: 1000 }),
  banScore: 100,
  banMs: 24 * 60 * 60 * 1000,
  dryRun: false,
  brake: Object.freeze({ share: 0.3, windowMs: 10 * 60 * 1000 }),
  rates,
};

/**
 * What an option of the pool is when it is not given, where there is a pool.
 *
 * @internal
 */
export const POOL_DEFAULTS: ResolvedPoolOptions = Object.freeze(pool);
