import { Injectable } from '@nestjs/common';
import type { InventoryObject } from '../../peer/behaviours/inventory-object.js';
import { GetDataHandler } from '../../peer/behaviours/request-handlers.js';
import type { Peer } from '../../peer/peer.js';
import type { PayloadOf } from '../../wire/messages.js';
import type { HashList } from '../../wire/primitives/hash-list.js';
import { Chain } from '../chain.js';

/**
 * Answers `getdata` for blocks from a chain: those it has, each once, in the order they were asked for. It has nothing of
 * other kinds. What it lacks is for the peer to say, where the dialect has words for it.
 *
 * @internal
 */
@Injectable()
export class ServeBlocks extends GetDataHandler {
  constructor(private readonly chain: Chain) {
    super();
  }

  handle(_peer: Peer, { kind, hashes }: PayloadOf<'getdata'>): Iterable<InventoryObject> {
    return kind === 'block' ? this.#blocks(hashes) : [];
  }

  *#blocks(hashes: HashList): Iterable<InventoryObject> {
    const given = new Set<number>();
    for (const hash of hashes) {
      const index = this.chain.indexOf(hash);
      if (index === undefined || given.has(index)) continue;
      given.add(index);
      yield this.chain.blockAt(index);
    }
  }
}
