import { DisconnectReason } from './disconnect-reason.js';
import type { CommandStatistic } from './command-statistic.js';
import type { PeerKey, PeerRecord, PeerSource } from './peer-record.js';
import type { SettingRow } from './setting.entity.js';

/** How an address can have come to be known. @internal */
export const PEER_SOURCES: Readonly<Record<PeerSource, true>> = Object.freeze({
  seed: true,
  gossip: true,
  inbound: true,
  manual: true,
});
const MAX_PORT = 65535;

/** SQLite stores a text in a number's column if it is told to. */
const REQUIRED_NUMBERS = Object.freeze(['firstSeenAtMs', 'attempts', 'failuresInARow'] as const);
const OPTIONAL_NUMBERS = Object.freeze([
  'protocolVersion',
  'lastHeight',
  'lastSeenAtMs',
  'lastAttemptAtMs',
  'lastSuccessAtMs',
  'latencyMs',
  'nextDialAtMs',
  'sources',
] as const);

/** The columns that make a peer's key, in its tables. */
export const PEER_KEY = Object.freeze(['network', 'host', 'port'] as const);

/**
 * A row as it came from the database, or undefined if it can't be one of ours: somebody else wrote it, and we could not save
 * it again. A disconnect reason that we don't know (from a newer version) becomes null.
 *
 * @internal
 */
export function checkedRecord(row: PeerRecord): PeerRecord | undefined {
  const sound =
    row.host !== '' &&
    Number.isInteger(row.port) &&
    row.port >= 0 &&
    row.port <= MAX_PORT &&
    Object.hasOwn(PEER_SOURCES, row.source) &&
    REQUIRED_NUMBERS.every((field) => Number.isFinite(row[field])) &&
    OPTIONAL_NUMBERS.every((field) => (row[field] ?? null) === null || Number.isFinite(row[field])) &&
    typeof (row.learntFrom ?? '') === 'string';
  if (!sound) return undefined;
  const known = row.lastDisconnectReason === null || Object.hasOwn(DisconnectReason, row.lastDisconnectReason);
  return known ? row : { ...row, lastDisconnectReason: null };
}

/**
 * A row with null where it lacks a field that older code doesn't know: what every store gives.
 *
 * @internal
 */
export function completeRecord(row: PeerRecord): PeerRecord {
  const { nextDialAtMs = null, learntFrom = null, sources = null } = row;
  return { ...row, nextDialAtMs, learntFrom, sources };
}

/**
 * Whether a setting's row, as it came from the database, can be one of ours. SQLite keeps bytes in any column.
 *
 * @internal
 */
export function isSoundSetting({ name, value }: SettingRow): boolean {
  return typeof name === 'string' && typeof value === 'string' && value !== '';
}

/**
 * The key of a record within its network.
 *
 * @internal
 */
export function recordKey(host: string, port: number): string {
  return `${host} ${port}`;
}

/** One row a key, the last one given: a statement can't change a row twice. */
export function distinctRecords<Row extends PeerKey>(rows: Iterable<Row>): Row[] {
  const byKey = new Map<string, Row>();
  for (const row of rows) byKey.set(`${row.network} ${recordKey(row.host, row.port)}`, row);
  return [...byKey.values()];
}

/** One row a key, with the sums of those given. */
export function summedStatistics(rows: Iterable<CommandStatistic>): CommandStatistic[] {
  const byKey = new Map<string, CommandStatistic>();
  for (const row of rows) {
    const key = statisticKey(row);
    const other = byKey.get(key);
    byKey.set(key, other === undefined ? row : sumOf(other, row));
  }
  return [...byKey.values()];
}

/** The key of a statistic, as text. */
export function statisticKey(row: CommandStatistic): string {
  return `${row.network} ${recordKey(row.host, row.port)} ${row.command} ${row.direction}`;
}

/** Two of the same key as one. */
export function sumOf(a: CommandStatistic, b: CommandStatistic): CommandStatistic {
  return {
    ...a,
    messages: a.messages + b.messages,
    bytes: a.bytes + b.bytes,
    calls: a.calls + b.calls,
    errors: a.errors + b.errors,
    refused: a.refused + b.refused,
    minMs: extreme(Math.min, a.minMs, b.minMs),
    totalMs: a.totalMs + b.totalMs,
    maxMs: extreme(Math.max, a.maxMs, b.maxMs),
    lastAtMs: Math.max(a.lastAtMs, b.lastAtMs),
  };
}

function extreme(choose: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : choose(a, b);
}
