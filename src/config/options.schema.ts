import * as z from 'zod';
import { MAX_PORT, parseAddress } from '../environment/address.js';
import { NETWORKS } from './networks.js';
import type { NetworkName } from './options.js';
import { poolOptionsSchema } from './pool-options.schema.js';
import { choice, choose, integer, LONGEST_MS, milliseconds, strictObject, text } from './schema-rules.js';

const LARGEST_U32 = 2 ** 32 - 1;
/** Bytes of user agent that C# nodes and NEO-ONE still accept. */
const LONGEST_USER_AGENT = 1024;
/** Postgres cuts names after 63 bytes; our longest table and index names need the rest. */
const LONGEST_PREFIX = 30;

const messages = integer(1, 1_000_000, 'messages');
const bytes = integer(1, 2 ** 40, 'bytes');
const port = integer(0, MAX_PORT);
const flag = z.boolean({ error: 'true or false' }).optional();

const networkDefinition = strictObject({
  name: text('a name of 1 to 50 letters, digits, "-", "_" and "."', (name) => /^[\w.-]{1,50}$/.test(name)),
  dialect: choice('legacy', 'n3'),
  magic: integer(0, LARGEST_U32),
  port: integer(1, MAX_PORT),
  seeds: z.array(
    text('"host:port" with a port from 1 to 65535', (seed) => parseAddress(seed) !== undefined),
    { error: 'a list of "host:port"' },
  ),
  genesis: text('64 hex digits, 0x optional', (hash) => /^(0x)?[0-9a-f]{64}$/i.test(hash)).optional(),
});

const networkName = choice(...(Object.keys(NETWORKS) as [NetworkName, ...NetworkName[]]));

const timeouts = strictObject({
  handshakeMs: milliseconds,
  idleMs: milliseconds,
  requestMs: milliseconds,
  stalledMs: milliseconds,
  writeStalledMs: milliseconds,
  keepaliveMs: integer(0, LONGEST_MS, 'milliseconds'),
  drainMs: integer(0, LONGEST_MS, 'milliseconds'),
}).partial();

const limits = strictObject({
  inboxMessages: messages,
  inboxBytes: bytes,
  outboxMessages: messages,
  outboxBytes: bytes,
  reassemblyBytes: bytes,
}).partial();

const listen = strictObject({
  host: text('an IP address or host name', (host) => host.length > 0).optional(),
  port,
});

const DATA_SOURCES = ['sqlite', 'better-sqlite3', 'postgres'] as const;
const neverTrue = z.literal(false, { error: 'false or nothing (tables are made by migrations only)' }).optional();

/** The rest is the driver's business, so unknown keys pass here and only here. */
const dataSource = z.looseObject(
  { type: choice(...DATA_SOURCES), synchronize: neverTrue, dropSchema: neverTrue },
  { error: `false, or TypeORM options of type ${DATA_SOURCES.join(', ')}` },
);

const persistence = strictObject({
  dataSource: choose((value) => (value === false ? z.literal(false) : dataSource)),
  seedFile: text('a path', (path) => path.length > 0),
  saveIntervalMs: milliseconds,
  onStoreFailure: choice('throw', 'degrade'),
  tablePrefix: text(
    `at most ${LONGEST_PREFIX} letters, digits and "_", no digit first`,
    (prefix) => prefix.length <= LONGEST_PREFIX && /^([A-Za-z_]\w*)?$/.test(prefix),
  ),
}).partial();

/**
 * What `PeerOptions` may hold. Every refusal's message is the text for `OptionsError.allowed`.
 *
 * @internal
 */
export const peerOptionsSchema = strictObject({
  network: choose((value) => (typeof value === 'object' && value !== null ? networkDefinition : networkName)),
  userAgent: text(
    `at most ${LONGEST_USER_AGENT} bytes of UTF-8`,
    (agent) => Buffer.byteLength(agent) <= LONGEST_USER_AGENT,
  ).optional(),
  nonce: integer(0, LARGEST_U32).optional(),
  protocolVersion: integer(0, LARGEST_U32).optional(),
  services: z
    .bigint({ error: 'a bigint from 0n to 18446744073709551615n' })
    .refine((services) => services >= 0n && services < 1n << 64n, {
      error: 'a bigint from 0n to 18446744073709551615n',
    })
    .optional(),
  relay: flag,
  archival: flag,
  compression: flag,
  listen: choose((value) =>
    typeof value === 'object' && value !== null ? listen : z.literal(false, { error: 'false or { host?, port }' }),
  ).optional(),
  announcePort: port.optional(),
  timeouts: timeouts.optional(),
  limits: limits.optional(),
  persistence: persistence.optional(),
  pool: choose((value) =>
    typeof value === 'object' && value !== null ? poolOptionsSchema : z.literal(false, { error: 'false or an object' }),
  ).optional(),
});
