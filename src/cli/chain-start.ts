import type { NetworkDefinition } from '../config/options.js';
import { knownGenesisBlock } from '../node/genesis-blocks.js';
import { RequestTimeoutError } from '../peer/errors/request-timeout.error.js';
import type { Peer } from '../peer/peer.js';
import type { BlockHeader } from '../wire/common/block-header.js';
import type { Block } from '../wire/common/block.js';
import type { ChainPosition } from '../wire/common/dialect.js';
import { dialectOf } from '../wire/messages.js';
import { UInt256 } from '../wire/primitives/uint256.js';
import type { BlockName } from './arguments.js';
import { MissingBlockError } from './missing-block.error.js';
import { UsageError } from './usage.error.js';

/** How long a single block may take, milliseconds. */
const BLOCK_WITHIN_MS = 12_000;

/** Where a part of the chain begins, in the words of the node's dialect. */
export interface ChainStart {
  /** What `--from` says, for messages: `after 0x…` or `from index 5`. */
  readonly text: string;
  /** What the node is asked for. */
  readonly position: ChainPosition;
  /** Indexes below are not wanted: in Legacy the only way to an index is a walk from the genesis block. */
  readonly firstIndex: number;
  /** The header before the first one that is asked for; undefined if it isn't known. */
  readonly previous: BlockHeader | undefined;
  /** Wanted before what is asked for: in Legacy no request for headers gives the genesis block. */
  readonly genesis?: Block;
}

/** What {@link findChainStart} works with. */
interface Search {
  readonly peer: Peer;
  readonly genesis: UInt256;
  readonly genesisHeader: BlockHeader | undefined;
  readonly signal: AbortSignal;
}

/**
 * Turns what somebody says into what a node can be asked: fetches a block where that takes one.
 *
 * @param from default: the genesis block's hash
 * @throws UsageError where the genesis block is needed and the network's isn't known
 * @throws MissingBlockError when the node doesn't have a block that is needed
 * @internal
 */
export async function findChainStart(
  peer: Peer,
  network: NetworkDefinition,
  from: BlockName | undefined,
  signal: AbortSignal,
): Promise<ChainStart> {
  const genesis = genesisOf(network);
  const search: Search = { peer, genesis, genesisHeader: knownGenesisBlock(network.dialect, genesis)?.header, signal };
  const start = from ?? genesis;
  const asksByIndex = dialectOf(network.dialect).limits.blocksPerRequest > 0;
  if (typeof start === 'number') return asksByIndex ? startAt(start, search) : walkTo(start, search);
  return asksByIndex ? startBehind(start, search) : startAfter(start, search);
}

function genesisOf({ name, genesis }: NetworkDefinition): UInt256 {
  if (genesis === undefined) throw new UsageError(`the genesis block of ${name} is not known`);
  return UInt256.from(genesis);
}

function startAt(index: number, { genesisHeader }: Search): ChainStart {
  const previous = index === 1 ? genesisHeader : undefined;
  return { text: `from index ${index}`, position: { index }, firstIndex: index, previous };
}

async function walkTo(index: number, search: Search): Promise<ChainStart> {
  const { genesis, genesisHeader } = search;
  const walk = { text: `from index ${index}`, position: { after: genesis }, firstIndex: index };
  if (index > 0) return { ...walk, previous: genesisHeader };
  const block = await fetchBlock(genesis, search);
  return { ...walk, previous: block.header, genesis: block };
}

/** After the block of that hash, where the node can only be asked by index. */
async function startBehind(hash: UInt256, search: Search): Promise<ChainStart> {
  const isGenesis = hash.equals(search.genesis);
  const previous = isGenesis ? search.genesisHeader : (await fetchBlock(hash, search)).header;
  const index = isGenesis ? 1 : previous!.index + 1;
  return { text: `after ${hash.toString()}`, position: { index }, firstIndex: index, previous };
}

function startAfter(hash: UInt256, { genesis, genesisHeader }: Search): ChainStart {
  const previous = hash.equals(genesis) ? genesisHeader : undefined;
  return { text: `after ${hash.toString()}`, position: { after: hash }, firstIndex: 0, previous };
}

async function fetchBlock(hash: UInt256, { peer, signal }: Search): Promise<Block> {
  let cause: unknown;
  try {
    const { found } = await peer.requestBlocks([hash], { signal, timeoutMs: BLOCK_WITHIN_MS });
    const [block] = found;
    if (block !== undefined) return block;
  } catch (error) {
    if (!(error instanceof RequestTimeoutError)) throw error;
    cause = error;
  }
  throw new MissingBlockError(peer, hash, { cause });
}
