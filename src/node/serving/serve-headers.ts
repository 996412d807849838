import { Injectable } from '@nestjs/common';
import { GetHeadersHandler } from '../../peer/behaviours/request-handlers.js';
import type { Peer } from '../../peer/peer.js';
import type { BlockHeader } from '../../wire/common/block-header.js';
import { dialectOf, type PayloadOf } from '../../wire/messages.js';
import { Chain } from '../chain.js';
import { rangeAfter } from './chain-range.js';

/**
 * Answers `getheaders` from a chain.
 *
 * @internal
 */
@Injectable()
export class ServeHeaders extends GetHeadersHandler {
  constructor(private readonly chain: Chain) {
    super();
  }

  handle(peer: Peer, { starts, stop }: PayloadOf<'getheaders'>): Iterable<BlockHeader> | undefined {
    const range = rangeAfter(this.chain, starts, stop, dialectOf(peer.dialect).limits.headersPerAnswer);
    return range && this.#headers(range.first, range.end);
  }

  *#headers(first: number, end: number): Iterable<BlockHeader> {
    for (let index = first; index < end; index++) yield this.chain.headerAt(index);
  }
}
