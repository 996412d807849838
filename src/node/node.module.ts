import { Module, type DynamicModule } from '@nestjs/common';
import type { NetworkDefinition } from '../config/options.js';
import { PeerModule } from '../peer.module.js';
import { AnnouncementFollower } from './announcement-follower.js';
import { PeerRoster } from './peer-roster.js';
import { Redialler } from './redialler.js';

/** What a {@link NodeModule} is made of. */
export interface NodeOptions {
  readonly network: NetworkDefinition;
  /** Path of its SQLite file. */
  readonly database: string;
  /** Read when the database knows nobody. Default: the one shipped for the network. */
  readonly seedFile?: string;
  /** TCP port to accept connections on. Default: none. */
  readonly listen?: number;
}

/**
 * A node: a peer of a network that dials others, and keeps what it learns in a SQLite file.
 *
 * @internal
 */
@Module({})
export class NodeModule {
  static forRoot({ network, database, seedFile, listen }: NodeOptions): DynamicModule {
    const peerModule = PeerModule.forRoot({
      network,
      listen: listen === undefined ? false : { port: listen },
      persistence: { dataSource: { type: 'sqlite', database }, ...(seedFile === undefined ? {} : { seedFile }) },
    });
    const providers = [Redialler, PeerRoster, AnnouncementFollower];
    return { module: NodeModule, imports: [peerModule], providers, exports: providers };
  }
}
