import type { Ban } from '../../src/persistence/ban.js';
import type { CommandStatistic } from '../../src/persistence/command-statistic.js';
import type { PeerRecord } from '../../src/persistence/peer-record.js';
import type { StoreChanges } from '../../src/persistence/peer-store.js';

/** A row with some value in every field. */
export function peerRecord(given: Partial<PeerRecord> = {}): PeerRecord {
  return {
    network: 'legacy-testnet',
    host: '10.0.0.1',
    port: 20333,
    services: 1n,
    userAgent: '/NEO:2.12.0/',
    protocolVersion: 0,
    lastHeight: 4711,
    firstSeenAtMs: 1_700_000_000_000,
    lastSeenAtMs: 1_700_000_100_000,
    lastAttemptAtMs: 1_700_000_050_000,
    lastSuccessAtMs: 1_700_000_050_100,
    attempts: 3,
    failuresInARow: 0,
    latencyMs: 12.5,
    lastDisconnectReason: 'idle',
    source: 'seed',
    nextDialAtMs: 1_700_000_200_000,
    learntFrom: '10.0.0.9',
    sources: 2,
    ...given,
  };
}

/** Sums with some value in every field. */
export function commandStatistic(given: Partial<CommandStatistic> = {}): CommandStatistic {
  return {
    network: 'legacy-testnet',
    host: '10.0.0.1',
    port: 20333,
    command: 'headers',
    direction: 'in',
    messages: 2,
    bytes: 1000,
    calls: 2,
    errors: 1,
    refused: 0,
    minMs: 0.5,
    totalMs: 2,
    maxMs: 1.5,
    lastAtMs: 1_700_000_100_000,
    ...given,
  };
}

/** A ban with some value in every field. */
export function ban(given: Partial<Ban> = {}): Ban {
  return {
    subject: '10.0.0.66',
    reason: 'malformed',
    evidence: 'headers: 2001 of at most 2000',
    author: 'automatic',
    sinceMs: 1_700_000_000_000,
    untilMs: 1_700_086_400_000,
    dryRun: true,
    ...given,
  };
}

/** Changes of what is given, and of nothing else. */
export function changes(given: Partial<StoreChanges> = {}): StoreChanges {
  return { peers: [], statistics: [], ...given };
}

/** All of an async iterable. */
export async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
}
