import type { Command as Program } from 'commander';
import type { Ban } from '../persistence/ban.js';
import { Subnet } from '../pool/addresses/subnet.js';
import { databaseOption, jsonOption } from './arguments.js';
import { subjectArgument } from './ban-arguments.js';
import type { BanDatabaseOptions } from './ban-database.js';
import { banFacts, FROM_THEN_ON } from './ban-facts.js';
import type { CommandContext } from './command-context.js';
import { networkOption } from './network-option.js';
import { NotBannedError } from './not-banned.error.js';

const HELP = `
Lifts every ban of an address or subnet on one network: bans of it and of parts of it go; where more was banned than is
lifted, the rest stays banned. Nothing to lift is an error. This needs a stopped node: while one runs on the database, its
process is named, and nothing is done.
With --json one object for each ban that was lifted or cut: {"subject","reason","author","since","until","rest"}, as it
was; "rest" lists the subnets of it that stay banned, and is empty where nothing does.

Examples:
  $ neo-peer unban 203.0.113.7
  $ neo-peer unban 10.1.0.0/16 --network n3-testnet --json`;

/** Adds `neo-peer unban`. */
export function addUnbanCommand(program: Program, context: CommandContext): void {
  program
    .command('unban')
    .description("lift the bans of an address or subnet in a stopped node's database")
    .addArgument(subjectArgument())
    .addOption(networkOption())
    .addOption(databaseOption())
    .addOption(jsonOption('JSON, one object a ban'))
    .addHelpText('after', HELP)
    .action((subject: Subnet, options: BanDatabaseOptions) => liftBans(subject, options, context));
}

async function liftBans(subject: Subnet, options: BanDatabaseOptions, context: CommandContext): Promise<void> {
  const { network, json } = options;
  const { changeStoredBans } = await import('./ban-database.js'); // Nest and TypeORM take long to load
  const lifted = await changeStoredBans(options, context, (bans) => {
    const gone = bans.lift(subject);
    if (gone.length === 0) throw new NotBannedError(subject.toString(), network);
    return gone;
  });
  const format = json ? jsonLine : plainLine;
  for (const ban of lifted) await context.out.line(format(ban, subject));
  if (!json) await context.out.line(`on ${network}, ${FROM_THEN_ON}`);
}

function plainLine(ban: Ban, subject: Subnet): string {
  const rest = restOf(ban, subject);
  if (rest.length === 0) return `unbanned ${ban.subject}`;
  const count = rest.length === 1 ? '1 subnet' : `${rest.length} subnets`;
  const { until } = banFacts(ban);
  return `unbanned ${subject.toString()}; the rest of ${ban.subject} stays banned until ${until}, as ${count}`;
}

function jsonLine(ban: Ban, subject: Subnet): string {
  return JSON.stringify({ ...banFacts(ban), rest: restOf(ban, subject) });
}

function restOf(ban: Ban, subject: Subnet): string[] {
  return Subnet.parse(ban.subject)!.minus(subject).map(String);
}
