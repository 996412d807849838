import type { FactoryProvider, InjectionToken, Provider } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import { SchedulerRegistry } from '@nestjs/schedule';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { ResolvedPeerOptions } from './config/resolved-options.js';
import { Clock } from './environment/clock.js';
import { environmentProviders } from './environment/environment.providers.js';
import { RandomSource } from './environment/random-source.js';
import { Resolver } from './environment/resolver.js';
import { Transport } from './environment/transport.js';
import { LocalConfig } from './peer/behaviours/local-config.js';
import { ListeningPort, ModuleLocalConfig } from './peer/behaviours/module-local-config.js';
import { ConnectedPeerFactory } from './peer/connection/connected-peer-factory.js';
import { ConnectionKeeper } from './peer/connection/connection-keeper.js';
import { ConnectionPolicy } from './peer/connection/connection-policy.js';
import { PeerRuntime } from './peer/connection/peer-runtime.js';
import { CommandDispatcher } from './peer/dispatch/command-dispatcher.js';
import { dispatcherProvider } from './peer/dispatch/dispatch.providers.js';
import { PeerEventBus } from './peer/events/peer-event-bus.js';
import { PeerEvents } from './peer/events/peer-events.js';
import { HeaderVerifier } from './peer/header-verifier.js';
import { PeerModuleIdentity } from './peer/module-identity.js';
import { NetworkHeaderVerifier } from './peer/network-header-verifier.js';
import { PeerFactory } from './peer/peer-factory.js';
import { PeerLifecycle, type PeerLifecycleParts } from './peer/peer-lifecycle.js';
import { PeerRecords } from './peer/records/peer-records.js';
import { RecordPersistence } from './peer/records/record-persistence.js';
import { MAX_RECORDS } from './peer/records/record-table.js';
import { SaveTask } from './peer/records/save-task.js';
import { SavedState } from './peer/records/saved-state.js';
import { PeerStatistics } from './peer/statistics/peer-statistics.js';
import { StatisticsRegistry } from './peer/statistics/statistics-registry.js';
import { getPeerToken } from './peer/tokens.js';
import { poolProviders } from './peer-module.pool-providers.js';
import { PEER_OPTIONS, persistenceOptionsProvider, PERSISTENCE_OPTIONS } from './peer-module.options-providers.js';
import { dataSourceName, dataSourceProvider } from './persistence/data-source.provider.js';
import { MemoryPeerStore } from './persistence/memory-peer-store.js';
import { PeerStore } from './persistence/peer-store.js';
import { PeerPool } from './pool/peer-pool.js';
import { TypeOrmPeerStore } from './persistence/typeorm-peer-store.js';

/** Rows beside those of the pool's address book: peers that came to us, most of which don't listen. */
const ROWS_BESIDE_BOOK = 10_000;

/** What every module gives away, as classes. */
const PUBLIC_TYPES = Object.freeze([
  PeerFactory,
  PeerPool,
  PeerEvents,
  PeerStatistics,
  PeerStore,
  LocalConfig,
  HeaderVerifier,
]);

/** The surroundings, each of which a test may replace. */
const SURROUNDINGS = Object.freeze([Clock, RandomSource, Resolver, Transport]);

/** The tokens that whoever imports the module may inject. */
export function exportedTokens(name: string | undefined): InjectionToken[] {
  return [
    ...PUBLIC_TYPES.map((type) => getPeerToken<unknown>(type, name)),
    getDataSourceToken(dataSourceName(name)) as InjectionToken,
    ...SURROUNDINGS,
  ];
}

/** Everything of a module but its options and behaviours. */
export function coreProviders(name: string | undefined, globalEnhancers: boolean): Provider[] {
  return [
    { provide: PeerModuleIdentity, useValue: new PeerModuleIdentity(name) },
    ...environmentProviders,
    persistenceOptionsProvider,
    ListeningPort,
    ...observationProviders(name),
    dispatcherProvider(globalEnhancers),
    localConfigProvider(name),
    headerVerifierProvider(name),
    ...persistenceProviders(name),
    ...connectionProviders(name),
    ...poolProviders(name),
    lifecycleProvider(name),
  ];
}

function observationProviders(name: string | undefined): Provider[] {
  return [
    { provide: PeerEventBus, useFactory: (clock: Clock) => new PeerEventBus(clock), inject: [Clock] },
    { provide: getPeerToken(PeerEvents, name), useExisting: PeerEventBus },
    { provide: StatisticsRegistry, useFactory: (clock: Clock) => new StatisticsRegistry(clock), inject: [Clock] },
    { provide: getPeerToken(PeerStatistics, name), useExisting: StatisticsRegistry },
  ];
}

function localConfigProvider(name: string | undefined): FactoryProvider<LocalConfig> {
  return {
    provide: getPeerToken(LocalConfig, name),
    useFactory: (options: ResolvedPeerOptions, listening: ListeningPort, random: RandomSource, module: ModuleRef) =>
      new ModuleLocalConfig(options, listening, random, module),
    inject: [PEER_OPTIONS, ListeningPort, RandomSource, ModuleRef],
  };
}

function headerVerifierProvider(name: string | undefined): FactoryProvider<HeaderVerifier> {
  return {
    provide: getPeerToken(HeaderVerifier, name),
    useFactory: ({ network }: LocalConfig) => new NetworkHeaderVerifier(network),
    inject: [getPeerToken(LocalConfig, name)],
  };
}

function persistenceProviders(name: string | undefined): Provider[] {
  return [
    dataSourceProvider(name, PERSISTENCE_OPTIONS),
    {
      provide: getPeerToken(PeerStore, name),
      useFactory: (dataSource: DataSource | undefined, clock: Clock, random: RandomSource) =>
        dataSource === undefined ? new MemoryPeerStore() : new TypeOrmPeerStore(dataSource, { clock, random }),
      inject: [getDataSourceToken(dataSourceName(name)) as InjectionToken, Clock, RandomSource],
    },
    {
      provide: PeerRecords,
      useFactory: ({ network, pool }: ResolvedPeerOptions, clock: Clock, events: PeerEventBus) =>
        new PeerRecords(network, clock, events, maximumRecords(pool)),
      inject: [PEER_OPTIONS, Clock, PeerEventBus],
    },
    {
      provide: RecordPersistence,
      useFactory: (
        { network, persistence: { seedFile, onStoreFailure } }: ResolvedPeerOptions,
        store: PeerStore,
        records: PeerRecords,
        statistics: StatisticsRegistry,
        events: PeerEventBus,
        state: SavedState | undefined,
      ) => new RecordPersistence({ store, records, statistics, events, network, seedFile, onStoreFailure, state }),
      inject: [PEER_OPTIONS, getPeerToken(PeerStore, name), PeerRecords, StatisticsRegistry, PeerEventBus, SavedState],
    },
    {
      provide: SaveTask,
      useFactory: (
        { persistence: { saveIntervalMs } }: ResolvedPeerOptions,
        persistence: RecordPersistence,
        registry: SchedulerRegistry,
        clock: Clock,
        random: RandomSource,
      ) => new SaveTask({ persistence, registry, clock, random, name, intervalMs: saveIntervalMs }),
      inject: [PEER_OPTIONS, RecordPersistence, SchedulerRegistry, Clock, RandomSource],
    },
  ];
}

function maximumRecords(pool: ResolvedPeerOptions['pool']): number {
  return pool === false ? MAX_RECORDS : pool.bookRows + ROWS_BESIDE_BOOK;
}

function connectionProviders(name: string | undefined): Provider[] {
  return [
    {
      provide: PeerRuntime,
      useFactory: (
        { timeouts, limits }: ResolvedPeerOptions,
        local: LocalConfig,
        clock: Clock,
        random: RandomSource,
        dispatcher: CommandDispatcher,
        statistics: StatisticsRegistry,
        events: PeerEventBus,
        policy: ConnectionPolicy,
      ) => new PeerRuntime({ clock, random, local, timeouts, limits, dispatcher, statistics, events, policy }),
      inject: [
        PEER_OPTIONS,
        getPeerToken(LocalConfig, name),
        Clock,
        RandomSource,
        CommandDispatcher,
        StatisticsRegistry,
        PeerEventBus,
        ConnectionPolicy,
      ],
    },
    {
      provide: ConnectedPeerFactory,
      useFactory: (runtime: PeerRuntime, transport: Transport, resolver: Resolver, records: PeerRecords) =>
        new ConnectedPeerFactory(runtime, transport, resolver, records),
      inject: [PeerRuntime, Transport, Resolver, PeerRecords],
    },
    { provide: getPeerToken(PeerFactory, name), useExisting: ConnectedPeerFactory },
  ];
}

function lifecycleProvider(name: string | undefined): FactoryProvider<PeerLifecycle> {
  const parts = {
    identity: PeerModuleIdentity,
    modules: ModulesContainer,
    options: PEER_OPTIONS,
    listening: ListeningPort,
    dispatcher: CommandDispatcher,
    factory: ConnectedPeerFactory,
    runtime: PeerRuntime,
    store: getPeerToken(PeerStore, name),
    persistence: RecordPersistence,
    records: PeerRecords,
    saveTask: SaveTask,
    keeper: ConnectionKeeper,
  } satisfies Record<keyof PeerLifecycleParts, InjectionToken>;
  const names = Object.keys(parts);
  return {
    provide: PeerLifecycle,
    useFactory: (...given: unknown[]) =>
      new PeerLifecycle(Object.fromEntries(names.map((part, i) => [part, given[i]])) as unknown as PeerLifecycleParts),
    inject: Object.values(parts),
  };
}
