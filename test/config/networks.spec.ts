import { describe, expect, it } from '@jest/globals';
import { NETWORKS, networkOf } from '../../src/config/networks.js';
import { OptionsError } from '../../src/config/options.error.js';
import type { NetworkName } from '../../src/config/options.js';

describe('NETWORKS', () => {
  it.each([
    [
      'legacy-mainnet',
      7630401,
      10333,
      'd42561e3d30e15be6400b6df2f328e02d2bf6354c41dce433bc57687c82144bf',
      'seed1.ngd.network:10333',
    ],
    [
      'legacy-testnet',
      1953787457,
      20333,
      'b3181718ef6167105b70920e4a8fbbd0a0a56aacf460d70e10ba6fa1668f1fef',
      'seed10.ngd.network:20333',
    ],
    [
      'legacy-privnet',
      56753,
      20333,
      '996e37358dc369912041f966f8c5d8d3a8255ba5dcbd3447f8a82b55db869099',
      '127.0.0.1:20336',
    ],
  ] as const)('knows %s', (name, magic, port, genesis, seed) => {
    expect(NETWORKS[name]).toMatchObject({ name, dialect: 'legacy', magic, port, genesis: `0x${genesis}` });
    expect(NETWORKS[name].seeds).toContain(seed);
  });

  it('gives the local network the magic and genesis of the private one, and no seeds', () => {
    const { magic, genesis } = NETWORKS['legacy-privnet'];
    expect(NETWORKS['legacy-local']).toEqual({
      name: 'legacy-local',
      dialect: 'legacy',
      magic,
      port: 20333,
      seeds: [],
      genesis,
    });
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
  });

  it('gives a definition back', () => {
    const definition = { ...NETWORKS['legacy-mainnet'], name: 'mine', magic: 1 };
    expect(networkOf(definition)).toBe(definition);
  });

  it.each(['mainnet', '', 'toString', '__proto__'])('refuses the name %j and names those there are', (name) => {
    const asking = (): unknown => networkOf(name as NetworkName);
    expect(asking).toThrow(OptionsError);
    expect(asking).toThrow(
      expect.objectContaining({ path: 'network', value: name, allowed: expect.stringContaining('legacy-mainnet') }),
    );
  });
});
