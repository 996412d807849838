import type { Block } from '../wire/common/block.js';
import type { DialectName } from '../wire/common/dialect-name.js';
import { genesisBlock, STANDBY_VALIDATORS } from '../wire/legacy/genesis.js';

const BUILDERS: Readonly<Record<DialectName, () => Block>> = Object.freeze({
  legacy: () => genesisBlock(STANDBY_VALIDATORS.privnet),
});

/** The block that the recorded chain of a dialect begins after. */
export function genesisBlockOf(dialect: DialectName): Block {
  return BUILDERS[dialect]();
}
