import { Option, type Command as Program } from 'commander';
import type { Ban } from '../persistence/ban.js';
import type { Subnet } from '../pool/addresses/subnet.js';
import { databaseOption, jsonOption } from './arguments.js';
import { parseBanDuration, parseReason, subjectArgument } from './ban-arguments.js';
import type { BanDatabaseOptions } from './ban-database.js';
import { banFacts, banText, FROM_THEN_ON } from './ban-facts.js';
import type { CommandContext } from './command-context.js';
import { networkOption } from './network-option.js';

interface BanOptions extends BanDatabaseOptions {
  readonly for: number;
  readonly reason: string;
}

/** As long as an automatic ban holds by default. */
const USUAL_DURATION = '24h';
const USUAL_REASON = 'by operator';

const HELP = `
Bans an address or subnet on one network: a node that is started afterwards refuses who connects from there, and dials
nobody there. A ban of the same subject is replaced, whoever made it. This needs a stopped node: while one runs on the
database, its process is named, and nothing is done.
With --json {"subject","reason","author","since","until"}, the subject in its shortest form, times in ISO 8601.

Examples:
  $ neo-peer ban 203.0.113.7
  $ neo-peer ban 203.0.113.0/24 --for 7d --reason 'sends garbage'
  $ neo-peer ban 2001:db8::/32 --network n3-testnet --db /var/lib/neo-peer.sqlite`;

/** Adds `neo-peer ban`. */
export function addBanCommand(program: Program, context: CommandContext): void {
  program
    .command('ban')
    .description("ban an address or subnet in a stopped node's database")
    .addArgument(subjectArgument())
    .addOption(
      new Option('--for <time>', 'how long: 30s, 15m, 24h, 7d, 1d12h')
        .argParser(parseBanDuration)
        .default(parseBanDuration(USUAL_DURATION), USUAL_DURATION),
    )
    .addOption(new Option('--reason <text>', 'why').argParser(parseReason).default(USUAL_REASON))
    .addOption(networkOption())
    .addOption(databaseOption())
    .addOption(jsonOption('JSON'))
    .addHelpText('after', HELP)
    .action((subject: Subnet, options: BanOptions) => putBan(subject, options, context));
}

async function putBan(subject: Subnet, options: BanOptions, context: CommandContext): Promise<void> {
  const { network, reason, json } = options;
  const { out, clock } = context;
  const sinceMs = clock.now();
  const untilMs = sinceMs + options.for;
  const ban: Ban = { subject: subject.toString(), reason, author: 'operator', sinceMs, untilMs };
  const { changeStoredBans } = await import('./ban-database.js'); // Nest and TypeORM take long to load
  await changeStoredBans(options, context, (bans) => bans.put(ban)); // an operator's ban always counts
  const facts = banFacts(ban);
  const lines = json ? [JSON.stringify(facts)] : [`banned ${banText(facts)}`, `on ${network}, ${FROM_THEN_ON}`];
  for (const line of lines) await out.line(line);
}
