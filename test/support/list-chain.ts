import { Chain } from '../../src/node/chain.js';
import type { BlockHeader } from '../../src/wire/common/block-header.js';
import type { Block } from '../../src/wire/common/block.js';
import type { Digest } from '../../src/wire/primitives/hashing.js';
import type { UInt256 } from '../../src/wire/primitives/uint256.js';

/** A chain of blocks in a list, the genesis block first. */
export class ListChain extends Chain {
  readonly height: number;
  readonly #blocks: readonly Block[];
  readonly #indexes: ReadonlyMap<Digest, number>;

  constructor(blocks: readonly Block[]) {
    super();
    this.height = blocks.length - 1;
    this.#blocks = blocks;
    this.#indexes = new Map(blocks.map(({ hash }, index) => [hash.key, index]));
  }

  blockAt(index: number): Block {
    return this.#blocks[index]!;
  }

  headerAt(index: number): BlockHeader {
    return this.blockAt(index).header;
  }

  hashAt(index: number): UInt256 {
    return this.blockAt(index).hash;
  }

  indexOf(hash: UInt256): number | undefined {
    return this.#indexes.get(hash.key);
  }
}
