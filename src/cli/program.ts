import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { CommandContext } from './command-context.js';

/** Adds a command to the program. */
type AddCommand = (program: Command, context: CommandContext) => void;

/** Every command by its name, in the order of the help. Each is loaded when it is needed: most need much that others don't. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = Object.freeze({
  run: async () => (await import('./run.command.js')).addRunCommand,
  headers: async () => (await import('./headers.command.js')).addHeadersCommand,
  blocks: async () => (await import('./blocks.command.js')).addBlocksCommand,
  ping: async () => (await import('./ping.command.js')).addPingCommand,
  watch: async () => (await import('./watch.command.js')).addWatchCommand,
  decode: async () => (await import('./decode.command.js')).addDecodeCommand,
  peers: async () => (await import('./peers.command.js')).addPeersCommand,
  ban: async () => (await import('./ban.command.js')).addBanCommand,
  unban: async () => (await import('./unban.command.js')).addUnbanCommand,
  bans: async () => (await import('./bans.command.js')).addBansCommand,
});

const EXAMPLES = `
Examples:
  $ neo-peer run                                          join a local network and sync its 6000 blocks
  $ neo-peer run --local n3                               the same with NEO N3 and its 50 blocks
  $ neo-peer run --network n3-mainnet                     stay connected to the main network
  $ neo-peer headers --connect seed1.neo.org:10333 --count 10
  $ neo-peer blocks --connect seed1.neo.org:10333 --from 1000 --count 10 --out ten.chain
  $ neo-peer ping --connect seed1.neo.org:10333
  $ neo-peer watch --connect seed1.neo.org:10333
  $ neo-peer decode 000100
  $ neo-peer peers --reached --sort ping --limit 20
  $ neo-peer ban 203.0.113.0/24 --for 7d
  $ neo-peer bans

Without --network, run starts a local network, and every other command speaks to n3-mainnet.
Exit codes: 0 done (Ctrl-C too), 1 failed, 2 wrong usage.`;

/**
 * The command line. Parsing it throws `CommanderError` where commander would end the process.
 *
 * @param name the command that is asked for; the program has all of them when it is none
 * @internal
 */
export async function createProgram(context: CommandContext, name: string | undefined): Promise<Command> {
  const program = new Command('neo-peer')
    .description('A peer of the NEO network.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .addHelpText('after', EXAMPLES)
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.out.post(text.trimEnd()),
      writeErr: () => undefined, // errors are reported in one place, as one line
      getOutHelpWidth: () => context.out.stream.columns || 100,
    });
  const asked = name !== undefined && Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]!] : Object.values(COMMANDS);
  for (const load of asked) (await load())(program, context);
  return program;
}

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}
