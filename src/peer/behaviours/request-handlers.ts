import type { Block } from '../../wire/common/block.js';
import type { BlockHeader } from '../../wire/common/block-header.js';
import type { NetworkAddress } from '../../wire/common/network-address.js';
import type { PayloadOf } from '../../wire/messages.js';
import type { UInt256 } from '../../wire/primitives/uint256.js';
import { CommandHandler } from './command-handler.js';
import type { InventoryObject } from './inventory-object.js';

/**
 * Answers `getheaders`. The peer sends the first 2000, in N3 as many as were asked for; undefined or nothing: silence.
 *
 * @publicApi
 */
export abstract class GetHeadersHandler extends CommandHandler<'getheaders', Iterable<BlockHeader> | undefined> {}

/**
 * Answers `getblocks` with hashes of blocks. The peer sends the first 500, in N3 as many as were asked for, each once;
 * undefined or nothing: silence.
 *
 * @publicApi
 */
export abstract class GetBlocksHandler extends CommandHandler<'getblocks', Iterable<UInt256> | undefined> {}

/**
 * Answers `getdata`. Every object goes out in a frame of its own, in order, each when the remote has taken the one
 * before: give an async iterable (an async generator) and only what is being sent is in memory.
 *
 * On N3 the peer then says with `notfound` which of the blocks or transactions asked for weren't among them: nothing at all
 * means that none is there. Undefined is silence on both dialects.
 *
 * @publicApi
 */
export abstract class GetDataHandler extends CommandHandler<
  'getdata',
  Iterable<InventoryObject> | AsyncIterable<InventoryObject> | undefined
> {}

/**
 * Answers `getblockbyindex`. Every block goes out in a frame of its own, in order, each when the remote has taken the one
 * before: give the blocks from `indexStart` on, up to the first one that is missing. The peer sends as many as were asked
 * for, at most 500; undefined or nothing: silence. To a remote that loaded a filter a `merkleblock` may be given in place of
 * a block. N3 only.
 *
 * @publicApi
 */
export abstract class GetBlockByIndexHandler extends CommandHandler<
  'getblockbyindex',
  Iterable<Block | PayloadOf<'merkleblock'>> | AsyncIterable<Block | PayloadOf<'merkleblock'>> | undefined
> {}

/**
 * Answers `mempool` with hashes of transactions. They go out in as many messages of 500 as it takes, each hash once;
 * undefined or nothing: silence.
 *
 * @publicApi
 */
export abstract class MempoolHandler extends CommandHandler<'mempool', Iterable<UInt256> | undefined> {}

/**
 * Answers `getaddr`. The peer sends the first 200; undefined or nothing: silence, since C# nodes drop whoever sends an
 * empty list.
 *
 * @publicApi
 */
export abstract class GetAddrHandler extends CommandHandler<'getaddr', Iterable<NetworkAddress> | undefined> {}

/**
 * Answers `getroots` with state roots. The peer sends as many as were asked for, at most 2000; undefined or nothing:
 * silence. Legacy only.
 *
 * @publicApi
 */
export abstract class GetRootsHandler extends CommandHandler<
  'getroots',
  Iterable<PayloadOf<'stateroot'>> | undefined
> {}

/**
 * Answers `getmptdata` with nodes of the state trie, as their bytes: those met on the way down from each hash asked for. The
 * peer sends as many as one message holds; undefined or nothing: silence. N3 only.
 *
 * @publicApi
 */
export abstract class GetMptDataHandler extends CommandHandler<'getmptdata', Iterable<Uint8Array> | undefined> {}
