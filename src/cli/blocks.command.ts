import { Option, type Command as Program } from 'commander';
import type { NetworkDefinition, NetworkName } from '../config/options.js';
import type { Endpoint } from '../environment/connection.js';
import { ChainFileWriter } from '../node/chain-file-writer.js';
import type { Block } from '../wire/common/block.js';
import {
  connectOption,
  countOption,
  fromOption,
  jsonOption,
  magicOption,
  noVerifyOption,
  parsePath,
} from './arguments.js';
import { blocksFrom } from './blocks-from.js';
import { listChain, type ChainListing } from './chain-listing.js';
import { openChainPart, type ChainPartOptions } from './chain-part.js';
import type { CommandContext } from './command-context.js';
import { networkNamed, networkOption } from './network-option.js';

interface BlocksOptions extends ChainPartOptions {
  readonly network: NetworkName;
  readonly connect: Endpoint;
  readonly magic?: number;
  readonly out?: string;
  readonly json?: true;
}

const HELP = `
Prints one line a block: index, hash, size in bytes, number of transactions. With --json
{"index","hash","prevHash","size","transactions"}. --from, --count and what is verified are as for headers; besides, every
block's transactions are those that its header promises.

With --out the blocks themselves are written to a file, and {"blocks","bytes"} is printed in the end: a u32 count, then a
u32 length and the bytes of each block, all little-endian. A file that is there is replaced, once all blocks have come.

Examples:
  $ neo-peer blocks --connect seed1.neo.org:10333 --count 10
  $ neo-peer blocks --network n3-testnet --connect seed1t5.neo.org:20333 --from 1000000 --count 500 --out t5.chain
  $ neo-peer blocks --network legacy-privnet --magic 7630401 --connect 127.0.0.1:20402 --from 5 --count 1 --json`;

/** Adds `neo-peer blocks`. */
export function addBlocksCommand(program: Program, context: CommandContext): void {
  program
    .command('blocks')
    .description('fetch blocks from a node, and print what they are or write them to a file')
    .addOption(networkOption())
    .addOption(connectOption())
    .addOption(magicOption())
    .addOption(fromOption())
    .addOption(countOption())
    .addOption(new Option('--out <path>', 'write the blocks to that file').argParser(parsePath))
    .addOption(noVerifyOption())
    .addOption(jsonOption('JSON, one object a line'))
    .addHelpText('after', HELP)
    .action(async (options: BlocksOptions) => {
      const network = networkNamed(options.network, options.magic);
      if (options.out === undefined) await printBlocks(network, options, context);
      else await writeBlocks(network, options, options.out, context);
    });
}

async function printBlocks(network: NetworkDefinition, options: BlocksOptions, context: CommandContext): Promise<void> {
  const format = options.json ? jsonLine : plainLine;
  await listBlocks(network, options, context, { isPrinted: true, put: (block) => context.out.line(format(block)) });
}

async function writeBlocks(
  network: NetworkDefinition,
  options: BlocksOptions,
  path: string,
  context: CommandContext,
): Promise<void> {
  const file = await ChainFileWriter.create(path);
  try {
    await listBlocks(network, options, context, { isPrinted: false, put: ({ raw }) => file.append(raw) });
    await context.out.line(JSON.stringify(await file.finish()));
  } finally {
    await file.discard(); // nothing, once it is finished
  }
}

async function listBlocks(
  network: NetworkDefinition,
  options: BlocksOptions,
  context: CommandContext,
  how: Pick<ChainListing<Block>, 'isPrinted' | 'put'>,
): Promise<void> {
  const { withPeer } = await import('./with-peer.js'); // Nest takes long to load, and most commands don't need it
  await withPeer(network, options.connect, context, async (dialled) => {
    const part = await openChainPart(dialled, network, options, context);
    const isQuiet = options.json === true;
    await listChain({ what: 'blocks', part, items: blocksFrom(part), isQuiet, ...how }, context);
  });
}

function plainLine({ index, hash, raw, transactions }: Block): string {
  return `${index} ${hash.toString()} ${raw.length} ${transactions.length}`;
}

function jsonLine({ index, hash, header, raw, transactions }: Block): string {
  const { prevHash } = header;
  return JSON.stringify({ index, hash, prevHash, size: raw.length, transactions: transactions.length });
}
