import { EntitySchema } from 'typeorm';
import { hex64, optionalRemoteText, optionalWholeNumber, remoteText, wholeNumber } from './column-transformers.js';
import type { PeerRecord } from './peer-record.js';

/** The columns of the index that rows are loaded along. */
const ORDER_OF_LOADING = Object.freeze(['network', 'lastSuccessAtMs', 'host', 'port'] as const);

/**
 * The table of {@link PeerRecord}. A schema rather than a decorated class, so that rows are the plain shape.
 *
 * Types are those that SQLite and Postgres agree on. Numbers that a remote can choose (versions, heights) are `bigint`,
 * because unsigned 32-bit values don't fit Postgres' `integer`; nothing has a default, because each driver reads those
 * back differently.
 *
 * @publicApi
 */
export const PeerRecordEntity = new EntitySchema<PeerRecord>({
  name: 'PeerRecord',
  tableName: 'record',
  columns: {
    network: { name: 'network', type: 'varchar', primary: true },
    host: { name: 'host', type: 'varchar', primary: true },
    port: { name: 'port', type: 'integer', primary: true },
    services: { name: 'services', type: 'varchar', transformer: hex64 },
    userAgent: { name: 'user_agent', type: 'varchar', nullable: true, transformer: remoteText },
    protocolVersion: { name: 'protocol_version', type: 'bigint', nullable: true, transformer: wholeNumber },
    lastHeight: { name: 'last_height', type: 'bigint', nullable: true, transformer: wholeNumber },
    firstSeenAtMs: { name: 'first_seen_at_ms', type: 'bigint', transformer: wholeNumber },
    lastSeenAtMs: { name: 'last_seen_at_ms', type: 'bigint', nullable: true, transformer: wholeNumber },
    lastAttemptAtMs: { name: 'last_attempt_at_ms', type: 'bigint', nullable: true, transformer: wholeNumber },
    lastSuccessAtMs: { name: 'last_success_at_ms', type: 'bigint', nullable: true, transformer: wholeNumber },
    attempts: { name: 'attempts', type: 'bigint', transformer: wholeNumber },
    failuresInARow: { name: 'failures_in_a_row', type: 'bigint', transformer: wholeNumber },
    latencyMs: { name: 'latency_ms', type: 'double precision', nullable: true },
    lastDisconnectReason: { name: 'last_disconnect_reason', type: 'varchar', nullable: true },
    source: { name: 'source', type: 'varchar' },
    nextDialAtMs: { name: 'next_dial_at_ms', type: 'bigint', nullable: true, transformer: optionalWholeNumber },
    learntFrom: { name: 'learnt_from', type: 'varchar', nullable: true, transformer: optionalRemoteText },
    sources: { name: 'sources', type: 'bigint', nullable: true, transformer: optionalWholeNumber },
  },
  indices: [{ columns: [...ORDER_OF_LOADING] }],
});
