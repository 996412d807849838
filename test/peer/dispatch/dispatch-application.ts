import { Module, type DynamicModule, type ModuleMetadata, type Provider, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test, type TestingModule, type TestingModuleBuilder } from '@nestjs/testing';
import { Clock } from '../../../src/environment/clock.js';
import { behaviourProviders } from '../../../src/peer/behaviours/behaviour-providers.js';
import type { Behaviour } from '../../../src/peer/behaviours/behaviour.js';
import { CommandDispatcher } from '../../../src/peer/dispatch/command-dispatcher.js';
import { dispatcherProvider } from '../../../src/peer/dispatch/dispatch.providers.js';
import { PeerModuleIdentity } from '../../../src/peer/module-identity.js';
import type { Peer } from '../../../src/peer/peer.js';
import { StatisticsRegistry } from '../../../src/peer/statistics/statistics-registry.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { dialectOf, type Command, type Message, type Outgoing, type PayloadOf } from '../../../src/wire/messages.js';
import { EmptyPayload, PingPayload } from '../../../src/wire/legacy/index.js';
import { RecordingLogger } from '../../support/recording-logger.js';

/** What a {@link DispatchApplication} is made of. */
export interface DispatchOptions {
  readonly behaviours?: readonly (Type<Behaviour> | Provider)[];
  readonly providers?: Provider[];
  /** Beside the behaviours. */
  readonly extraProviders?: Provider[];
  readonly controllers?: Type<unknown>[];
  readonly name?: string;
  readonly globalEnhancers?: boolean;
  /** Dispatchers of other names in the same application. */
  readonly imports?: ModuleMetadata['imports'];
  readonly before?: (application: TestingModule) => void;
  readonly override?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
}

@Module({})
class DispatchModule {}

/** A module with a dispatcher and all it needs, but no network. */
export function dispatchModule({
  behaviours = [],
  extraProviders = [],
  name,
  globalEnhancers = true,
}: DispatchOptions): DynamicModule {
  return {
    module: DispatchModule,
    imports: [DiscoveryModule],
    providers: [
      { provide: PeerModuleIdentity, useValue: new PeerModuleIdentity(name) },
      { provide: Clock, useFactory: () => new VirtualClock() },
      { provide: StatisticsRegistry, useFactory: (clock: Clock) => new StatisticsRegistry(clock), inject: [Clock] },
      dispatcherProvider(globalEnhancers),
      ...behaviourProviders(behaviours),
      ...extraProviders,
    ],
  };
}

/** An application whose handlers can be called without a network. */
export class DispatchApplication {
  private constructor(
    readonly module: TestingModule,
    readonly dispatcher: CommandDispatcher,
    readonly logger: RecordingLogger,
  ) {}

  static async create(options: DispatchOptions): Promise<DispatchApplication> {
    const { providers = [], controllers = [], imports = [], override = (builder) => builder } = options;
    const logger = new RecordingLogger();
    const own = dispatchModule(options);
    const metadata = { imports: [own, ...imports], providers, controllers };
    const module = await override(Test.createTestingModule(metadata).setLogger(logger)).compile();
    options.before?.(module);
    await module.init();
    const dispatcher = module.select(own).get(CommandDispatcher, { strict: true });
    dispatcher.build();
    return new DispatchApplication(module, dispatcher, logger);
  }

  get statistics(): StatisticsRegistry {
    return this.module.get(StatisticsRegistry);
  }

  get clock(): VirtualClock {
    return this.module.get(Clock);
  }
}

/** A message as it comes out of the decoder. */
export function received<C extends Command>(command: C, payload: PayloadOf<C>): Message<C> {
  return { dialect: payload.dialect, command, payload, size: 24 + payload.raw.length } as unknown as Message<C>;
}

/** Any message will do. */
export function pingMessage(nonce = 1): Message<'ping'> {
  return received('ping', PingPayload.from({ lastBlockIndex: 1, timestamp: 2, nonce }));
}

export function mempoolMessage(): Message<'mempool'> {
  return received('mempool', EmptyPayload.from());
}

/** What the remote gets to read. */
export function asReceived(message: Outgoing): Message {
  const dialect = dialectOf(message.dialect);
  const [read] = dialect.createFrameDecoder({ magic: 1 }).push(dialect.encode(message, 1));
  return read as Message;
}

export type { Peer };
