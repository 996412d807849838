import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Chain } from '../../src/node/chain.js';
import { LocalPeer } from '../../src/node/local-peer.js';
import { RecordedChain } from '../../src/node/recorded-chain.js';
import { PeerModule } from '../../src/peer.module.js';
import { PeerFactory } from '../../src/peer/peer-factory.js';
import type { Peer } from '../../src/peer/peer.js';
import type { PayloadOf } from '../../src/wire/messages.js';
import { UInt256 } from '../../src/wire/primitives/uint256.js';
import { KITS } from '../support/dialect-kit.js';

const UNKNOWN = UInt256.from('ab'.repeat(32));

describe.each(KITS)('LocalPeer on $name', (kit) => {
  const { network, name: dialect } = kit;
  let chain: Chain;
  let local: LocalPeer;
  let application: INestApplicationContext;
  let peer: Peer;

  beforeAll(async () => {
    chain = await RecordedChain.shipped(dialect);
    local = await LocalPeer.start({ network, chain, port: 0, logger: false });
    const module = PeerModule.forRoot({ network, persistence: { dataSource: false } });
    application = await NestFactory.createApplicationContext(module, { logger: false });
    peer = await application.get(PeerFactory).dial(local.address);
  });

  afterAll(async () => {
    await application.close();
    await local.close();
  });

  it('tells the height of its chain and where it listens', () => {
    expect(peer.height).toBe(chain.height);
    expect(peer.dialAddress).toEqual(local.address);
  });

  it('serves every header of the chain', async () => {
    let index = 0;
    for await (const header of peer.headers(kit.from(1))) {
      expect(header.hash.equals(chain.hashAt(++index))).toBe(true);
    }
    expect(index).toBe(chain.height);
  });

  it('serves the hashes of blocks', async () => {
    const hashes = await peer.requestBlockHashes(chain.hashAt(chain.height - 12));
    expect(hashes.length).toBe(12);
    expect(hashes.at(11).equals(chain.hashAt(chain.height))).toBe(true);
  });

  it('serves blocks by hash, the genesis block too', async () => {
    const hashes = [0, 7, chain.height].map((index) => chain.hashAt(index));
    const { found, missing } = await peer.requestBlocks(hashes);
    expect(found.map(({ index }) => index)).toEqual([0, 7, chain.height]);
    expect(missing).toEqual([]);
  });

  if (dialect === 'legacy') return;

  it('tells that its chain is there from the first block on', () => {
    const version = peer.version as PayloadOf<'version', 'n3'>;
    expect(version.capabilities).toEqual([
      { type: 0x10, name: 'FullNode', startHeight: chain.height },
      { type: 0x11, name: 'ArchivalNode' },
      { type: 0x01, name: 'TcpServer', port: local.address.port },
    ]);
  });

  it('says what it lacks, so that nobody has to wait for it', async () => {
    const blocks = await peer.requestBlocks([chain.hashAt(3), UNKNOWN]);
    expect(blocks.found.map(({ index }) => index)).toEqual([3]);
    expect(blocks.missing.map(String)).toEqual([String(UNKNOWN)]);
    const { hash } = chain.blockAt(1).transactions[0]!;
    const transactions = await peer.requestTransactions([hash]);
    expect(transactions.found).toEqual([]);
    expect(transactions.missing.map(String)).toEqual([String(hash)]);
  });

  it('serves blocks by height', async () => {
    const blocks = await peer.requestBlocksByIndex(41, 10);
    expect(blocks.map(({ index }) => index)).toEqual([41, 42, 43, 44, 45, 46, 47, 48, 49, 50]);
    for (const block of blocks) expect(block.hash.equals(chain.hashAt(block.index))).toBe(true);
  });
});
