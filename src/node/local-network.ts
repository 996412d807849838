import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoggerService } from '@nestjs/common';
import type { NetworkDefinition } from '../config/options.js';
import type { PeerRecord } from '../persistence/peer-record.js';
import type { Chain } from './chain.js';
import { LOCAL_HOST, LocalPeer } from './local-peer.js';
import { RecordedChain } from './recorded-chain.js';

/** Enough that one may fail, and that blocks come from several at once. */
export const LOCAL_PEERS = 3;

/** What a {@link LocalNetwork} is made of. */
export interface LocalNetworkOptions {
  readonly network: NetworkDefinition;
  /** What the database knows of it, best first: the peers come back on those ports. */
  readonly remembered: readonly Pick<PeerRecord, 'host' | 'port'>[];
  readonly logger: LoggerService | false;
}

/**
 * A network inside this process: three peers on 127.0.0.1, each an application of its own, that serve the recorded chain.
 *
 * @internal
 */
export class LocalNetwork {
  private constructor(
    readonly chain: Chain,
    readonly peers: readonly LocalPeer[],
    /** A seed file with their addresses, written for this run. */
    readonly seedFile: string,
    private readonly folder: string,
  ) {}

  /** @throws ChainFileError, ListenError */
  static async start({ network, remembered, logger }: LocalNetworkOptions): Promise<LocalNetwork> {
    const chain = await RecordedChain.shipped(network.dialect);
    const ports = remembered.filter(({ host, port }) => host === LOCAL_HOST && port > 0).map(({ port }) => port);
    const starting = Array.from({ length: LOCAL_PEERS }, (_, i) =>
      LocalPeer.start({ network, chain, port: ports[i] ?? 0, logger }),
    );
    try {
      const peers = await Promise.all(starting);
      const folder = await mkdtemp(join(tmpdir(), 'neo-peer-'));
      const seedFile = join(folder, `${network.name}.json`);
      const seeds = peers.map(({ name }) => name);
      await writeFile(
        seedFile,
        JSON.stringify({ schema: 1, network: network.name, magic: network.magic, seeds }, undefined, 2),
      );
      return new LocalNetwork(chain, peers, seedFile, folder);
    } catch (error) {
      const started = (await Promise.allSettled(starting)).filter((peer) => peer.status === 'fulfilled');
      await Promise.all(started.map(({ value }) => value.close()));
      throw error;
    }
  }

  /** Closes the peers and removes the seed file. */
  async close(): Promise<void> {
    await Promise.all(this.peers.map((peer) => peer.close()));
    await rm(this.folder, { recursive: true, force: true });
  }
}
