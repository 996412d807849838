/** Rows of peers, as a node has them that has been up for long: most were only heard of. */
import { createHash } from 'node:crypto';

/** A moment like any other, milliseconds since 1970. */
const NOW_MS = 1_750_000_000_000;
const DAY_MS = 24 * 60 * 60 * 1000;

const USER_AGENTS = Object.freeze(['/NEO:2.12.1/', '/NEO-GO:0.78.4/', '/Neo:3.7.5/']);

/** So many rows of different hosts, the same at every run. Times are near `nowMs`. */
export function peerRows(count, network = 'bench', nowMs = NOW_MS) {
  return Array.from({ length: count }, (_, i) => peerRow(i, network, nowMs));
}

function peerRow(i, network, nowMs) {
  const chance = createHash('sha256').update(`peer ${i}`).digest();
  const reached = i % 10 < 3;
  const seenAtMs = nowMs - (chance.readUInt32LE(8) % (7 * DAY_MS));
  return {
    network,
    host: hostOf(i),
    port: 10333,
    services: 1n,
    userAgent: reached ? USER_AGENTS[i % USER_AGENTS.length] : null,
    protocolVersion: reached ? 0 : null,
    lastHeight: reached ? 5_000_000 + (chance.readUInt16LE(0) % 1000) : null,
    firstSeenAtMs: seenAtMs - 30 * DAY_MS,
    lastSeenAtMs: reached ? seenAtMs : null,
    lastAttemptAtMs: reached || i % 10 < 6 ? seenAtMs : null,
    lastSuccessAtMs: reached ? seenAtMs : null,
    attempts: i % 10 < 6 ? 1 + (chance[4] % 50) : 0,
    failuresInARow: reached ? 0 : chance[5] % 4,
    latencyMs: reached ? 20 + chance[6] / 3 : null,
    lastDisconnectReason: reached ? 'remote-closed' : null,
    source: reached ? 'manual' : 'gossip',
    nextDialAtMs: null,
    learntFrom: hostOf(chance.readUInt16LE(12)),
    sources: 1 + (chance[7] % 5),
  };
}

/** A public IPv4 address; neighbours are of different groups. */
export function hostOf(i) {
  const mixed = Math.imul(i, 0x9e3779b1) >>> 0;
  return `${[11, 23, 34, 45, 51, 62, 77, 88][mixed & 7]}.${(mixed >>> 3) & 0xff}.${(mixed >>> 11) & 0xff}.${1 + ((i >>> 8) % 254)}`;
}

/** The same rows as they are after everybody was talked to once more. */
export function changedRows(rows, by) {
  return rows.map((row) => ({
    ...row,
    attempts: row.attempts + by,
    lastAttemptAtMs: NOW_MS + by,
    lastSeenAtMs: NOW_MS + by,
    lastHeight: 6_000_000 + by,
  }));
}
