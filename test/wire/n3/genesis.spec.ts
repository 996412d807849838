import { describe, expect, it } from '@jest/globals';
import { NETWORKS } from '../../../src/config/networks.js';
import { genesisBlock, STANDBY_VALIDATORS } from '../../../src/wire/n3/genesis.js';
import { N3Block } from '../../../src/wire/n3/block.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { refusalOf } from '../../support/decode-failure.js';
import { bytes, loadN3Vectors, type N3Vector } from '../../support/vectors.js';

interface GenesisVector extends N3Vector<{ readonly header: { readonly hash: string } }> {
  readonly network: number;
  readonly validators: readonly string[];
}

const vectors = loadN3Vectors('genesis.json') as unknown as GenesisVector[];

/** By magic. */
const ours: Readonly<Record<number, keyof typeof STANDBY_VALIDATORS>> = {
  860833102: 'mainnet',
  894710606: 'testnet',
  91414437: 'neofsMainnet',
  735783775: 'neofsTestnet',
  42: 'privnet',
};

describe('genesisBlock of N3', () => {
  it.each(vectors)('builds the $name from its validators', ({ network, validators, hex, expected }) => {
    expect(STANDBY_VALIDATORS[ours[network]!]).toEqual(validators);
    const block = genesisBlock(validators);
    block.verify();
    expect(JSON.parse(JSON.stringify(block))).toEqual(expected);
    expect(Buffer.from(block.raw).toString('hex')).toBe(hex);
    expect(N3Block.decode(new ByteReader(bytes(hex), 'block')).hash.toString()).toBe(expected.header.hash);
  });

  it.each([
    ['mainnet', '0x1f4d1defa46faa5e7b9b8d3f79a06bec777d7c26c4aa5f6f5899a291daa87c15'],
    ['testnet', '0x9d3276785e7306daf59a3f3b9e31912c095598bbfb8a4476b821b0e59be4c57a'],
    ['neofsMainnet', '0x2eb8ae289c9b16ccbf4a24950b051127ad1d468b601d18f240281de13fc411e8'],
    ['neofsTestnet', '0x15cd52420ea5d293a838a31e4e604b80dfcc218d0ac9ae5b0c82f7829056562d'],
    ['privnet', '0x0f8fb4e17d2ab9f3097af75ca7fd16064160fb8043db94909e00dd4e257b9dc4'],
    ['privnetSingle', '0x625b01600e23640e605f4faafafa7490eb1daece2d0db4c4572905de56c278fe'],
  ] as const)('of %s has the known hash, whatever the order of the validators', (name, hash) => {
    expect(genesisBlock(STANDBY_VALIDATORS[name]).hash.toString()).toBe(hash);
    expect(genesisBlock(STANDBY_VALIDATORS[name].toReversed()).hash.toString()).toBe(hash);
  });

  it.each([
    ['n3-mainnet', 'mainnet'],
    ['n3-testnet', 'testnet'],
    ['n3-neofs-mainnet', 'neofsMainnet'],
    ['n3-neofs-testnet', 'neofsTestnet'],
    ['n3-privnet', 'privnet'],
    ['n3-local', 'privnet'],
  ] as const)('gives %s the hash that its preset names', (network, validators) => {
    expect(genesisBlock(STANDBY_VALIDATORS[validators]).hash.toString()).toBe(NETWORKS[network].genesis);
  });

  it('refuses validators that make no script', () => {
    const facts = { command: 'script', field: 'keys', offset: 0 } as const;
    expect(refusalOf(() => genesisBlock([]))).toEqual({ ...facts, problem: 'limit' });
    expect(refusalOf(() => genesisBlock(['not hex']))).toEqual({ ...facts, problem: 'value' });
  });
});
