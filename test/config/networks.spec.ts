import { describe, expect, it } from '@jest/globals';
import { NETWORKS, networkOf } from '../../src/config/networks.js';
import { OptionsError } from '../../src/config/options.error.js';
import type { NetworkName } from '../../src/config/options.js';
import { genesisBlockOf } from '../../src/node/genesis-blocks.js';
import type { Block } from '../../src/wire/common/block.js';
import * as legacy from '../../src/wire/legacy/genesis.js';
import * as n3 from '../../src/wire/n3/genesis.js';

type Row = readonly [name: NetworkName, magic: number, port: number, genesis: string, seeds: readonly string[]];

/** Genesis blocks in display order, without 0x. */
const LEGACY_FOUR = '996e37358dc369912041f966f8c5d8d3a8255ba5dcbd3447f8a82b55db869099';
const N3_FOUR = '0f8fb4e17d2ab9f3097af75ca7fd16064160fb8043db94909e00dd4e257b9dc4';

const ROWS: readonly Row[] = [
  [
    'legacy-mainnet',
    7630401,
    10333,
    'd42561e3d30e15be6400b6df2f328e02d2bf6354c41dce433bc57687c82144bf',
    [...hosts('seed*.ngd.network', 10), ...hosts('seed*.neo.org', 5), ...hosts('seed*.cityofzion.io', 5)],
  ],
  [
    'legacy-testnet',
    1953787457,
    20333,
    'b3181718ef6167105b70920e4a8fbbd0a0a56aacf460d70e10ba6fa1668f1fef',
    [...hosts('seed*.ngd.network', 10), ...hosts('seed*.neo.org', 5)],
  ],
  ['legacy-privnet', 56753, 20333, LEGACY_FOUR, ports('127.0.0.1')],
  ['legacy-local', 56753, 20333, LEGACY_FOUR, []],
  [
    'n3-mainnet',
    860833102,
    10333,
    '1f4d1defa46faa5e7b9b8d3f79a06bec777d7c26c4aa5f6f5899a291daa87c15',
    hosts('seed*.neo.org', 5),
  ],
  [
    'n3-testnet',
    894710606,
    20333,
    '9d3276785e7306daf59a3f3b9e31912c095598bbfb8a4476b821b0e59be4c57a',
    hosts('seed*t5.neo.org', 5),
  ],
  [
    'n3-neofs-mainnet',
    91414437,
    40333,
    '2eb8ae289c9b16ccbf4a24950b051127ad1d468b601d18f240281de13fc411e8',
    hosts('morph*.fs.neo.org', 7),
  ],
  [
    'n3-neofs-testnet',
    735783775,
    50333,
    '15cd52420ea5d293a838a31e4e604b80dfcc218d0ac9ae5b0c82f7829056562d',
    hosts('morph*.t5.fs.neo.org', 7),
  ],
  ['n3-privnet', 56753, 20333, N3_FOUR, ports('localhost')],
  ['n3-local', 42, 20333, N3_FOUR, []],
];

/** Four characters of ASCII as the magics of public networks are made from. */
const MAGIC_TEXTS = [
  ['n3-mainnet', 'NEO3'],
  ['n3-testnet', 'N3T5'],
] as const;

/** The genesis block of every network, built from its validators. */
const GENESIS_BLOCKS: Readonly<Record<NetworkName, () => Block>> = {
  'legacy-mainnet': () => legacy.genesisBlock(legacy.STANDBY_VALIDATORS.mainnet),
  'legacy-testnet': () => legacy.genesisBlock(legacy.STANDBY_VALIDATORS.testnet),
  'legacy-privnet': () => legacy.genesisBlock(legacy.STANDBY_VALIDATORS.privnet),
  'legacy-local': () => genesisBlockOf('legacy'),
  'n3-mainnet': () => n3.genesisBlock(n3.STANDBY_VALIDATORS.mainnet),
  'n3-testnet': () => n3.genesisBlock(n3.STANDBY_VALIDATORS.testnet),
  'n3-neofs-mainnet': () => n3.genesisBlock(n3.STANDBY_VALIDATORS.neofsMainnet),
  'n3-neofs-testnet': () => n3.genesisBlock(n3.STANDBY_VALIDATORS.neofsTestnet),
  'n3-privnet': () => n3.genesisBlock(n3.STANDBY_VALIDATORS.privnet),
  'n3-local': () => genesisBlockOf('n3'),
};

/** Host names with numbers from 1 on in the place of `*`; ports follow the network. */
function hosts(pattern: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => pattern.replace('*', String(i + 1)));
}

/** The four nodes of a private network on this machine. */
function ports(host: string): string[] {
  return [20333, 20334, 20335, 20336].map((port) => `${host}:${port}`);
}

describe('NETWORKS', () => {
  it('has these networks and no others', () => {
    expect(Object.keys(NETWORKS)).toEqual(ROWS.map(([name]) => name));
  });

  it.each(ROWS)('knows %s', (name, magic, port, genesis, seeds) => {
    expect(NETWORKS[name]).toEqual({
      name,
      dialect: name.startsWith('n3-') ? 'n3' : 'legacy',
      magic,
      port,
      genesis: `0x${genesis}`,
      seeds: seeds.map((seed) => (seed.includes(':') ? seed : `${seed}:${port}`)),
    });
  });

  it.each(ROWS.map(([name]) => name))('has the genesis hash that the validators of %s make', (name) => {
    expect(NETWORKS[name].genesis).toBe(GENESIS_BLOCKS[name]().hash.toString());
  });

  it.each(MAGIC_TEXTS)('spells the magic of %s as %s', (name, text) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(NETWORKS[name].magic);
    expect(bytes.toString('ascii')).toBe(text);
  });

  it('can not be changed', () => {
    for (const network of Object.values(NETWORKS)) {
      expect(Object.isFrozen(network)).toBe(true);
      expect(Object.isFrozen(network.seeds)).toBe(true);
    }
    expect(Object.isFrozen(NETWORKS)).toBe(true);
  });
});

describe('networkOf', () => {
  it('finds a network by its name', () => {
    expect(networkOf('legacy-testnet')).toBe(NETWORKS['legacy-testnet']);
    expect(networkOf('n3-testnet')).toBe(NETWORKS['n3-testnet']);
  });

  it('gives a definition back', () => {
    const definition = { ...NETWORKS['legacy-mainnet'], name: 'mine', magic: 1 };
    expect(networkOf(definition)).toBe(definition);
  });

  it.each(['mainnet', '', 'toString', '__proto__'])('refuses the name %j and names those there are', (name) => {
    const asking = (): unknown => networkOf(name as NetworkName);
    expect(asking).toThrow(OptionsError);
    for (const allowed of ['legacy-mainnet', 'n3-mainnet']) {
      expect(asking).toThrow(
        expect.objectContaining({ path: 'network', value: name, allowed: expect.stringContaining(allowed) }),
      );
    }
  });
});
