import type { PeerRecord, PeerSource } from '../persistence/peer-record.js';
import { Subnet } from '../pool/addresses/subnet.js';

/** What rows can be sorted by. */
export const PeerOrder = Object.freeze({
  /** By number, IPv4 first and names last, then by port. */
  address: 'address',
  /** The highest first. */
  height: 'height',
  /** The fastest first. */
  ping: 'ping',
  /** From whom something came last, first. */
  seen: 'seen',
  /** Who was reached last, first. */
  success: 'success',
  /** Who was dialled most, first. */
  dials: 'dials',
  /** Whose last dials failed most often in a row, first. */
  failed: 'failed',
} as const);

/** A key of {@link PeerOrder}. */
export type PeerOrder = keyof typeof PeerOrder;

/** Which rows are wanted, and in which order. Whatever isn't given leaves all, in the order they have. */
export interface PeerSelection {
  readonly network?: string;
  readonly source?: PeerSource;
  /** A part of the user agent; upper and lower case are the same. */
  readonly userAgent?: string;
  /** The least height that it told. */
  readonly minHeight?: number;
  /** A dial led there once. */
  readonly reached?: true;
  readonly sort?: PeerOrder;
  /** The other way round; rows without what is sorted by stay last. */
  readonly reverse?: true;
  readonly limit?: number;
}

/** The rows that are wanted, in the order that is wanted. */
export function selectPeers(records: readonly PeerRecord[], selection: PeerSelection): readonly PeerRecord[] {
  const { sort, reverse, limit } = selection;
  const wanted = records.filter((record) => isWanted(record, selection));
  return sorted(wanted, sort, reverse === true).slice(0, limit);
}

function isWanted(record: PeerRecord, { network, source, userAgent, minHeight, reached }: PeerSelection): boolean {
  if (network !== undefined && record.network !== network) return false;
  if (source !== undefined && record.source !== source) return false;
  if (userAgent !== undefined && !contains(record.userAgent, userAgent)) return false;
  if (minHeight !== undefined && (record.lastHeight ?? -1) < minHeight) return false;
  return reached !== true || record.lastSuccessAtMs !== null;
}

function contains(text: string | null, part: string): boolean {
  return text !== null && text.toLowerCase().includes(part.toLowerCase());
}

function sorted(records: readonly PeerRecord[], order: PeerOrder | undefined, reverse: boolean): readonly PeerRecord[] {
  if (order === undefined) return reverse ? records.toReversed() : records;
  if (order === PeerOrder.address) return byAddress(records, reverse);
  const rank = RANKS[order];
  const ranked = records.map((record) => ({ record, rank: rank(record) }));
  const known = ranked.filter((row): row is { record: PeerRecord; rank: number } => row.rank !== null);
  const unknown = ranked.filter((row) => row.rank === null);
  const direction = reverse ? -1 : 1;
  return [...known.toSorted((a, b) => direction * (a.rank - b.rank)), ...unknown].map(({ record }) => record);
}

/** What comes first has the lowest. */
const RANKS: Readonly<Record<Exclude<PeerOrder, 'address'>, (record: PeerRecord) => number | null>> = Object.freeze({
  height: ({ lastHeight }) => falling(lastHeight),
  ping: ({ latencyMs }) => latencyMs,
  seen: ({ lastSeenAtMs }) => falling(lastSeenAtMs),
  success: ({ lastSuccessAtMs }) => falling(lastSuccessAtMs),
  dials: ({ attempts }) => falling(attempts),
  failed: ({ failuresInARow }) => falling(failuresInARow),
});

function falling(value: number | null): number | null {
  return value === null ? null : -value;
}

/** Addresses are read once each: comparing them as texts would put 10.0.0.0 before 9.0.0.0. */
function byAddress(records: readonly PeerRecord[], reverse: boolean): readonly PeerRecord[] {
  const direction = reverse ? -1 : 1;
  return records
    .map((record) => ({ record, address: Subnet.parse(record.host) }))
    .toSorted((a, b) => direction * (compareHosts(a, b) || a.record.port - b.record.port))
    .map(({ record }) => record);
}

/** A row with its address; undefined for a name. */
interface Located {
  readonly record: PeerRecord;
  readonly address: Subnet | undefined;
}

function compareHosts(a: Located, b: Located): number {
  if (a.address !== undefined && b.address !== undefined) return Subnet.compare(a.address, b.address);
  if (a.address !== undefined) return -1;
  if (b.address !== undefined) return 1;
  if (a.record.host === b.record.host) return 0;
  return a.record.host < b.record.host ? -1 : 1;
}
