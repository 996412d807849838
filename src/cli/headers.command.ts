import type { Command as Program } from 'commander';
import type { NetworkDefinition, NetworkName } from '../config/options.js';
import type { Endpoint } from '../environment/connection.js';
import type { BlockHeader } from '../wire/common/block-header.js';
import { connectOption, countOption, fromOption, jsonOption, magicOption, noVerifyOption } from './arguments.js';
import { listChain } from './chain-listing.js';
import { openChainPart, type ChainPartOptions } from './chain-part.js';
import type { CommandContext } from './command-context.js';
import { headersFrom } from './headers-from.js';
import { networkNamed, networkOption } from './network-option.js';
import type { DialledPeer } from './with-peer.js';

interface HeadersOptions extends ChainPartOptions {
  readonly network: NetworkName;
  readonly connect: Endpoint;
  readonly magic?: number;
  readonly json?: true;
}

const HELP = `
Prints one line a header: index, hash, time. With --json {"index","hash","prevHash","merkleRoot","timestamp"}, the
timestamp as on the wire (Legacy: seconds, N3: milliseconds). Begins with the header after the hash of --from, or with that
of its index, and ends after --count, or at the height that the node told. Legacy nodes can't be asked by index: then it
walks there from the genesis block. N3 nodes can't be asked by hash: then the block of that hash is fetched first.

Every header is verified: its link to the one before it, its time, and its signatures. Where the one before the first is
not known, the first is taken on trust, and a line on stderr says so. Nodes are silent about what they don't have: when
nothing comes, it gives up after a while and says so.

Examples:
  $ neo-peer headers --connect seed1.neo.org:10333 --count 10
  $ neo-peer headers --network n3-testnet --connect seed1t5.neo.org:20333 --from 1000000 --json
  $ neo-peer headers --network legacy-privnet --magic 7630401 --connect 127.0.0.1:20402 --from 6b8dbaa8...f429ad`;

/** Adds `neo-peer headers`. */
export function addHeadersCommand(program: Program, context: CommandContext): void {
  program
    .command('headers')
    .description('fetch headers from a node and print them')
    .addOption(networkOption())
    .addOption(connectOption())
    .addOption(magicOption())
    .addOption(fromOption())
    .addOption(countOption())
    .addOption(noVerifyOption())
    .addOption(jsonOption('JSON, one object a line'))
    .addHelpText('after', HELP)
    .action(async (options: HeadersOptions) => {
      const network = networkNamed(options.network, options.magic);
      const { withPeer } = await import('./with-peer.js'); // Nest takes long to load, and most commands don't need it
      await withPeer(network, options.connect, context, (dialled) => printHeaders(dialled, network, options, context));
    });
}

async function printHeaders(
  dialled: DialledPeer,
  network: NetworkDefinition,
  { json, ...options }: HeadersOptions,
  context: CommandContext,
): Promise<void> {
  const part = await openChainPart(dialled, network, options, context);
  const format = json ? jsonLine : plainLine;
  await listChain(
    {
      what: 'headers',
      part,
      items: headersFrom(part),
      isPrinted: true,
      isQuiet: json === true,
      put: (header: BlockHeader) => context.out.line(format(header)),
    },
    context,
  );
}

function plainLine(header: BlockHeader): string {
  return `${header.index} ${header.hash.toString()} ${new Date(header.timeMs).toISOString()}`;
}

function jsonLine({ index, hash, prevHash, merkleRoot, timestamp }: BlockHeader): string {
  return JSON.stringify({ index, hash, prevHash, merkleRoot, timestamp });
}
