import { fileURLToPath } from 'node:url';
import type { BlockHeader } from '../wire/common/block-header.js';
import type { Block } from '../wire/common/block.js';
import type { DialectName } from '../wire/common/dialect-name.js';
import type { UInt256 } from '../wire/primitives/uint256.js';
import { ChainFileError } from './chain-file.error.js';
import { ChainFile } from './chain-file.js';
import { Chain } from './chain.js';
import { genesisBlockOf } from './genesis-blocks.js';

/**
 * A genesis block and the blocks of a chain file that follow it.
 *
 * @internal
 */
export class RecordedChain extends Chain {
  readonly height: number;
  readonly #genesis: Block;
  readonly #file: ChainFile;

  /** @throws ChainFileError when the file doesn't begin with the block after `genesis` */
  constructor(genesis: Block, file: ChainFile, path: string) {
    super();
    this.#genesis = genesis;
    this.#file = file;
    this.height = file.length;
    if (file.length === 0) return;
    const { header } = file.at(0);
    if (header.index !== 1 || !header.prevHash.equals(genesis.hash)) {
      throw new ChainFileError(
        path,
        0,
        `its first block is ${header.index} after ${header.prevHash.toString()}, not 1 after ${genesis.hash.toString()}`,
      );
    }
  }

  /**
   * The chain that is shipped for the local network of a dialect.
   *
   * @throws ChainFileError
   */
  static async shipped(dialect: DialectName): Promise<RecordedChain> {
    const path = fileURLToPath(new URL(`./chains/${dialect}-local.chain`, import.meta.url));
    return new RecordedChain(genesisBlockOf(dialect), await ChainFile.open(path, dialect), path);
  }

  blockAt(index: number): Block {
    return index === 0 ? this.#genesis : this.#file.at(index - 1);
  }

  headerAt(index: number): BlockHeader {
    return this.blockAt(index).header;
  }

  hashAt(index: number): UInt256 {
    return index === 0 ? this.#genesis.hash : this.#file.hashes.at(index - 1);
  }

  indexOf(hash: UInt256): number | undefined {
    if (hash.equals(this.#genesis.hash)) return 0;
    const place = this.#file.placeOf(hash);
    return place === undefined ? undefined : place + 1;
  }
}
