import type { Command as Program } from 'commander';
import { formatAddress } from '../environment/address.js';
import type { PeerRecord } from '../persistence/peer-record.js';
import { databaseOption, jsonOption } from './arguments.js';
import type { CommandContext } from './command-context.js';
import { formatTable, type Column } from './table.js';

const HELP = `
With --json one object a row, with every field that is kept: times in milliseconds since 1970, 64-bit numbers as decimal
strings. The database is only read, so this works while a node runs.

Examples:
  $ neo-peer peers
  $ neo-peer peers --db /var/lib/neo-peer.sqlite --json`;

/** Adds `neo-peer peers`. */
export function addPeersCommand(program: Program, { out }: CommandContext): void {
  program
    .command('peers')
    .description('list the peers that the database knows')
    .addOption(databaseOption())
    .addOption(jsonOption('JSON, one object a row'))
    .addHelpText('after', HELP)
    .action(async ({ db, json }: { readonly db: string; readonly json?: true }) => {
      const { readPeerRecords } = await import('../node/stored-peers.js'); // TypeORM takes long to load
      const records = await readPeerRecords(db);
      const lines = json ? records.map(jsonLine) : formatTable(COLUMNS, records);
      for (const line of lines) await out.line(line);
    });
}

const COLUMNS: readonly Column<PeerRecord>[] = [
  { title: 'network', text: ({ network }) => network },
  { title: 'address', text: formatAddress },
  { title: 'source', text: ({ source }) => source },
  { title: 'height', align: 'right', text: ({ lastHeight }) => String(lastHeight ?? '-') },
  { title: 'ping ms', align: 'right', text: ({ latencyMs }) => latencyMs?.toFixed(1) ?? '-' },
  { title: 'dials', align: 'right', text: ({ attempts }) => String(attempts) },
  { title: 'failed', align: 'right', text: ({ failuresInARow }) => String(failuresInARow) },
  { title: 'last success', text: ({ lastSuccessAtMs }) => timeText(lastSuccessAtMs) },
  { title: 'last disconnect', text: ({ lastDisconnectReason }) => lastDisconnectReason ?? '-' },
  { title: 'user agent', text: ({ userAgent }) => userAgent ?? '-' },
];

function timeText(atMs: number | null): string {
  return atMs === null ? 'never' : new Date(atMs).toISOString();
}

function jsonLine(record: PeerRecord): string {
  return JSON.stringify(record, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}
