import type { CommandStatistic } from '../../src/persistence/command-statistic.js';
import type { PeerRecord } from '../../src/persistence/peer-record.js';

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

/** All of an async iterable. */
export async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
}
