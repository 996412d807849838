import type { Command as Program } from 'commander';
import type { NetworkName } from '../config/options.js';
import { formatAddress } from '../environment/address.js';
import { withinLimits } from '../environment/call-limits.js';
import type { Endpoint } from '../environment/connection.js';
import { PeerClosedError } from '../peer/errors/peer-closed.error.js';
import type { Peer } from '../peer/peer.js';
import { AnnouncementWatch, type WatchFormat } from './announcement-watch.js';
import { connectOption, jsonOption, magicOption } from './arguments.js';
import type { CommandContext } from './command-context.js';
import { networkNamed, networkOption } from './network-option.js';

interface WatchOptions {
  readonly network: NetworkName;
  readonly connect: Endpoint;
  readonly magic?: number;
  readonly json?: true;
}

const HELP = `
Prints one line for every hash that the node announces (inv, kind, hash), then one for every block (block, index, hash, size
in bytes, number of transactions) and every transaction (transaction, hash, size) that it gives when asked for it, until
Ctrl-C. With --json {"event":"inv","hash","kind"}, {"event":"block","hash","index","prevHash","size","transactions"} and
{"event":"transaction","hash","size"}. What else nodes announce (consensus, extensible, ...) is not fetched. What a node no
longer has doesn't come. When the node hangs up that is an error, with the reason.

Examples:
  $ neo-peer watch --connect seed1.neo.org:10333
  $ neo-peer watch --network legacy-privnet --connect 127.0.0.1:20333 --json | grep '"event":"block"'`;

/** Adds `neo-peer watch`. */
export function addWatchCommand(program: Program, context: CommandContext): void {
  program
    .command('watch')
    .description('print what a node announces')
    .addOption(networkOption())
    .addOption(connectOption())
    .addOption(magicOption())
    .addOption(jsonOption('JSON, one object a line'))
    .addHelpText('after', HELP)
    .action(async ({ network: name, connect, magic, json }: WatchOptions) => {
      const { behaviours } = new AnnouncementWatch(json ? JSON_LINES : PLAIN_LINES, context);
      const { withPeer } = await import('./with-peer.js'); // Nest takes long to load, and most commands don't need it
      await withPeer(networkNamed(name, magic), connect, context, ({ peer }) => untilOver(peer, context), behaviours);
    });
}

/** Waits for whatever ends it: the remote, Ctrl-C, or an output that takes no more. */
async function untilOver(peer: Peer, { err, out, clock, signal }: CommandContext): Promise<void> {
  if (out.isTerminal) err.post(`watching ${formatAddress(peer.remoteAddress)} (height ${peer.height}), Ctrl-C ends it`);
  try {
    const { reason, error } = await withinLimits(peer.closed, clock, { signal }, () => new PeerClosedError('idle'));
    throw new PeerClosedError(reason, { cause: error });
  } catch (error) {
    throw out.closed.aborted ? out.closed.reason : error;
  }
}

const PLAIN_LINES: WatchFormat = {
  inv: (kind, hash) => `inv ${kind} ${hash.toString()}`,
  block: ({ index, hash, raw, transactions }) =>
    `block ${index} ${hash.toString()} ${raw.length} ${transactions.length}`,
  transaction: ({ hash, size }) => `transaction ${hash.toString()} ${size}`,
};

const JSON_LINES: WatchFormat = {
  inv: (kind, hash) => JSON.stringify({ event: 'inv', hash, kind }),
  block: ({ index, hash, header: { prevHash }, raw, transactions }) =>
    JSON.stringify({ event: 'block', hash, index, prevHash, size: raw.length, transactions: transactions.length }),
  transaction: ({ hash, size }) => JSON.stringify({ event: 'transaction', hash, size }),
};
