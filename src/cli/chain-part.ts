import type { NetworkDefinition } from '../config/options.js';
import type { Clock } from '../environment/clock.js';
import type { Peer } from '../peer/peer.js';
import { dialectOf } from '../wire/messages.js';
import type { BlockName } from './arguments.js';
import { findChainStart, type ChainStart } from './chain-start.js';
import type { CommandContext } from './command-context.js';
import { HeaderChain } from './header-chain.js';
import { pingOf } from './ping-report.js';
import type { DialledPeer } from './with-peer.js';

/** What somebody says of the part of a chain that is wanted. */
export interface ChainPartOptions {
  /** Default: the hash of the genesis block. */
  readonly from?: BlockName;
  /** Default: up to the tip. */
  readonly count?: number;
  /** Whether signatures are checked. */
  readonly verify: boolean;
}

/** A part of one node's chain that is fetched and checked. */
export interface ChainPart {
  readonly peer: Peer;
  readonly start: ChainStart;
  readonly chain: HeaderChain;
  /** End after that many; Infinity is the tip. */
  readonly count: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Finds out where the part begins.
 *
 * @throws what {@link findChainStart} throws
 * @internal
 */
export async function openChainPart(
  { peer, verifier }: DialledPeer,
  network: NetworkDefinition,
  { from, count = Infinity, verify }: ChainPartOptions,
  { clock, signal }: CommandContext,
): Promise<ChainPart> {
  // A node that isn't a full one tells its height in pongs alone.
  if (!dialectOf(peer.dialect).remoteFacts(peer.version!).tellsHeight) await pingOf(peer, signal);
  const start = await findChainStart(peer, network, from, signal);
  return { peer, start, chain: new HeaderChain(verify ? verifier : undefined, start.previous), count, clock, signal };
}
