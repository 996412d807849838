import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { networkOf } from '../../src/config/networks.js';
import { OptionsError } from '../../src/config/options.error.js';
import type { NetworkDefinition } from '../../src/config/options.js';
import { LocalNetwork } from '../../src/node/local-network.js';

const NETWORKS = [networkOf('legacy-local'), networkOf('n3-local')];

let network: NetworkDefinition;

function start(remembered: readonly { host: string; port: number }[] = []): Promise<LocalNetwork> {
  return LocalNetwork.start({ network, remembered, logger: false });
}

describe.each(NETWORKS)('LocalNetwork of $name', (definition) => {
  beforeAll(() => {
    network = definition;
  });

  it('writes a seed file for the run and removes it', async () => {
    const local = await start();
    const seeds = local.peers.map(({ address }) => `127.0.0.1:${address.port}`);
    expect(JSON.parse(readFileSync(local.seedFile, 'utf8'))).toEqual({
      schema: 1,
      network: definition.name,
      magic: definition.magic,
      seeds,
    });
    await local.close();
    expect(existsSync(local.seedFile)).toBe(false);
  });

  it('comes back on the ports that are remembered, best first, and fills up where there are too few', async () => {
    const first = await start();
    const remembered = [
      { host: '10.0.0.1', port: 1 },
      { host: '127.0.0.1', port: 0 },
      first.peers[2]!.address,
      first.peers[0]!.address,
    ];
    await first.close();
    const second = await start(remembered);
    expect(second.peers.slice(0, 2).map(({ name }) => name)).toEqual([first.peers[2]!.name, first.peers[0]!.name]);
    expect(second.peers).toHaveLength(3);
    expect(second.peers.every(({ replaced }) => replaced === undefined)).toBe(true);
    await second.close();
  });

  it('lets two of them stand side by side', async () => {
    const first = await start();
    const second = await start(first.peers.map(({ address }) => address));
    expect(second.peers.map(({ replaced }) => replaced)).toEqual(first.peers.map(({ address }) => address));
    expect(new Set([...first.peers, ...second.peers].map(({ name }) => name)).size).toBe(6);
    await Promise.all([first.close(), second.close()]);
  });

  it('leaves nobody listening where the start fails', async () => {
    const first = await start();
    const remembered = first.peers.map(({ address }) => address);
    await first.close();
    const impossible = { host: '127.0.0.1', port: 70_000 };
    await expect(start([remembered[0]!, impossible, remembered[2]!])).rejects.toBeInstanceOf(OptionsError);
    const again = await start(remembered);
    expect(again.peers.map(({ replaced }) => replaced)).toEqual([undefined, undefined, undefined]);
    await again.close();
  });
});
