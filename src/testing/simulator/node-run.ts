import type { INestApplicationContext, Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NetworkDefinition } from '../../config/options.js';
import { Clock } from '../../environment/clock.js';
import { RandomSource } from '../../environment/random-source.js';
import { Resolver } from '../../environment/resolver.js';
import { Transport } from '../../environment/transport.js';
import { PeerEvents } from '../../peer/events/peer-events.js';
import { PeerModule } from '../../peer.module.js';
import { PeerStore } from '../../persistence/peer-store.js';
import type { MemoryNetwork } from '../memory-network.js';
import { SeededRandom } from '../seeded-random.js';
import { derivedSeed } from './derived-seed.js';
import { NodeClock } from './node-clock.js';
import { NodeTransport } from './node-transport.js';
import type { SimulatedNode } from './simulated-node.js';
import type { SimulatedPeerOptions, SimulatorOptions } from './simulator-options.js';
import type { WorldEvents } from './world-events.js';

/** What the runs of a world share. */
export interface Surroundings {
  readonly seed: number;
  readonly definition: NetworkDefinition;
  readonly clock: Clock;
  readonly network: MemoryNetwork;
  readonly resolver: Resolver;
  readonly events: WorldEvents;
  readonly logger: NonNullable<SimulatorOptions['logger']>;
}

/** What dies with a run. */
interface OwnSurroundings {
  readonly clock: NodeClock;
  readonly transport: NodeTransport;
}

/** Under this token each application has what listens to its events, from before the start on. */
const WATCH = 'neo-peer:simulator-watch';

/**
 * One run of a node, from a start to a stop or a crash: an application whose surroundings are its own, so that they can end with
 * it.
 *
 * @internal
 */
export class NodeRun {
  readonly application: INestApplicationContext;
  readonly #own: OwnSurroundings;

  private constructor(application: INestApplicationContext, own: OwnSurroundings) {
    this.application = application;
    this.#own = own;
  }

  /** @throws what the start of an application throws */
  static async start(node: SimulatedNode, options: SimulatedPeerOptions, around: Surroundings): Promise<NodeRun> {
    const own: OwnSurroundings = {
      clock: new NodeClock(around.clock),
      transport: new NodeTransport(around.network.transport(node.host), () => node.dialled++),
    };
    node.starts++;
    const module = PeerModule.forRoot({
      ...options,
      pool: options.pool ?? {},
      listen: options.listen ?? node.address,
      network: around.definition,
      persistence: { ...options.persistence, dataSource: false },
      extraProviders: [...providersOf(node, own, around), ...(options.extraProviders ?? [])],
    });
    const { logger } = around;
    const application = await NestFactory.createApplicationContext(module, { logger, abortOnError: false });
    return new NodeRun(application, own);
  }

  /** Stops in good order. Needs time. */
  stop(): Promise<void> {
    return this.application.close();
  }

  /** It is as if the process were gone: nothing of it happens any more. What it had open is the network's affair. */
  die(): void {
    this.#own.clock.die();
    this.#own.transport.die();
  }
}

/** They stand behind the module's own, in whose place they come. */
function providersOf(node: SimulatedNode, { clock, transport }: OwnSurroundings, around: Surroundings): Provider[] {
  const { resolver, events, seed } = around;
  const random = new SeededRandom(derivedSeed(seed, `node ${node.index} start ${node.starts}`));
  return [
    { provide: Clock, useValue: clock },
    { provide: RandomSource, useValue: random },
    { provide: Resolver, useValue: resolver },
    { provide: Transport, useValue: transport },
    { provide: PeerStore, useValue: node.store },
    {
      provide: WATCH,
      useFactory: (own: PeerEvents) => events.hear(node, own),
      inject: [PeerEvents],
    },
  ];
}
