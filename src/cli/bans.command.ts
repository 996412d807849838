import type { Command as Program } from 'commander';
import { databaseOption, jsonOption } from './arguments.js';
import type { BanDatabaseOptions } from './ban-database.js';
import { banFacts, type BanFacts } from './ban-facts.js';
import type { CommandContext } from './command-context.js';
import { networkOption } from './network-option.js';
import { formatTable, type Column } from './table.js';

const HELP = `
Lists the bans that hold on one network, in order of their addresses. The database is only read, but of a stopped node:
while one runs on it, its process is named, because what it has banned since its last save is in its memory.
With --json one object a ban: {"subject","reason","author","since","until"}, times in ISO 8601, author "automatic" or
"operator"; automatic ones have "evidence", and those of a dry run "dryRun": true.

Examples:
  $ neo-peer bans
  $ neo-peer bans --network n3-testnet --db /var/lib/neo-peer.sqlite --json`;

/** Adds `neo-peer bans`. */
export function addBansCommand(program: Program, context: CommandContext): void {
  program
    .command('bans')
    .description("list the bans in a stopped node's database")
    .addOption(networkOption())
    .addOption(databaseOption())
    .addOption(jsonOption('JSON, one object a ban'))
    .addHelpText('after', HELP)
    .action(async (options: BanDatabaseOptions) => {
      const { listStoredBans } = await import('./ban-database.js'); // Nest and TypeORM take long to load
      const bans = (await listStoredBans(options, context)).map(banFacts);
      const lines = options.json ? bans.map((ban) => JSON.stringify(ban)) : plainLines(bans, options.network);
      for (const line of lines) await context.out.line(line);
    });
}

function plainLines(bans: readonly BanFacts[], network: string): string[] {
  const count = bans.length === 1 ? '1 ban' : `${bans.length} bans`;
  return [`${count} on ${network}`, ...(bans.length === 0 ? [] : formatTable(COLUMNS, bans))];
}

const COLUMNS: readonly Column<BanFacts>[] = [
  { title: 'subject', text: ({ subject }) => subject },
  { title: 'until', text: ({ until }) => until },
  { title: 'author', text: ({ author, dryRun }) => (dryRun ? `${author} (dry run)` : author) },
  { title: 'since', text: ({ since }) => since },
  { title: 'reason', text: ({ reason }) => reason },
  { title: 'evidence', text: ({ evidence }) => evidence ?? '-' },
];
