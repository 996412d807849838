import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { CommandContext } from './command-context.js';
import { addBlocksCommand } from './blocks.command.js';
import { addDecodeCommand } from './decode.command.js';
import { addHeadersCommand } from './headers.command.js';
import { addPeersCommand } from './peers.command.js';
import { addPingCommand } from './ping.command.js';
import { addRunCommand } from './run.command.js';
import { addWatchCommand } from './watch.command.js';

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
  $ neo-peer peers --db ./neo-peer.sqlite

Without --network, run starts a local network, and every other command speaks to n3-mainnet.
Exit codes: 0 done (Ctrl-C too), 1 failed, 2 wrong usage.`;

/**
 * The whole command line. Throws `CommanderError` where it would end the process.
 *
 * @internal
 */
export function createProgram(context: CommandContext): Command {
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
  addRunCommand(program, context);
  addHeadersCommand(program, context);
  addBlocksCommand(program, context);
  addPingCommand(program, context);
  addWatchCommand(program, context);
  addDecodeCommand(program, context);
  addPeersCommand(program, context);
  return program;
}

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}
