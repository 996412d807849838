import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { CommandContext } from './command-context.js';
import { addDecodeCommand } from './decode.command.js';
import { addHeadersCommand } from './headers.command.js';
import { addPeersCommand } from './peers.command.js';
import { addRunCommand } from './run.command.js';

const EXAMPLES = `
Examples:
  $ neo-peer run                                          join a local network and sync its 6000 blocks
  $ neo-peer run --network legacy-mainnet                 stay connected to the main network
  $ neo-peer headers --network legacy-mainnet --connect seed1.ngd.network:10333 --count 10
  $ neo-peer decode --network legacy-mainnet 416e740076657261636b000000000000000000005df6e0e2
  $ neo-peer peers --db ./neo-peer.sqlite

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
