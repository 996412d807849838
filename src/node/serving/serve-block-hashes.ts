import { Injectable } from '@nestjs/common';
import { GetBlocksHandler } from '../../peer/behaviours/request-handlers.js';
import type { Peer } from '../../peer/peer.js';
import { dialectOf, type PayloadOf } from '../../wire/messages.js';
import type { UInt256 } from '../../wire/primitives/uint256.js';
import { Chain } from '../chain.js';
import { rangeAfter, rangeFrom, type ChainRange } from './chain-range.js';

/**
 * Answers `getblocks` from a chain.
 *
 * @internal
 */
@Injectable()
export class ServeBlockHashes extends GetBlocksHandler {
  constructor(private readonly chain: Chain) {
    super();
  }

  handle(_peer: Peer, asked: PayloadOf<'getblocks'>): Iterable<UInt256> | undefined {
    const range = this.#rangeOf(asked);
    return range && this.#hashes(range.first, range.end);
  }

  #rangeOf(asked: PayloadOf<'getblocks'>): ChainRange | undefined {
    const most = dialectOf(asked.dialect).limits.blockHashesPerAnswer;
    if (asked.dialect === 'legacy') return rangeAfter(this.chain, asked.starts, asked.stop, most);
    const start = this.chain.indexOf(asked.hashStart);
    return start === undefined ? undefined : rangeFrom(this.chain, start + 1, most, asked.count);
  }

  *#hashes(first: number, end: number): Iterable<UInt256> {
    for (let index = first; index < end; index++) yield this.chain.hashAt(index);
  }
}
