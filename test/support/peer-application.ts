import type { DynamicModule, Provider, Type } from '@nestjs/common';
import { Test, type TestingModule, type TestingModuleBuilder } from '@nestjs/testing';
import { NETWORKS } from '../../src/config/networks.js';
import type { PeerOptions } from '../../src/config/options.js';
import { Clock } from '../../src/environment/clock.js';
import { RandomSource } from '../../src/environment/random-source.js';
import { Resolver } from '../../src/environment/resolver.js';
import { Transport } from '../../src/environment/transport.js';
import { PeerEvents } from '../../src/peer/events/peer-events.js';
import { PeerFactory } from '../../src/peer/peer-factory.js';
import type { Peer } from '../../src/peer/peer.js';
import { MemoryNetwork, MemoryResolver, ScriptedPeer, SeededRandom, VirtualClock } from '../../src/testing/index.js';
import { RecordingLogger } from './recording-logger.js';

/** Options of a peer that keeps nothing on disk. */
export const MEMORY_OPTIONS = {
  network: 'legacy-privnet',
  persistence: { dataSource: false },
} as const satisfies PeerOptions;

/** Where the application's host is, and where scripted remotes are. */
export const OUR_HOST = '10.0.0.1';
export const REMOTE_HOST = '10.0.0.2';

/** What a {@link PeerApplication} is made of besides its modules. */
export interface PeerApplicationOptions {
  readonly providers?: Provider[];
  readonly controllers?: Type<unknown>[];
  readonly network?: MemoryNetwork;
  readonly host?: string;
  readonly override?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
}

/** An application with `PeerModule`s in a memory network with a virtual clock. */
export class PeerApplication {
  readonly clock = new VirtualClock();
  readonly logger = new RecordingLogger();
  #module: TestingModule | undefined;

  private constructor(readonly network: MemoryNetwork) {}

  /** Compiled and initialised: everything that starts has started. */
  static async start(
    modules: DynamicModule | DynamicModule[],
    options: PeerApplicationOptions = {},
  ): Promise<PeerApplication> {
    const application = await PeerApplication.compile(modules, options);
    await application.module.init();
    return application;
  }

  static async compile(
    modules: DynamicModule | DynamicModule[],
    options: PeerApplicationOptions = {},
  ): Promise<PeerApplication> {
    const application = new PeerApplication(options.network ?? new MemoryNetwork());
    const { providers = [], controllers = [], override = (builder) => builder } = options;
    const builder = Test.createTestingModule({ imports: [modules].flat(), providers, controllers })
      .setLogger(application.logger)
      .overrideProvider(Clock)
      .useValue(application.clock)
      .overrideProvider(Transport)
      .useValue(application.network.transport(options.host ?? OUR_HOST))
      .overrideProvider(Resolver)
      .useValue(new MemoryResolver())
      .overrideProvider(RandomSource)
      .useValue(new SeededRandom(1));
    application.#module = await override(builder).compile();
    return application;
  }

  get module(): TestingModule {
    return this.#module!;
  }

  close(): Promise<void> {
    return this.module.close();
  }

  /** A scripted remote that the application dialled, and the peer it is to the application. */
  async dialled(
    factory: PeerFactory = this.module.get(PeerFactory),
    magic = NETWORKS['legacy-privnet'].magic,
  ): Promise<{ peer: Peer; remote: ScriptedPeer }> {
    const transport = this.network.transport(REMOTE_HOST);
    const listener = await ScriptedPeer.listen(transport, { port: 0 }, { dialect: 'legacy', magic });
    const dialling = factory.dial(listener.address);
    const remote = await listener.accepted();
    await remote.handshake(7);
    const peer = await dialling;
    await listener.close();
    return { peer, remote };
  }

  /** A scripted remote that dialled the application, and the peer it is to it. */
  async accepted(
    port: number,
    events: PeerEvents = this.module.get(PeerEvents),
  ): Promise<{ peer: Peer; remote: ScriptedPeer }> {
    const ready = new Promise<Peer>((resolve) => {
      const off = events.on('ready', (peer) => {
        off();
        resolve(peer);
      });
    });
    const magic = NETWORKS['legacy-privnet'].magic;
    const remote = await ScriptedPeer.connect(
      this.network.transport(REMOTE_HOST),
      { host: OUR_HOST, port },
      { dialect: 'legacy', magic },
    );
    await remote.handshake(7);
    return { peer: await ready, remote };
  }
}
