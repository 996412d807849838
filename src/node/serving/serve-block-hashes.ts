import { Injectable } from '@nestjs/common';
import { GetBlocksHandler } from '../../peer/behaviours/request-handlers.js';
import type { Peer } from '../../peer/peer.js';
import { dialectOf, type PayloadOf } from '../../wire/messages.js';
import type { UInt256 } from '../../wire/primitives/uint256.js';
import { Chain } from '../chain.js';
import { rangeAfter } from './chain-range.js';

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

  handle(peer: Peer, { starts, stop }: PayloadOf<'getblocks'>): Iterable<UInt256> | undefined {
    const range = rangeAfter(this.chain, starts, stop, dialectOf(peer.dialect).limits.blockHashesPerAnswer);
    return range && this.#hashes(range.first, range.end);
  }

  *#hashes(first: number, end: number): Iterable<UInt256> {
    for (let index = first; index < end; index++) yield this.chain.hashAt(index);
  }
}
