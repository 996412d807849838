import { describe, expect, it } from '@jest/globals';
import { HeaderChain } from '../../src/cli/header-chain.js';
import { NetworkHeaderVerifier } from '../../src/peer/network-header-verifier.js';
import { knownGenesisBlock } from '../../src/node/genesis-blocks.js';
import type { BlockHeader } from '../../src/wire/common/block-header.js';
import { KITS } from '../support/dialect-kit.js';
import { withWrongSignature } from '../support/scripted-node.js';

async function appendAll(chain: HeaderChain, headers: Iterable<BlockHeader>): Promise<void> {
  for (const header of headers) await chain.append(header);
}

describe.each(KITS)('HeaderChain, $name', (kit) => {
  const verifier = new NetworkHeaderVerifier(kit.network);
  const genesis = (): BlockHeader => knownGenesisBlock(kit.name, kit.genesis)!.header;

  it('takes headers that follow one on the other, from the genesis block on', async () => {
    const chain = new HeaderChain(verifier, undefined);
    await appendAll(chain, [genesis(), ...kit.headers(5)]);
    expect(chain.trusted).toBeUndefined();
  });

  it('takes the first one on trust where nothing before it is known, and what follows on none', async () => {
    const chain = new HeaderChain(verifier, undefined);
    await appendAll(chain, kit.headers(5).slice(2));
    expect(chain.trusted?.index).toBe(3);
    await expect(chain.append(kit.headers(5)[3]!)).rejects.toMatchObject({ index: 4, rule: 'index' });
  });

  it.each([true, false])('refuses a header that does not follow, verified: %p', async (verified) => {
    const chain = new HeaderChain(verified ? verifier : undefined, genesis());
    await chain.append(kit.headers(1)[0]!);
    await expect(chain.append(kit.headers(3)[2]!)).rejects.toMatchObject({
      code: 'NEO_PEER_HEADER_VERIFICATION',
      index: 3,
      rule: 'index',
    });
  });

  it('refuses a header that nobody signed, unless that is not looked at', async () => {
    const { header } = withWrongSignature(kit, kit.blocks(1)[0]!);
    await expect(new HeaderChain(verifier, genesis()).append(header)).rejects.toMatchObject({ rule: 'signature' });
    const unverified = new HeaderChain(undefined, undefined);
    await unverified.append(header);
    expect(unverified.trusted).toBeUndefined();
  });

  it('refuses a genesis block of another network', async () => {
    const other = KITS.find(({ name }) => name === kit.name)!.network;
    const mainnet = new NetworkHeaderVerifier({ ...other, genesis: `0x${'ab'.repeat(32)}` });
    await expect(new HeaderChain(mainnet, undefined).append(genesis())).rejects.toMatchObject({ rule: 'genesis' });
  });
});
