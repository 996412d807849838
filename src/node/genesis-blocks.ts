import type { Block } from '../wire/common/block.js';
import type { DialectName } from '../wire/common/dialect-name.js';
import * as legacy from '../wire/legacy/genesis.js';
import * as n3 from '../wire/n3/genesis.js';
import type { UInt256 } from '../wire/primitives/uint256.js';

const BUILDERS: Readonly<Record<DialectName, () => Block>> = Object.freeze({
  legacy: () => legacy.genesisBlock(legacy.STANDBY_VALIDATORS.privnet),
  n3: () => n3.genesisBlock(n3.STANDBY_VALIDATORS.privnet),
});

/** The block that the recorded chain of a dialect begins after. */
export function genesisBlockOf(dialect: DialectName): Block {
  return BUILDERS[dialect]();
}

const KNOWN: Readonly<Record<DialectName, () => Iterable<Block>>> = Object.freeze({
  legacy: () => blocksOf(legacy.genesisBlock, legacy.STANDBY_VALIDATORS),
  n3: () => blocksOf(n3.genesisBlock, n3.STANDBY_VALIDATORS),
});

/** The genesis block of that hash, built; undefined if it isn't that of a network known by name. */
export function knownGenesisBlock(dialect: DialectName, hash: UInt256): Block | undefined {
  for (const block of KNOWN[dialect]()) if (block.hash.equals(hash)) return block;
  return undefined;
}

function* blocksOf(
  build: (validators: readonly string[]) => Block,
  validators: Readonly<Record<string, readonly string[]>>,
): Iterable<Block> {
  for (const keys of Object.values(validators)) yield build(keys);
}
