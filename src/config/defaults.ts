import type { DataSourceOptions } from 'typeorm';
import type { Limits, Timeouts } from './options.js';

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
