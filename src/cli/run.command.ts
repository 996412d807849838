import { Option, type Command as Program } from 'commander';
import type { NetworkName } from '../config/options.js';
import type { Endpoint } from '../environment/connection.js';
import type { DialectName } from '../wire/common/dialect-name.js';
import { collectEndpoints, databaseOption, jsonOption, magicOption, parsePort } from './arguments.js';
import type { CommandContext } from './command-context.js';
import { networkNamed, optionalNetworkOption } from './network-option.js';
import type { RunPlan } from './run/run-plan.js';
import type { RunReporter } from './run/run-reporter.js';
import { UsageError } from './usage.error.js';

interface RunOptions {
  readonly network?: NetworkName;
  readonly local?: DialectName;
  readonly connect?: readonly Endpoint[];
  readonly magic?: number;
  readonly db: string;
  readonly listen?: number;
  readonly json?: true;
  readonly exit?: boolean;
}

/** The networks that run in this process. */
const LOCAL_NETWORKS = { legacy: 'legacy-local', n3: 'n3-local' } as const satisfies Record<DialectName, NetworkName>;

const HELP = `
Without --network it starts a local network of three peers in this process, syncs the recorded chain they serve, then
shows the peers until Ctrl-C; --local says whose protocol they speak. On another network it finds peers and keeps them, and
fetches the blocks that they announce. Above the peers it shows how the pool is doing: outbound slots, addresses that are
kept (--connect), inbound peers, network groups, the address book, bans, and what is wrong. One node a database: as long as
it runs, its process stands in <db>.pid.

With --json it prints one object a line, {"event",...}:
  listening connected ready disconnected progress synced block storeFailed storeRecovered summary
  pool, in the beginning and once a minute: outboundWanted outboundReady outboundDialling keptWanted keptReady
    inboundConnected inboundAllowed groups bookKnown bookTried bans starvedSinceMs bansFrozenUntilMs refused evicted
  starved healed; banned unbanned (fields as in bans --json); banBrake (share); evicted (address)
  refusedInbound (host, reason), at most ten a second; "omitted" counts those without a line before it

Examples:
  $ neo-peer run --exit
  $ neo-peer run --local n3
  $ neo-peer run --network n3-privnet --connect 127.0.0.1:20333 --db ./privnet.sqlite --json`;

/** Adds `neo-peer run`. */
export function addRunCommand(program: Program, context: CommandContext): void {
  program
    .command('run')
    .description('run a node')
    .addOption(optionalNetworkOption())
    .addOption(
      new Option('--local <dialect>', 'the local network of that protocol (default: legacy)').choices(
        Object.keys(LOCAL_NETWORKS),
      ),
    )
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
      await runNode(plan, await reporterFor(options, context), context);
    });
}

function planOf(options: RunOptions): RunPlan {
  const { connect = [], magic, db, listen, exit = false } = options;
  const name = networkNameOf(options);
  const network = networkNamed(name, magic);
  const embedded = connect.length === 0 && Object.values<NetworkName>(LOCAL_NETWORKS).includes(name);
  if (exit && !embedded)
    throw new UsageError('--exit is for the local network: no chain is synced on another, so there is no end');
  return { network, embedded, connect, database: db, exit, ...(listen === undefined ? {} : { listen }) };
}

/** Without a word it is the local network of Legacy. */
function networkNameOf({ network, local, connect = [] }: RunOptions): NetworkName {
  if (local === undefined) {
    if (network === undefined && connect.length > 0) throw new UsageError('--connect needs --network');
    return network ?? LOCAL_NETWORKS.legacy;
  }
  if (connect.length > 0) throw new UsageError('--local starts its own peers: --connect needs --network alone');
  const name = LOCAL_NETWORKS[local];
  if (network !== undefined && network !== name) {
    throw new UsageError(`--local ${local} is the network ${name}, --network says ${network}`);
  }
  return name;
}

async function reporterFor({ json }: RunOptions, { out, clock }: CommandContext): Promise<RunReporter> {
  if (json) return new (await import('./run/json-reporter.js')).JsonReporter(out, clock);
  if (out.isTerminal) return new (await import('./run/terminal-reporter.js')).TerminalReporter(out, clock);
  return new (await import('./run/plain-reporter.js')).PlainReporter(out, clock);
}
