import type { Command as Program } from 'commander';
import { Option } from 'commander';
import type { NetworkDefinition, NetworkName } from '../config/options.js';
import type { Endpoint } from '../environment/connection.js';
import { HeaderLinks } from '../node/header-links.js';
import type { Peer } from '../peer/peer.js';
import type { BlockHeader } from '../wire/common/block-header.js';
import { UInt256 } from '../wire/primitives/uint256.js';
import { jsonOption, magicOption, parseCount, parseEndpoint, parseHash } from './arguments.js';
import type { CommandContext } from './command-context.js';
import { headersAfter } from './headers-after.js';
import { IncompleteError } from './incomplete.error.js';
import { networkNamed, networkOption } from './network-option.js';
import { ProgressDisplay } from './progress-display.js';
import { UsageError } from './usage.error.js';

interface HeadersOptions {
  readonly network: NetworkName;
  readonly connect: Endpoint;
  readonly magic?: number;
  readonly from?: UInt256;
  readonly count?: number;
  readonly json?: true;
}

const HELP = `
Prints one line a header: index, hash, time. With --json {"index","hash","prevHash","merkleRoot","timestamp"}, the
timestamp as on the wire (seconds). Begins with the header after --from and ends after --count, or at the height that
the peer told in its version. Every header's link to the one before it is checked. Nodes are silent about blocks that
they don't have: when nothing comes, it gives up after a while and says so.

Examples:
  $ neo-peer headers --network legacy-mainnet --connect seed1.ngd.network:10333 --count 10
  $ neo-peer headers --network legacy-privnet --magic 7630401 --connect 127.0.0.1:20402 --from 6b8dbaa8...f429ad`;

/** Headers between two updates of the progress display. */
const SHOW_EVERY = 100;

/** Adds `neo-peer headers`. */
export function addHeadersCommand(program: Program, context: CommandContext): void {
  program
    .command('headers')
    .description('fetch headers from a node and print them')
    .addOption(networkOption().makeOptionMandatory())
    .addOption(new Option('--connect <host:port>', 'the node to ask').argParser(parseEndpoint).makeOptionMandatory())
    .addOption(magicOption())
    .addOption(new Option('--from <hash>', 'begin after that block (default: the genesis block)').argParser(parseHash))
    .addOption(new Option('--count <n>', 'end after that many (default: at the tip)').argParser(parseCount))
    .addOption(jsonOption('JSON, one object a line'))
    .addHelpText('after', HELP)
    .action(async (options: HeadersOptions) => {
      const network = networkNamed(options.network, options.magic);
      const from = options.from ?? genesisOf(network);
      const { withPeer } = await import('./with-peer.js'); // Nest takes long to load, and most commands don't need it
      await withPeer(network, options.connect, context, (peer) => printHeaders(peer, from, options, context));
    });
}

function genesisOf(network: NetworkDefinition): UInt256 {
  if (network.genesis === undefined)
    throw new UsageError(`the genesis block of ${network.name} is not known: give --from`);
  return UInt256.from(network.genesis);
}

async function printHeaders(
  peer: Peer,
  from: UInt256,
  options: HeadersOptions,
  context: CommandContext,
): Promise<void> {
  const { out, err, clock, signal } = context;
  const { count } = options;
  const format = options.json ? jsonLine : plainLine;
  const links = new HeaderLinks({ hash: from });
  // On a terminal that shows both, the lines are the progress.
  const progress = out.isTerminal && err.isTerminal ? undefined : new ProgressDisplay(err, clock);
  let printed = 0;
  const show = (index: number): void =>
    progress?.update('headers', printed, count ?? printed + Math.max(peer.height - index, 0));
  try {
    for await (const header of headersAfter(peer, from, { clock, signal, ...(count === undefined ? {} : { count }) })) {
      links.append(header);
      const full = out.line(format(header));
      if (full !== undefined) await full;
      printed++;
      if (printed % SHOW_EVERY === 0) show(header.index);
    }
    if (printed > 0) show(links.tip.index ?? 0);
    else err.post(`no headers after ${from.toString()}: the node's height is ${peer.height}`);
  } finally {
    progress?.stop();
  }
  if (count !== undefined && printed < count) throw new IncompleteError(count, printed, 'headers');
}

function plainLine(header: BlockHeader): string {
  return `${header.index} ${header.hash.toString()} ${new Date(header.timeMs).toISOString()}`;
}

function jsonLine({ index, hash, prevHash, merkleRoot, timestamp }: BlockHeader): string {
  return JSON.stringify({ index, hash, prevHash, merkleRoot, timestamp });
}
