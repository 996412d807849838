import { Option, type Command as Program } from 'commander';
import { formatAddress } from '../environment/address.js';
import type { PeerRecord } from '../persistence/peer-record.js';
import { PEER_SOURCES } from '../persistence/stored-rows.js';
import { databaseOption, jsonOption, parseCount, parseHeight, parsePart } from './arguments.js';
import type { CommandContext } from './command-context.js';
import { optionalNetworkOption } from './network-option.js';
import { PeerOrder, selectPeers, type PeerSelection } from './peer-selection.js';
import { formatTable, type Column } from './table.js';

interface PeersOptions extends PeerSelection {
  readonly db: string;
  readonly json?: true;
}

const HELP = `
Without options it lists all networks, each with the newest success first: a success is a dial of this node that led there.
--sort: address by number; height the highest first; ping the fastest; seen, success the newest; dials, failed the most.
Rows that lack what is sorted by come last.
With --json one object a row, with every field that is kept: times in milliseconds since 1970, 64-bit numbers as decimal
strings. The database is only read, so this works while a node runs.

Examples:
  $ neo-peer peers
  $ neo-peer peers --network n3-mainnet --reached --sort ping --limit 20
  $ neo-peer peers --source gossip --user-agent neo-go --min-height 5000000
  $ neo-peer peers --db /var/lib/neo-peer.sqlite --sort failed --json`;

/** Adds `neo-peer peers`. */
export function addPeersCommand(program: Program, { out }: CommandContext): void {
  program
    .command('peers')
    .description('list the peers that the database knows')
    .addOption(databaseOption())
    .addOption(optionalNetworkOption())
    .addOption(new Option('--source <source>', 'only those that became known so').choices(Object.keys(PEER_SOURCES)))
    .addOption(new Option('--user-agent <text>', 'only those whose user agent contains that').argParser(parsePart))
    .addOption(new Option('--min-height <n>', 'only those that told such a height, or more').argParser(parseHeight))
    .addOption(new Option('--reached', 'only those that a dial has led to'))
    .addOption(new Option('--sort <order>', 'sort by that').choices(Object.keys(PeerOrder)))
    .addOption(new Option('--reverse', 'sort the other way round'))
    .addOption(new Option('--limit <n>', 'at most that many').argParser(parseCount))
    .addOption(jsonOption('JSON, one object a row'))
    .addHelpText('after', HELP)
    .action(async ({ db, json, ...selection }: PeersOptions) => {
      const { readPeerRecords } = await import('../node/stored-peers.js'); // TypeORM takes long to load
      const records = selectPeers(await readPeerRecords(db), selection);
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
