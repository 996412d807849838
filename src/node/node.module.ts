import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import type { NetworkDefinition } from '../config/options.js';
import type { PoolOptions } from '../config/pool-options.js';
import { PeerEvents } from '../peer/events/peer-events.js';
import { PeerModule } from '../peer.module.js';
import { AnnouncementFollower } from './announcement-follower.js';
import { PeerRoster } from './peer-roster.js';

/** What tells of a node. */
export interface NodeVoices {
  readonly events: PeerEvents;
  readonly follower: AnnouncementFollower;
}

/** What a {@link NodeModule} is made of. */
export interface NodeOptions {
  readonly network: NetworkDefinition;
  /** Path of its SQLite file. */
  readonly database: string;
  /** Read when the database knows nobody. Default: the one shipped for the network. */
  readonly seedFile?: string;
  /** TCP port to accept connections on. Default: none. */
  readonly listen?: number;
  /** How it finds and keeps peers, beside the defaults. */
  readonly pool: PoolOptions;
  /** Called before the node does anything, so that whoever listens misses nothing. Default: nobody listens */
  readonly listenTo?: (voices: NodeVoices) => void;
}

/**
 * A node: a peer of a network that finds others and keeps them, and keeps what it learns in a SQLite file.
 *
 * @internal
 */
@Module({})
export class NodeModule {
  static forRoot(options: NodeOptions): DynamicModule {
    const { network, database, seedFile, listen, pool } = options;
    const peerModule = PeerModule.forRoot({
      network,
      listen: listen === undefined ? false : { port: listen },
      persistence: { dataSource: { type: 'sqlite', database }, ...(seedFile === undefined ? {} : { seedFile }) },
      // Where nothing listens nobody can come, and the pool's status shall not tell of a hundred places.
      pool: listen === undefined ? { ...pool, maxInbound: 0 } : pool,
    });
    const providers = [PeerRoster, AnnouncementFollower];
    const listening = listeningProvider(options.listenTo ?? (() => undefined));
    return { module: NodeModule, imports: [peerModule], providers: [...providers, listening], exports: providers };
  }
}

/** Made with all other providers, which is before anything starts. */
function listeningProvider(listenTo: (voices: NodeVoices) => void): FactoryProvider<void> {
  return {
    provide: 'neo-peer:listening',
    useFactory: (events: PeerEvents, follower: AnnouncementFollower) => listenTo({ events, follower }),
    inject: [PeerEvents, AnnouncementFollower],
  };
}
