import { Option, type Command as Program } from 'commander';
import type { NetworkName } from '../config/options.js';
import type { Endpoint } from '../environment/connection.js';
import { collectEndpoints, databaseOption, jsonOption, magicOption, parsePort } from './arguments.js';
import type { CommandContext } from './command-context.js';
import { networkNamed, networkOption } from './network-option.js';
import { JsonReporter } from './run/json-reporter.js';
import { PlainReporter } from './run/plain-reporter.js';
import type { RunPlan } from './run/run-plan.js';
import type { RunReporter } from './run/run-reporter.js';
import { TerminalReporter } from './run/terminal-reporter.js';
import { UsageError } from './usage.error.js';

interface RunOptions {
  readonly network?: NetworkName;
  readonly connect?: readonly Endpoint[];
  readonly magic?: number;
  readonly db: string;
  readonly listen?: number;
  readonly json?: true;
  readonly exit?: boolean;
}

const HELP = `
Without --network it starts a local network of three peers in this process, syncs the recorded chain they serve, then
shows the peers until Ctrl-C. On another network it stays connected and fetches the blocks that peers announce.
With --json it prints one object a line: {"event":"listening"|"connected"|"ready"|"disconnected"|"progress"|"synced"|
"block"|"summary",...}.

Examples:
  $ neo-peer run --exit
  $ neo-peer run --network legacy-privnet --connect 127.0.0.1:20333 --db ./privnet.sqlite --json`;

/** Adds `neo-peer run`. */
export function addRunCommand(program: Program, context: CommandContext): void {
  program
    .command('run')
    .description('run a node')
    .addOption(networkOption())
    .addOption(
      new Option('--connect <host:port>', 'stay connected to that node (repeatable)').argParser(collectEndpoints),
    )
    .addOption(magicOption())
    .addOption(databaseOption())
    .addOption(new Option('--listen <port>', 'accept connections there').argParser(parsePort))
    .addOption(new Option('--exit', 'end after the sync (local network only)'))
    .addOption(jsonOption('events as JSON, one object a line'))
    .addHelpText('after', HELP)
    .action(async (options: RunOptions) => {
      const plan = planOf(options);
      const { runNode } = await import('./run/run-node.js'); // Nest and TypeORM take long to load
      await runNode(plan, reporterFor(options, context), context);
    });
}

function planOf({ network: name, connect = [], magic, db, listen, exit = false }: RunOptions): RunPlan {
  if (name === undefined && connect.length > 0) throw new UsageError('--connect needs --network');
  const network = networkNamed(name ?? 'legacy-local', magic);
  const embedded = network.name === 'legacy-local' && connect.length === 0;
  if (exit && !embedded)
    throw new UsageError('--exit is for the local network: no chain is synced on another, so there is no end');
  return { network, embedded, connect, database: db, exit, ...(listen === undefined ? {} : { listen }) };
}

function reporterFor({ json }: RunOptions, { out, clock }: CommandContext): RunReporter {
  if (json) return new JsonReporter(out);
  return out.isTerminal ? new TerminalReporter(out, clock) : new PlainReporter(out, clock);
}
