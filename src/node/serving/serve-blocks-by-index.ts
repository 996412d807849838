import { Injectable } from '@nestjs/common';
import { GetBlockByIndexHandler } from '../../peer/behaviours/request-handlers.js';
import type { Peer } from '../../peer/peer.js';
import type { Block } from '../../wire/common/block.js';
import { dialectOf, type PayloadOf } from '../../wire/messages.js';
import { Chain } from '../chain.js';
import { rangeFrom } from './chain-range.js';

/**
 * Answers N3's `getblockbyindex` from a chain: one block after the other, up to the newest.
 *
 * @internal
 */
@Injectable()
export class ServeBlocksByIndex extends GetBlockByIndexHandler {
  constructor(private readonly chain: Chain) {
    super();
  }

  *handle(_peer: Peer, { dialect, indexStart, count }: PayloadOf<'getblockbyindex'>): Iterable<Block> {
    const most = dialectOf(dialect).limits.blocksPerRequest;
    const { first, end } = rangeFrom(this.chain, indexStart, most, count);
    for (let index = first; index < end; index++) yield this.chain.blockAt(index);
  }
}
