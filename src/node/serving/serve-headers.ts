import { Injectable } from '@nestjs/common';
import { GetHeadersHandler } from '../../peer/behaviours/request-handlers.js';
import type { Peer } from '../../peer/peer.js';
import type { BlockHeader } from '../../wire/common/block-header.js';
import { dialectOf, type PayloadOf } from '../../wire/messages.js';
import { Chain } from '../chain.js';
import { rangeAfter, rangeFrom, type ChainRange } from './chain-range.js';

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

  handle(_peer: Peer, asked: PayloadOf<'getheaders'>): Iterable<BlockHeader> | undefined {
    const range = this.#rangeOf(asked);
    return range && this.#headers(range.first, range.end);
  }

  #rangeOf(asked: PayloadOf<'getheaders'>): ChainRange | undefined {
    const most = dialectOf(asked.dialect).limits.headersPerAnswer;
    if (asked.dialect === 'legacy') return rangeAfter(this.chain, asked.starts, asked.stop, most);
    return rangeFrom(this.chain, asked.indexStart, most, asked.count);
  }

  *#headers(first: number, end: number): Iterable<BlockHeader> {
    for (let index = first; index < end; index++) yield this.chain.headerAt(index);
  }
}
