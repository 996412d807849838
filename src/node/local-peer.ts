import type { INestApplicationContext, LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NetworkDefinition } from '../config/options.js';
import { formatAddress } from '../environment/address.js';
import type { Endpoint } from '../environment/connection.js';
import { ListenError } from '../environment/listen.error.js';
import { LocalConfig } from '../peer/behaviours/local-config.js';
import { PeerModule } from '../peer.module.js';
import { Chain } from './chain.js';
import { ChainHeight } from './serving/chain-height.js';
import { ServeBlockHashes } from './serving/serve-block-hashes.js';
import { ServeBlocksByIndex } from './serving/serve-blocks-by-index.js';
import { ServeBlocks } from './serving/serve-blocks.js';
import { ServeHeaders } from './serving/serve-headers.js';

/** Embedded peers are for this machine alone. */
export const LOCAL_HOST = '127.0.0.1';

/** What a {@link LocalPeer} is made of. */
export interface LocalPeerOptions {
  readonly network: NetworkDefinition;
  readonly chain: Chain;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly logger: LoggerService | false;
}

/**
 * One embedded peer: a Nest application of its own that serves a chain.
 *
 * @internal
 */
export class LocalPeer {
  private constructor(
    readonly address: Endpoint,
    /** Where it was wanted, if that port was taken. */
    readonly replaced: Endpoint | undefined,
    private readonly application: INestApplicationContext,
  ) {}

  /** Starts one; if its port can't be had, the system chooses another. */
  static async start(options: LocalPeerOptions): Promise<LocalPeer> {
    try {
      return await LocalPeer.#startAt(options, undefined);
    } catch (error) {
      if (!(error instanceof ListenError) || options.port === 0) throw error;
      return await LocalPeer.#startAt({ ...options, port: 0 }, { host: LOCAL_HOST, port: options.port });
    }
  }

  static async #startAt(
    { network, chain, port, logger }: LocalPeerOptions,
    replaced: Endpoint | undefined,
  ): Promise<LocalPeer> {
    const module = PeerModule.forRoot({
      network,
      listen: { host: LOCAL_HOST, port },
      archival: true, // the chain is served from its first block on
      persistence: { dataSource: false },
      behaviours: [ServeHeaders, ServeBlockHashes, ServeBlocks, ServeBlocksByIndex, ChainHeight],
      extraProviders: [{ provide: Chain, useValue: chain }],
    });
    const application = await NestFactory.createApplicationContext(module, { logger, abortOnError: false });
    return new LocalPeer({ host: LOCAL_HOST, port: application.get(LocalConfig).port }, replaced, application);
  }

  /** `host:port`. */
  get name(): string {
    return formatAddress(this.address);
  }

  close(): Promise<void> {
    return this.application.close();
  }
}
